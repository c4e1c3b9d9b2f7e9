//! Tasks that come again.
use super::{add, complete, id_of, owner};
use crate::forms::World;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

#[tokio::test]
async fn a_task_comes_again_as_its_rule_says() {
    let world = World::start().await;
    let task = json!({"title": "Report", "due_on": "2026-10-19", "due_time": "09:00", "zone": "Europe/Berlin", "rule": "rrule:freq=weekly;byday=mo",
        "assignee": world.owner_id, "description": "Numbers", "priority": "high"});
    let made = add(&world.owner, task).await;
    assert_eq!(
        (&made["rule"], &made["repeats"], &made["occurrence"]),
        (&json!("FREQ=WEEKLY;BYDAY=MO"), &json!("schedule"), &json!(1))
    );
    assert_eq!(made["due_at"], "2026-10-19T07:00:00+00:00");
    // It is Friday 20 November: what was missed is not made up for.
    let done = complete(&world.owner, made["id"].as_str().expect("an id")).await;
    let next = done.expect(200)["next"].clone();
    assert_eq!(
        (&next["due_on"], &next["due_time"], &next["occurrence"]),
        (&json!("2026-11-23"), &json!("09:00"), &json!(2))
    );
    assert_eq!(next["due_at"], "2026-11-23T08:00:00+00:00", "nine o'clock stays nine o'clock in winter");
    assert_eq!((&next["series"], &next["follows"]), (&made["series"], &made["id"]));
    for same in ["title", "assignee", "description", "priority", "rule", "zone"] {
        assert_eq!(next[same], made[same], "{same}");
    }
    // Moved to Wednesday, this time alone; left out, it comes again on Monday.
    let path = format!("/v1/tasks/{}", next["id"].as_str().expect("an id"));
    let moved = world.owner.patch(&path, json!({"due_on": "2026-11-25"})).await;
    assert_eq!(moved.expect(200)["occurs_on"], "2026-11-23");
    let skipped = world.owner.post(&format!("{path}/skip"), json!({"reason": "Holiday"})).await;
    let next = skipped.expect(200)["next"].clone();
    assert_eq!((&next["due_on"], &next["occurrence"]), (&json!("2026-11-30"), &json!(3)));
    // Another rule counts from the day it has; none ends the series.
    let path = format!("/v1/tasks/{}", next["id"].as_str().expect("an id"));
    let changed =
        world.owner.patch(&path, json!({"rule": "FREQ=DAILY;INTERVAL=3", "repeats": "after_completion"})).await;
    assert_eq!((&changed.expect(200)["series_from"], &changed.body["occurrence"]), (&json!("2026-11-30"), &json!(3)));
    let done = complete(&world.owner, next["id"].as_str().expect("an id")).await;
    let next = done.expect(200)["next"].clone();
    assert_eq!(
        (&next["due_on"], &next["occurrence"]),
        (&json!("2026-11-23"), &json!(4)),
        "three days after it was done"
    );
    let path = format!("/v1/tasks/{}", next["id"].as_str().expect("an id"));
    world.owner.patch(&path, json!({"rule": null})).await.expect(200);
    let done = complete(&world.owner, next["id"].as_str().expect("an id")).await;
    assert_eq!(done.expect(200).get("next"), None);
    world.app.settle().await;
}

#[tokio::test]
async fn a_series_ends_when_it_has_been_often_enough() {
    let world = World::start().await;
    let mut id =
        id_of(&world.owner, json!({"title": "Ring", "due_on": "2026-11-20", "rule": "FREQ=DAILY;COUNT=3"})).await;
    let mut days = vec![];
    loop {
        let done = complete(&owner(&world).await, &id).await;
        days.push(done.expect(200)["task"]["due_on"].clone());
        assert_eq!(done.body["task"]["rule"], "FREQ=DAILY;COUNT=3");
        let Some(next) = done.body.get("next").filter(|next| !next.is_null()) else { break };
        id = next["id"].as_str().expect("an id").to_owned();
        world.app.advance(TimeDelta::days(1));
    }
    assert_eq!(days, [json!("2026-11-20"), json!("2026-11-21"), json!("2026-11-22")]);
    let twice = json!({"title": "A", "due_on": "2026-11-20", "rule": "FREQ=DAILY"});
    let owner = owner(&world).await;
    let id = id_of(&owner, twice).await;
    let refused = owner.post(&format!("/v1/tasks/{id}/completion"), json!({"next": {"title": "B"}})).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "task_repeats");
    world.app.settle().await;
}

#[tokio::test]
async fn however_many_complete_a_task_at_once_it_comes_again_once() {
    let world = World::start().await;
    for round in 0..4 {
        let task = json!({"title": format!("Ring {round}"), "due_on": "2026-11-20", "rule": "FREQ=DAILY"});
        let id = id_of(&world.owner, task).await;
        let answers = join_all((0..8).map(|_| complete(&world.owner, &id))).await;
        assert_eq!(answers.iter().filter(|a| a.status == 200).count(), 1);
        let next = format!("select count(*) from tasks where title = 'Ring {round}' and status = 'open'");
        assert_eq!(world.count(&next).await, 1, "one next time");
    }
    // Opened again and completed again and again, by many: still once each.
    let id = id_of(&world.owner, json!({"title": "Twice", "due_on": "2026-11-20", "rule": "FREQ=DAILY"})).await;
    let path = format!("/v1/tasks/{id}");
    let calls = (0..24).map(|i| {
        let (owner, path) = (world.owner.clone(), path.clone());
        async move {
            match i % 3 {
                0 => owner.post(&format!("{path}/completion"), json!({})).await,
                1 => owner.post(&format!("{path}/reopening"), json!({})).await,
                _ => owner.post(&format!("{path}/skip"), json!({"reason": "Rain"})).await,
            }
        }
    });
    for answer in join_all(calls).await {
        assert!([200, 409].contains(&answer.status), "{}: {}", answer.status, answer.text);
    }
    let per = "select count(*) from (select series_id, occurrence from tasks where series_id is not null group by 1, 2 having count(*) > 1) t";
    assert_eq!(world.count(per).await, 0);
    assert!(world.count("select count(*) from tasks where title = 'Twice'").await <= 2);
    world.app.settle().await;
}

#[tokio::test]
async fn the_database_makes_each_time_once() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"title": "Ring", "due_on": "2026-11-20", "rule": "FREQ=DAILY"})).await;
    complete(&world.owner, &id).await.expect(200);
    let columns = "title, kind, priority, due_on, zone, due_at, rule, repeats, series_id, occurrence, series_from, occurs_on, name_key, search, created_at, updated_at";
    let copy = format!(
        "with copied as (insert into tasks (id, {columns}) select gen_random_uuid(), {columns} from tasks where occurrence = 2 on conflict do nothing returning 1)
         select count(*) from copied"
    );
    assert_eq!(world.count(&copy).await, 0, "whoever writes");
    world.app.settle().await;
}

#[tokio::test]
async fn taking_an_end_back_takes_the_untouched_next_time_back() {
    let world = World::start().await;
    let series = json!({"title": "Ring", "due_on": "2026-11-20", "rule": "FREQ=DAILY"});
    let id = id_of(&world.owner, series.clone()).await;
    let path = format!("/v1/tasks/{id}");
    complete(&world.owner, &id).await.expect(200);
    world.owner.post(&format!("{path}/reopening"), json!({})).await.expect(200);
    assert_eq!(world.count("select count(*) from tasks").await, 1);
    let again = complete(&world.owner, &id).await;
    let next = again.expect(200)["next"]["id"].as_str().expect("it comes again").to_owned();
    world.owner.patch(&format!("/v1/tasks/{next}"), json!({"title": "Ring Bob"})).await.expect(200);
    world.owner.post(&format!("{path}/reopening"), json!({})).await.expect(200);
    assert_eq!(world.count("select count(*) from tasks").await, 2, "somebody has changed it");
    let third = complete(&world.owner, &id).await;
    assert_eq!(third.expect(200).get("next").unwrap_or(&Value::Null), &Value::Null, "and it is not made twice");
    assert_eq!(world.count("select count(*) from tasks").await, 2);
    world.app.settle().await;
    assert!(world.events().await.contains(&"task.withdrawn".to_owned()));
}
