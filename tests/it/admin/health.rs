//! Health says what is wrong, and only what is wrong.
use super::{Platform, edge::Edge};
use crate::contacts::id_of;
use ::kernel::http::traffic;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

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

/// The row of a program in a list of the health.
async fn of(admin: &Client, list: &str, program: &str) -> Value {
    let health = admin.get("/v1/health").await.expect(200).clone();
    let rows = health[list].as_array().expect("programs").clone();
    rows.into_iter().find(|row| row["program"] == program).unwrap_or_default()
}

#[tokio::test]
async fn what_edges_answered_is_told_over_their_channel_and_counts_once() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let owner = platform.world.agency("Northlight").await;
    let shop = platform.shop(&owner).await;
    assert_eq!(of(&admin, "traffic", "embed-edge").await, json!(null));
    let edge = Edge::start(&platform).await;
    assert_eq!(edge.frame(&shop).await.0, 200);
    let stranger = super::Shop { widget: "w_0000000000000000".into(), ..shop };
    assert_ne!(edge.frame(&stranger).await.0, 200);
    // It tells the rest when it stops; its login in the database could not write it.
    edge.stop().await;
    platform.world.app.advance(TimeDelta::minutes(1));
    let told = of(&admin, "traffic", "embed-edge").await;
    assert_eq!((&told["requests"], &told["errors"]), (&json!(2), &json!(0)));
    assert_eq!(told["processes"][0]["started_at"], "2026-11-20T12:00:00+00:00");

    // What comes twice counts once, what another life of the process tells of the same minute counts too, and what makes
    // no sense not at all.
    let one = |started: &str, count: i64| json!({"minute": "2026-11-20T12:00:00Z", "instance": "1.0 edge:1", "started_at": started, "errors": 1, "buckets": [count]});
    let (first, again) = (one("2026-11-20T11:00:00Z", 3), one("2026-11-20T12:00:20Z", 5));
    let old = json!({"minute": "2026-11-01T12:00:00Z", "instance": "1.0 edge:1", "started_at": "2026-11-01T12:00:00Z", "errors": 0, "buckets": [9]});
    for lines in [json!([first, old]), json!([first]), json!([again]), json!([again])] {
        platform.world.edge_says("/edge/v1/traffic", &lines).await.expect(204);
    }
    let told = of(&admin, "traffic", "embed-edge").await;
    assert_eq!((&told["requests"], &told["errors"]), (&json!(2 + 3 + 5), &json!(2)));
    let forged = platform.world.app.anonymous().post("/edge/v1/traffic", json!([first])).await;
    forged.problem(401, "edge_signature");
}

#[tokio::test]
async fn how_steadily_programs_were_there_is_counted_in_minutes() {
    let platform = Platform::start().await;
    let (app, email) = (platform.world.app.app.clone(), platform.hire("platform_admin").await);
    let core = async || of(&platform.sign_in(&email).await, "uptime", "core").await;
    assert_eq!(core().await, json!(null), "nobody said anything yet");
    // Twenty minutes there, ten away, thirty there.
    let there = async |minutes: i64| {
        for _ in 0..minutes {
            platform.world.app.advance(TimeDelta::minutes(1));
            traffic::write(&app, "core").await.unwrap();
        }
    };
    there(20).await;
    platform.world.app.advance(TimeDelta::minutes(10));
    // The program starts anew: what it writes at first is about the minute in which it did.
    traffic::write(&app, "core").await.unwrap();
    there(30).await;
    let told = core().await;
    assert_eq!(told["since"], "2026-11-20T12:00:00+00:00");
    // The minute that just ended may still be on its way, so 59 of 60 are told; nine are missing, because what was
    // written at the end of the tenth says that the program was there in the first of them.
    let span = |hours: i64, minutes: i64, up: i64| json!({"hours": hours, "minutes": minutes, "up": up});
    assert_eq!(told["spans"], json!([span(24, 59, 50), span(168, 59, 50), span(720, 59, 50)]));

    // A day later only the week and the month know of it; a month later nobody does.
    platform.world.app.advance(TimeDelta::days(1) + TimeDelta::minutes(1));
    let told = core().await;
    assert_eq!(told["spans"], json!([span(24, 1_440, 0), span(168, 1_500, 51), span(720, 1_500, 51)]));
    platform.world.app.advance(TimeDelta::days(32));
    traffic::write(&app, "core").await.unwrap();
    let rows = platform.world.app.db.superuser().await.query("select 1 from ops.signs_of_life", &[]).await.unwrap();
    assert_eq!(rows.len(), 0, "what is older than a month is forgotten, as is the minute that was written now");
}
