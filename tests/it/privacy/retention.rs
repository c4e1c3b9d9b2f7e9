//! Contacts with whom nothing happens any more.
use crate::{
    contacts::{id_of, member_with},
    forms::{World, sign_in},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

async fn owner(world: &World) -> Client {
    sign_in(&world.app, "northlight@example.com").await.0
}

#[tokio::test]
async fn who_was_quiet_for_long_is_erased_and_nobody_else() {
    let world = World::start().await;
    let first = world.owner.get("/v1/retention").await;
    assert_eq!((&first.expect(200)["contact_days"], &first.body["version"]), (&Value::Null, &json!(0)));
    let (part, _) = member_with(&world, "Sam", json!({"privacy.requests.write": "own", "contacts.read": "all"})).await;
    part.put("/v1/retention", json!({"contact_days": 90})).await.problem(403, "level_all_needed");
    let contact = async |name: &str| id_of(&world.owner, json!({"first_name": name})).await;
    let (quiet, held, busy, fresh) =
        (contact("Quiet").await, contact("Held").await, contact("Busy").await, contact("Fresh").await);
    let path = |id: &str| format!("/v1/contacts/{id}");
    world.owner.put(&format!("{}/legal-hold", path(&held)), json!({"reason": "Lawsuit"})).await.expect(204);
    world.owner.post("/v1/tasks", json!({"title": "Ring", "contact": busy})).await.expect(201);
    world.app.settle().await;
    world.app.advance(TimeDelta::days(50));
    owner(&world).await.patch(&path(&fresh), json!({"job_title": "Smith"})).await.expect(200);
    world.app.advance(TimeDelta::days(50));
    world.app.settle().await;

    let client = owner(&world).await;
    let counted = async |days: i32| {
        client.get(&format!("/v1/retention/preview?contact_days={days}")).await.expect(200)["contacts"].clone()
    };
    assert_eq!((counted(90).await, counted(200).await), (json!(1), json!(0)));
    let rule = json!({"contact_days": 90});
    assert_eq!(client.put("/v1/retention", rule.clone()).await.expect(200)["version"], 1);
    client.with("if-match", first.etag()).put("/v1/retention", json!({})).await.problem(412, "stale");
    // A day is left to take it back.
    tokio::join!(world.app.settle(), world.app.settle());
    client.get(&path(&quiet)).await.expect(200);
    world.app.advance(TimeDelta::days(1));
    tokio::join!(world.app.settle(), world.app.settle());
    world.app.settle().await;
    let client = owner(&world).await;
    client.get(&path(&quiet)).await.problem(404, "not_found");
    for id in [&held, &busy, &fresh] {
        client.get(&path(id)).await.expect(200);
    }
    let requests = client.get("/v1/data-requests").await.expect(200)["items"].clone();
    assert_eq!(requests.as_array().map(Vec::len), Some(1), "{requests}");
    assert_eq!((&requests[0]["state"], requests[0]["proof_hash"].is_string()), (&json!("done"), true));

    // Taken back, nobody else is erased; said again, whoever has become quiet is.
    client.put("/v1/retention", json!({})).await.expect(200);
    world.app.advance(TimeDelta::days(60));
    world.app.settle().await;
    let client = owner(&world).await;
    client.get(&path(&fresh)).await.expect(200);
    client.put("/v1/retention", rule).await.expect(200);
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    let client = owner(&world).await;
    client.get(&path(&fresh)).await.problem(404, "not_found");
    for id in [&held, &busy] {
        client.get(&path(id)).await.expect(200);
    }
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "retention.updated").count(), 3);
}
