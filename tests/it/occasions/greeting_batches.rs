//! What waits for a person goes out when he agrees, and only as he saw it.
use super::{birthday, greeting, owner, person, sends};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn batches(world: &World) -> Vec<Value> {
    owner(world).await.get("/v1/greeting-batches?sort=day").await.expect(200)["items"]
        .as_array()
        .expect("items")
        .clone()
}

fn path(batch: &Value, what: &str) -> String {
    format!("/v1/greeting-batches/{}/{what}", batch["id"].as_str().expect("an id"))
}

#[tokio::test]
async fn nothing_goes_out_before_somebody_agrees() {
    let world = World::start().await;
    let id = greeting(&world, json!({"approval": "each"})).await;
    for (name, day) in [("Ada", 21), ("Bob", 22), ("Cyd", 23)] {
        let id = person(&world, name, json!({})).await;
        birthday(&world, &id, 11, day, None).await;
    }
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    let waiting = batches(&world).await;
    let days: Vec<&Value> = waiting.iter().map(|batch| &batch["day"]).collect();
    assert_eq!(days, ["2026-11-21", "2026-11-22", "2026-11-23"], "three days before");
    assert!(waiting.iter().all(|batch| batch["state"] == "waiting"));
    assert_eq!(world.count("select count(*) from notifications where kind = 'greeting.waiting'").await, 3);
    // Approved before nine: at nine. Approved at noon: at once. Not decided: never.
    let approved = owner(&world).await.post(&path(&waiting[0], "approval"), json!({})).await;
    assert_eq!(
        (&approved.expect(200)["state"], &approved.body["decided_by"]),
        (&json!("approved"), &json!(world.owner_id))
    );
    world.app.settle().await;
    assert!(sends(&world).await.is_empty());
    world.app.advance(TimeDelta::hours(48));
    world.app.settle().await;
    assert!(sends(&world).await.is_empty(), "the 21st is over, the 22nd has not been decided");
    owner(&world).await.post(&path(&waiting[1], "approval"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(sends(&world).await.len(), 1, "at once");
    assert_eq!(batches(&world).await[1]["sent"], 1);
    owner(&world).await.post(&path(&waiting[2], "rejection"), json!({})).await.expect(200);
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    assert_eq!(sends(&world).await.len(), 1);
    owner(&world).await.patch(&format!("/v1/greetings/{id}"), json!({"approval": "automatic"})).await.expect(200);
    world.app.advance(TimeDelta::days(3));
    world.app.settle().await;
    owner(&world).await.post(&path(&waiting[2], "approval"), json!({})).await.problem(409, "batch_over");
    // What became of many is counted up to ten thousand.
    let fill = |many: i32, state: &str, reason: &str| {
        format!(
            "with people as (insert into contacts (id, display_name, name_key, search, created_at, updated_at)
               select gen_random_uuid(), 'P', 'p', 'p', now(), now() from generate_series(1, {many}) returning id)
             insert into greeting_sends (id, greeting_id, contact_id, day, state, reason, exclusive, created_at)
             select gen_random_uuid(), b.greeting_id, p.id, b.day, '{state}', {reason}, true, now()
             from people p, greeting_batches b where b.day = '2026-11-22'"
        )
    };
    world.tenant_query(&fill(10_005, "sent", "null")).await;
    world.tenant_query(&fill(7, "skipped", "'no_email'")).await;
    let of_many = batches(&world).await[1].clone();
    assert_eq!((&of_many["sent"], &of_many["skipped"]), (&json!(10_000), &json!(7)));
}

#[tokio::test]
async fn what_is_approved_is_what_was_read() {
    let world = World::start().await;
    let id = greeting(&world, json!({"approval": "each"})).await;
    let ada = person(&world, "Ada", json!({})).await;
    birthday(&world, &ada, 11, 21, None).await;
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    let batch = batches(&world).await.remove(0);
    let stale = owner(&world).await.with("If-Match", "\"9\"");
    stale.post(&path(&batch, "approval"), json!({})).await.expect(412);
    owner(&world).await.post(&path(&batch, "approval"), json!({})).await.expect(200);
    let greeting = format!("/v1/greetings/{id}");
    owner(&world).await.patch(&greeting, json!({"name": "Other"})).await.expect(200);
    assert_eq!(batches(&world).await[0]["state"], "approved", "a name is not read by anybody");
    owner(&world).await.patch(&greeting, json!({"subject": "Buy now"})).await.expect(200);
    assert_eq!(batches(&world).await[0]["state"], "waiting");
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    assert!(sends(&world).await.is_empty());
    world.app.advance(TimeDelta::days(3));
    world.app.settle().await;
    assert_eq!(batches(&world).await[0]["state"], "expired");
    assert!(world.events().await.iter().any(|kind| kind == "greeting_batch.expired"));
    let role = json!({"key": "reader", "name": "Reader", "grants": {"occasions.greetings.read": "all"}});
    owner(&world).await.post("/v1/roles", role).await.expect(201);
    let (sam, _) = world.member("reader", "Sam").await;
    sam.post(&path(&batch, "approval"), json!({})).await.expect(403);
    sam.get(&format!("/v1/greeting-batches/{}", batch["id"].as_str().expect("an id"))).await.expect(200);
}

#[tokio::test]
async fn of_two_who_decide_at_once_the_last_one_counts_and_nothing_goes_out_after_a_no() {
    let world = World::start().await;
    greeting(&world, json!({"approval": "each"})).await;
    for i in 0..20 {
        let id = person(&world, &format!("P{i}"), json!({})).await;
        birthday(&world, &id, 11, 21, None).await;
    }
    world.app.advance(TimeDelta::hours(21));
    world.app.settle().await;
    let batch = batches(&world).await.remove(0);
    let owner = owner(&world).await;
    let (yes, no) = (path(&batch, "approval"), path(&batch, "rejection"));
    tokio::join!(
        async { owner.post(&yes, json!({})).await.expect(200).clone() },
        world.app.settle(),
        async { owner.post(&no, json!({})).await.expect(200).clone() },
        world.app.settle(),
    );
    owner.post(&no, json!({})).await.expect(200);
    let then = sends(&world).await.len();
    world.app.advance(TimeDelta::minutes(15));
    tokio::join!(world.app.settle(), world.app.settle());
    assert_eq!(sends(&world).await.len(), then, "nothing after the no");
    super::owner(&world).await.post(&yes, json!({})).await.expect(200);
    tokio::join!(world.app.settle(), world.app.settle());
    assert_eq!(sends(&world).await.len(), 20);
}

#[tokio::test]
async fn what_was_approved_for_a_segment_waits_again_when_it_asks_for_others() {
    let world = World::start().await;
    let client = owner(&world).await;
    let named = |first: &str| crate::segments::field("name", "starts_with", json!([first]));
    let segment = crate::segments::dynamic(&client, "Some", named("P")).await;
    for i in 0..20 {
        let id = person(&world, &format!("{}{i}", if i < 10 { "P" } else { "Q" }), json!({})).await;
        birthday(&world, &id, 11, 21, None).await;
    }
    greeting(&world, json!({"approval": "each", "segments": [segment]})).await;
    world.app.settle().await;
    world.app.advance(TimeDelta::hours(21));
    world.app.settle().await;
    let client = owner(&world).await;
    let batch = batches(&world).await.remove(0);
    let (approval, path) = (path(&batch, "approval"), format!("/v1/segments/{segment}"));
    let others = json!({"definition": named("Q")});
    tokio::join!(
        async { client.post(&approval, json!({})).await.expect(200).clone() },
        async { client.patch(&path, others).await.expect(200).clone() },
        world.app.settle(),
    );
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    let client = owner(&world).await;
    // Whoever came first: nobody is greeted for whom nobody agreed.
    let greeted = |all: Vec<(String, String, String)>| all.into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    let first = greeted(sends(&world).await);
    let waits = batches(&world).await[0]["state"] == "waiting";
    assert!(first.iter().all(|name| name.starts_with(if waits { "P" } else { "Q" })), "{waits} {first:?}");
    client.patch(&path, json!({"name": "Others"})).await.expect(200);
    let state = batches(&world).await[0]["state"].clone();
    assert_eq!(state == "waiting", waits, "a name is no other audience");
    client.post(&approval, json!({})).await.expect(200);
    world.app.settle().await;
    let then = greeted(sends(&world).await);
    assert_eq!(then.iter().filter(|name| name.starts_with('Q')).count(), 10);
    // In order: approved, then asked for others.
    client.patch(&path, json!({"definition": named("P")})).await.expect(200);
    assert_eq!(batches(&world).await[0]["state"], "waiting");
    world.app.settle().await;
    assert_eq!(sends(&world).await.len(), then.len());
}

#[tokio::test]
async fn what_was_prepared_for_a_stage_that_is_taken_away_is_not_lost() {
    let world = World::start().await;
    let stage = async |key: &str| {
        let all = owner(&world).await.get("/v1/contact-stages").await.expect(200)["items"].clone();
        let found = all.as_array().expect("items").iter().find(|stage| stage["key"] == key).expect("a stage");
        found["id"].as_str().expect("an id").to_owned()
    };
    for (name, approval, kind, day) in
        [("By itself", "automatic", "birthday", 21), ("When agreed", "each", "anniversary", 22)]
    {
        let how = json!({"name": name, "approval": approval, "kinds": [kind], "stages": ["proposal"]});
        greeting(&world, how).await;
        let who = person(&world, &format!("P{day}"), json!({"stage": "proposal"})).await;
        let date = json!({"contact": who, "kind": kind, "date_kind": "yearly", "month": 11, "day": day});
        owner(&world).await.post("/v1/occasions", date).await.expect(201);
    }
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    let of = async |name: &str| {
        batches(&world).await.into_iter().find(|batch| batch["greeting_name"] == name).expect("a batch")
    };
    let agreed = path(&of("When agreed").await, "approval");
    owner(&world).await.post(&agreed, json!({})).await.expect(200);
    let gone = format!("/v1/contact-stages/{}?move_to={}", stage("proposal").await, stage("qualified").await);
    owner(&world).await.delete(&gone).await.expect(204);
    world.app.settle().await;
    assert_eq!(of("By itself").await["state"], "approved");
    assert_eq!(of("When agreed").await["state"], "waiting", "it goes to others too");
    owner(&world).await.post(&agreed, json!({})).await.expect(200);
    let greeted = async || sends(&world).await.into_iter().map(|one| (one.0, one.1)).collect::<Vec<_>>();
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    assert_eq!(greeted().await, [("P21".to_owned(), "sent".to_owned())]);
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    assert_eq!(greeted().await.len(), 2);
}

#[tokio::test]
async fn what_nobody_had_to_approve_waits_once_somebody_has_to() {
    let world = World::start().await;
    let id = greeting(&world, json!({"approval": "automatic"})).await;
    let ada = person(&world, "Ada", json!({})).await;
    birthday(&world, &ada, 11, 21, None).await;
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    assert_eq!(batches(&world).await[0]["state"], "approved");
    owner(&world).await.patch(&format!("/v1/greetings/{id}"), json!({"approval": "each"})).await.expect(200);
    assert_eq!(batches(&world).await[0]["state"], "waiting");
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    assert!(sends(&world).await.is_empty(), "nobody has agreed");
}
