//! Health says what is wrong, and only what is wrong.
use super::Platform;
use crate::contacts::id_of;
use chrono::TimeDelta;
use serde_json::{Value, json};

#[tokio::test]
async fn a_platform_at_work_is_well_and_says_what_it_has() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    platform.world.client(&owner, "Dental").await;
    platform.world.app.settle().await;
    let admin = platform.admin().await;
    let health = admin.get("/v1/health").await;
    let body = health.expect(200);
    assert_eq!((&body["ok"], &body["problems"]), (&json!(true), &json!([])));
    assert_eq!((&body["agencies"], &body["clients"], &body["events_waiting"]), (&json!(1), &json!(1), &json!(0)));
    assert!(body["connections"].as_i64() > Some(0) && body["database_bytes"].as_i64() > Some(1 << 20));
}

#[tokio::test]
async fn what_is_stuck_is_named_until_it_moves_again() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    platform.world.app.settle().await;
    id_of(&owner.client, json!({"first_name": "Ann"})).await;
    let email = platform.hire("platform_admin").await;
    platform.world.app.advance(TimeDelta::minutes(2));
    let admin = platform.sign_in(&email).await;
    let problems = async || -> Value { admin.get("/v1/health").await.expect(200)["problems"].clone() };
    // Nobody delivered the event.
    assert_eq!(problems().await, json!(["events_stuck"]));
    platform.world.app.settle().await;
    assert_eq!(problems().await, json!([]));

    // A statement waits for a lock that nobody gives back.
    let (holder, waiter) = (platform.world.app.db.superuser().await, platform.world.app.db.superuser().await);
    holder.batch_execute("begin; lock table control.plans in access exclusive mode").await.unwrap();
    let waiting = tokio::spawn(async move { waiter.batch_execute("select count(*) from control.plans").await });
    let mut seen = problems().await;
    for _ in 0..400 {
        if seen == json!(["locks_stuck"]) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        seen = problems().await;
    }
    assert_eq!(seen, json!(["locks_stuck"]));
    holder.batch_execute("commit").await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(problems().await, json!([]));

    // Jobs that nobody runs, and no schema for the next one who signs up.
    for n in 1..tests::database::WARM {
        platform.world.client(&owner, &format!("Client {n}")).await;
    }
    platform.world.app.settle().await;
    let due = format!(
        "insert into ops.jobs (id, tenant, kind, run_at) values (gen_random_uuid(), '', 'PurgeMails', '{}')",
        platform.world.app.clock.now() - TimeDelta::minutes(6)
    );
    platform.world.sql(&due).await;
    assert_eq!(problems().await, json!(["jobs_stuck", "no_ready_schema"]));
    platform.world.app.settle().await;
    assert_eq!(problems().await, json!(["no_ready_schema"]));
}
