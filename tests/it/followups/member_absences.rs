//! Who is away gets what follows up when he is back, or somebody else gets it at once.
use super::{call, follow_ups, only_rule, owner, waiting};
use crate::{
    contacts::{id_of, member_with},
    forms::World,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

/// Names of whoever has each task, by its title.
async fn assignees(client: &Client) -> Vec<(String, Value)> {
    let page = client.get("/v1/tasks?sort=created_at&limit=200").await;
    let items = page.expect(200)["items"].as_array().expect("tasks").clone();
    items.iter().map(|task| (task["title"].as_str().unwrap().to_owned(), task["assignee"].clone())).collect()
}

#[tokio::test]
async fn what_comes_while_he_is_away_waits_or_goes_to_whoever_stands_in() {
    let world = World::start().await;
    only_rule(&world.owner, json!({"wait_days": 1, "task_title": "Ring {name}"})).await;
    let (ben, ben_id) = member_with(&world, "Ben", json!({"followups.*": "own"})).await;
    let bob = id_of(&world.owner, json!({"first_name": "Bob", "owner": ben_id})).await;
    call(&world.owner, &bob).await;
    assert_eq!(waiting(&world.owner).await[0]["fire_at"], "2026-11-23T09:00:00+00:00");

    let away = |more: Value| {
        let mut body = json!({"member": ben_id, "from": "2026-11-23", "until": "2026-11-27"});
        for (key, value) in more.as_object().expect("fields") {
            body[key] = value.clone();
        }
        body
    };
    let refused = async |more: Value, code: &str| {
        assert_eq!(ben.post("/v1/member-absences", away(more)).await.expect(422)["errors"][0]["code"], code);
    };
    refused(json!({"until": "2026-11-22"}), "date_order").await;
    refused(json!({"stand_in": ben_id}), "stand_in_self").await;
    refused(json!({"stand_in": "usr_00000000000000000000000000"}), "member_unknown").await;
    ben.post("/v1/member-absences", away(json!({"member": world.owner_id}))).await.problem(403, "level_all_needed");
    let first = ben.post("/v1/member-absences", away(json!({}))).await.text_of("id");
    ben.post("/v1/member-absences", away(json!({"from": "2026-11-27"}))).await.problem(409, "absence_known");
    let path = format!("/v1/member-absences/{first}");
    world.stranger().await.delete(&path).await.expect(404);

    // What is planned already says so; what is planned now comes when he is back.
    let seen = waiting(&world.owner).await[0].clone();
    assert_eq!((&seen["away_until"], &seen["stand_in"]), (&json!("2026-11-27"), &Value::Null));
    let cyd = id_of(&world.owner, json!({"first_name": "Cyd", "owner": ben_id})).await;
    call(&world.owner, &cyd).await;
    assert_eq!(waiting(&world.owner).await[1]["fire_at"], "2026-11-30T09:00:00+00:00");
    world.app.advance(TimeDelta::hours(70));
    tokio::join!(world.app.settle(), world.app.settle());
    let client = owner(&world).await;
    let moved = waiting(&client).await;
    assert!(moved.iter().all(|one| one["fire_at"] == "2026-11-30T09:00:00+00:00"), "{moved:?}");
    assert!(moved.iter().all(|one| one["away_until"].is_null()), "he is back then");
    let postponed = "select count(*) from events where kind = 'follow_up.postponed'";
    assert_eq!((assignees(&client).await.len(), world.count(postponed).await), (0, 1));

    // Somebody stands in, who is away himself at first.
    client.delete(&path).await.expect(204);
    let stands_in = json!({"from": "2026-11-30", "until": "2026-12-04", "stand_in": world.owner_id});
    client.post("/v1/member-absences", away(stands_in)).await.expect(201);
    assert_eq!(waiting(&client).await[0]["stand_in"], json!(world.owner_id));
    let both = json!({"member": world.owner_id, "from": "2026-11-30", "until": "2026-11-30"});
    let his = client.post("/v1/member-absences", away(both)).await.text_of("id");
    world.app.advance(TimeDelta::days(7));
    world.app.settle().await;
    let client = owner(&world).await;
    let moved = waiting(&client).await;
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|one| one["fire_at"] == "2026-12-07T09:00:00+00:00"), "nobody is there: {moved:?}");
    client.delete(&format!("/v1/member-absences/{his}")).await.expect(204);
    let dan = id_of(&client, json!({"first_name": "Dan", "owner": ben_id})).await;
    call(&client, &dan).await;
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    let client = owner(&world).await;
    assert_eq!(assignees(&client).await, [("Ring Dan".to_owned(), json!(world.owner_id))], "handed over");
    let fired =
        "select count(*) from events where kind = 'follow_up.fired' and payload ->> 'stands_in_for' is not null";
    assert_eq!(world.count(fired).await, 1);
    world.app.advance(TimeDelta::days(7));
    world.app.settle().await;
    let mut left = assignees(&owner(&world).await).await;
    left.sort_by(|a, b| a.0.cmp(&b.0));
    let his = |name: &str| (format!("Ring {name}"), json!(ben_id));
    assert_eq!(left[..2], [his("Bob"), his("Cyd")], "he is back");
}

#[tokio::test]
async fn an_absence_that_is_said_while_follow_ups_come_loses_and_doubles_none() {
    let world = World::start().await;
    only_rule(&world.owner, json!({"wait_days": 1})).await;
    let (_, ben_id) = member_with(&world, "Ben", json!({"followups.*": "own"})).await;
    for i in 0..20 {
        let id = id_of(&world.owner, json!({"first_name": format!("P{i}"), "owner": ben_id})).await;
        call(&world.owner, &id).await;
    }
    world.app.advance(TimeDelta::hours(70));
    let client = owner(&world).await;
    let away = json!({"member": ben_id, "from": "2026-11-23", "until": "2026-11-27"});
    let said = async { client.post("/v1/member-absences", away).await.expect(201).clone() };
    tokio::join!(world.app.settle(), said, world.app.settle());
    let fired = follow_ups(&client, "status:eq:fired&limit=200").await.len();
    let waits = follow_ups(&client, "status:eq:waiting&limit=200").await;
    assert_eq!(fired + waits.len(), 20, "each came or waits");
    assert!(waits.iter().all(|one| one["fire_at"] == "2026-11-30T09:00:00+00:00"), "{waits:?}");
    let tasks = "select count(*) from tasks";
    assert_eq!(world.count(tasks).await, fired as i64);
    world.app.advance(TimeDelta::days(8));
    tokio::join!(world.app.settle(), world.app.settle());
    assert_eq!(world.count(tasks).await, 20, "a task for each");
    let twice = "select count(*) from events where kind = 'follow_up.fired' group by subject_id having count(*) > 1";
    assert_eq!(world.count(twice).await, 0);
}
