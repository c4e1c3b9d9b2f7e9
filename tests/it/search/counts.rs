//! How much waits for whom. What each level reaches is compared with an oracle in `rules/levels.rs`.
use crate::contacts::member_with;
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

async fn counts(client: &Client, query: &str) -> Value {
    client.get(&format!("/v1/counts{query}")).await.expect(200).clone()
}

#[tokio::test]
async fn what_waits_is_counted_until_it_is_done() {
    let world = World::start().await;
    let owner = &world.owner;
    let grants = json!({"tasks.read": "team", "deals.read": "own", "contacts.read": "all"});
    let (finn, finn_id) = member_with(&world, "Finn", grants).await;
    let made = async |path: &str, body: Value| owner.post(path, body).await.text_of("id");
    let unread = async |client: &Client| client.get("/v1/notifications/unread").await.expect(200)["count"].clone();

    // The account's day ends at midnight of its zone: today counts, tomorrow and no day at all do not.
    let task = async |title: &str, due: Value, assignee: &str| {
        made("/v1/tasks", json!({"title": title, "due_on": due, "assignee": assignee})).await
    };
    let late = task("Late", json!("2026-11-19"), &finn_id).await;
    task("Today", json!("2026-11-20"), &world.owner_id).await;
    task("Tomorrow", json!("2026-11-21"), &world.owner_id).await;
    task("Some day", Value::Null, &world.owner_id).await;
    let shared =
        json!({"title": "Together", "due_on": "2026-11-20", "assignee": world.owner_id, "collaborators": [finn_id]});
    made("/v1/tasks", shared).await;
    assert_eq!(counts(owner, "").await["tasks"], 3);
    assert_eq!(counts(owner, "?mine=true").await["tasks"], 2);
    // Kinds that his role does not list are absent; he was told of two tasks.
    world.app.settle().await;
    let told = unread(&finn).await;
    assert!(told.as_i64() >= Some(2), "{told}");
    assert_eq!(counts(&finn, "").await, json!({"tasks": 2, "deals": 0, "notifications": told}));
    owner.post(&format!("/v1/tasks/{late}/completion"), json!({})).await.expect(200);
    assert_eq!(counts(&finn, "?mine=true").await["tasks"], 1);

    // A deal waits when its day has passed, or when it is quiet; not when it is closed.
    let deal =
        json!({"title": "Roof", "amount": 100, "currency": "EUR", "owner": finn_id, "expected_close": "2026-11-19"});
    let passed = made("/v1/deals", deal).await;
    let deal = json!({"title": "Mill", "amount": 100, "currency": "EUR", "owner": world.owner_id, "expected_close": "2026-11-20"});
    made("/v1/deals", deal).await;
    assert_eq!(
        (&counts(owner, "").await["deals"], &counts(owner, "?mine=true").await["deals"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(counts(&finn, "").await["deals"], 1);
    owner.post(&format!("/v1/deals/{passed}/outcome"), json!({"status": "lost", "reason": "Price"})).await.expect(200);
    assert_eq!(counts(owner, "").await["deals"], 0);

    // An answer that is kept aside waits until somebody decides about it.
    let draft = json!({"steps": [{"key": "s", "fields": [
        {"key": "what", "type": "text", "label": "What", "maps_to": "name"}]}]});
    let form = world.published(draft, json!({})).await;
    world.visitor(&form, 1).submit(1, json!({"what": "First"})).await.expect(201);
    let aside = world.visitor(&form, 2).risk(80).submit(1, json!({"what": "Second"})).await.text_of("submission");
    assert_eq!(counts(owner, "").await["submissions"], 1);
    owner.post(&format!("/v1/submissions/{aside}/release"), json!({})).await.expect(200);
    assert_eq!(counts(owner, "").await["submissions"], 0);

    // Another account hears of none of it.
    let stranger = world.stranger().await;
    let told = unread(&stranger).await;
    assert_eq!(counts(&stranger, "").await, json!({"tasks": 0, "deals": 0, "submissions": 0, "notifications": told}));
    world.app.settle().await;
    world.app.advance(TimeDelta::days(8));
    let (owner, _) = crate::forms::sign_in(&world.app, "northlight@example.com").await;
    // Eight days later the other deal is quiet as well, and every task with a day is late.
    assert_eq!(counts(&owner, "?mine=true").await["deals"], 1);
    assert_eq!(counts(&owner, "").await["tasks"], 3);
}
