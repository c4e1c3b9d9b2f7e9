//! Health says what is wrong, and only what is wrong.
use super::Platform;
use crate::contacts::id_of;
use ::kernel::http::traffic;
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

#[tokio::test]
async fn how_programs_answered_is_told_minute_by_minute() {
    let platform = Platform::start().await;
    let (app, email) = (platform.world.app.app.clone(), platform.hire("platform_admin").await);
    let owner = platform.world.agency("Northlight").await;
    platform.world.app.settle().await;
    let core = async || -> Value {
        let health = platform.sign_in(&email).await.get("/v1/health").await.expect(200).clone();
        let programs = health["traffic"].as_array().expect("programs").clone();
        programs.into_iter().find(|program| program["program"] == "core").unwrap_or_default()
    };
    assert_eq!(core().await, json!(null), "nothing was written yet");
    traffic::write(&app, "core").await.unwrap();
    platform.world.app.advance(TimeDelta::minutes(1));
    let before = core().await;

    // Ten answers, one of them that there is nothing at this address: that is nobody's failure.
    for _ in 0..9 {
        owner.client.get("/v1/me").await.expect(200);
    }
    owner.client.get("/v1/nothing-here").await.expect(404);
    // Looking whether the program is there is no traffic.
    platform.world.app.anonymous().get("/healthz").await.expect(200);
    traffic::write(&app, "core").await.unwrap();
    platform.world.app.advance(TimeDelta::minutes(1));
    // What is written later belongs to the minute in which it began, and adds up with it.
    owner.client.get("/v1/me").await.expect(200);
    traffic::write(&app, "core").await.unwrap();
    platform.world.app.advance(TimeDelta::minutes(1));
    let after = core().await;
    let count = |program: &Value| program["requests"].as_i64().expect("a number");
    assert_eq!(count(&after), count(&before) + 11);
    assert_eq!(after["errors"], 0);
    let minutes = after["minutes"].as_array().expect("minutes");
    assert_eq!(minutes.len(), 60);
    assert_eq!(minutes.iter().map(|minute| minute["requests"].as_i64().unwrap()).sum::<i64>(), count(&after));
    let took = |name: &str| after[name].as_i64().expect("a time");
    assert!(0 < took("p50_us") && took("p50_us") <= took("p95_us") && took("p95_us") <= took("p99_us"));
    assert_eq!(after["processes"].as_array().map(Vec::len), Some(1));
    assert_eq!(after["processes"][0]["started_at"], "2026-11-20T12:00:00+00:00");
}

#[tokio::test]
async fn failures_count_processes_add_up_and_old_minutes_go() {
    let platform = Platform::start().await;
    let (app, email) = (platform.world.app.app.clone(), platform.hire("platform_admin").await);
    let owner = platform.world.agency("Northlight").await;
    let mut failed = 0;
    for n in 0..=tests::database::WARM {
        let answer = owner.client.post("/v1/clients", json!({"name": format!("Client {n}")})).await;
        failed += i64::from(answer.status == 503);
    }
    assert!(failed > 0, "no schema is ready any more");
    traffic::write(&app, "core").await.unwrap();
    platform
        .world
        .sql(
            "insert into ops.traffic select minute, program, '9.9 other:1', started_at + interval '1 second', errors, buckets from ops.traffic",
        )
        .await;
    platform.world.app.advance(TimeDelta::minutes(1));
    let health = platform.sign_in(&email).await.get("/v1/health").await.expect(200).clone();
    let core = &health["traffic"][0];
    assert_eq!((&core["program"], &core["errors"]), (&json!("core"), &json!(2 * failed)));
    assert_eq!(core["processes"][1]["name"], "other:1");
    assert_eq!(core["processes"][1]["version"], "9.9");

    // Whoever says nothing for a while is not there any more; minutes of past days go with the next ones.
    platform.world.app.advance(TimeDelta::minutes(5));
    let health = platform.sign_in(&email).await.get("/v1/health").await.expect(200).clone();
    assert_eq!(health["traffic"][0]["processes"], json!([]));
    platform.world.app.advance(TimeDelta::days(4));
    traffic::write(&app, "core").await.unwrap();
    let rows = platform.world.app.db.superuser().await.query("select instance from ops.traffic", &[]).await.unwrap();
    assert_eq!(rows.len(), 0, "even the one that was written now began four days ago");
}
