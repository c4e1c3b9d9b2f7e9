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

#[tokio::test]
async fn many_are_erased_a_part_at_a_time_and_each_once() {
    const JOBS: &str = "select count(*) from ops.jobs where kind = 'EraseQuietContacts'";
    let world = World::start().await;
    let mut ids = vec![];
    for n in 0..54 {
        ids.push(id_of(&world.owner, json!({"first_name": format!("Quiet {n}")})).await);
    }
    // The quietest of all: every round meets it first.
    let held = format!("/v1/contacts/{}", ids[0]);
    world.owner.put(&format!("{held}/legal-hold"), json!({"reason": "Lawsuit"})).await.expect(204);
    world.app.settle().await;
    world.app.advance(TimeDelta::days(100));
    world.app.settle().await;
    let client = owner(&world).await;
    let preview = client.get("/v1/retention/preview?contact_days=90").await;
    assert_eq!(preview.expect(200), &json!({"contacts": 53, "is_more": false}));
    client.put("/v1/retention", json!({"contact_days": 90})).await.expect(200);
    // The same step twice, as when a worker dies before it says that it has done it.
    let database = world.app.db.superuser().await;
    let again = "insert into ops.jobs (id, tenant, kind, payload, run_at, max_attempts, created_at) \
        select gen_random_uuid(), tenant, kind, payload, run_at, max_attempts, created_at from ops.jobs where kind = 'EraseQuietContacts'";
    assert_eq!(database.execute(again, &[]).await.unwrap(), 1);
    let asked = async || {
        let requests = owner(&world).await.get("/v1/data-requests?limit=200").await.expect(200)["items"].clone();
        let of = |request: &Value| request["contact"].as_str().expect("a contact").to_owned();
        requests.as_array().expect("requests").iter().map(of).collect::<Vec<String>>()
    };
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    assert_eq!(asked().await.len(), 50);
    // A minute later the round goes on where it was, and waits for the next day as one job.
    world.app.advance(TimeDelta::minutes(1));
    world.app.settle().await;
    let mut all = asked().await;
    all.sort_unstable();
    ids.remove(0);
    ids.sort_unstable();
    assert_eq!(all, ids);
    assert_eq!(database.query_one(JOBS, &[]).await.unwrap().get::<_, i64>(0), 1);
    owner(&world).await.get(&held).await.expect(200);
}
