//! What became of tasks that were due.
use super::{complete, id_of, owner};
use crate::{contacts::member_with, forms::World};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tests::Client;

/// Reads the figures, and counts each of them again in the list that it leads to; gives how many numbers there are.
async fn recounted(client: &Client) -> usize {
    let found = client.get("/v1/task-completion").await.expect(200).clone();
    let at = |name: &str| found[name].as_str().expect("a moment").parse::<DateTime<Utc>>().expect("a moment");
    let text = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let (start, end, now) = (at("starts_at"), at("ends_at"), at("as_of"));
    let members = found["members"].as_array().expect("members").iter().map(|member| {
        let who = member["member"].as_str().map_or("empty:true".to_owned(), |id| format!("eq:{id}"));
        (format!("&filter=assignee:{who}"), &member["figures"])
    });
    let mut numbers = 0;
    for (whose, figures) in members.chain([(String::new(), &found["total"])]) {
        for name in ["in_time", "late", "skipped", "overdue", "withdrawn"] {
            let (completion, before) = if name == "overdue" { ("open", end.min(now)) } else { (name, end) };
            let due = format!("filter=due_at:gte:{}&filter=due_at:lt:{}", text(start), text(before));
            let page = client.get(&format!("/v1/tasks?limit=200&{due}&filter=completion:eq:{completion}{whose}")).await;
            let rows = page.expect(200)["items"].as_array().map_or(0, Vec::len);
            assert_eq!(figures[name], json!(rows), "{name} of {whose}: {found}");
            numbers += 1;
        }
    }
    numbers
}

#[tokio::test]
async fn each_number_is_how_many_rows_its_list_has_at_every_level() {
    let world = World::start().await;
    let teams = json!({"tasks.read": "team", "tasks.write": "team"});
    let (_, tom_id) = member_with(&world, "Tom", teams).await;
    let (una, una_id) = member_with(&world, "Una", json!({"tasks.read": "own", "tasks.write": "own"})).await;
    let (_, kim_id) = world.member("agency_staff", "Kim").await;
    world.owner.post("/v1/teams", json!({"name": "North", "members": [tom_id, una_id]})).await.expect(201);
    let (tom, _) = crate::forms::sign_in(&world.app, "tom@example.com").await;
    let people = [json!(tom_id), json!(una_id), json!(kim_id), Value::Null];
    for n in 0..48_usize {
        // Days around the first one and around today, which is the last; some at a time of their own zone.
        let days = ["2026-10-21", "2026-10-22", "2026-11-03", "2026-11-19", "2026-11-20", "2026-11-21"];
        let mut task = json!({"title": format!("T{n}"), "assignee": people[n % 4], "due_on": days[n % 6]});
        if n % 5 == 0 {
            task["collaborators"] = json!([una_id]);
        }
        if n % 7 == 0 {
            (task["due_time"], task["zone"]) = (json!("08:30"), json!("Pacific/Auckland"));
        }
        let id = id_of(&world.owner, task).await;
        match n % 3 {
            0 => drop(complete(&world.owner, &id).await.expect(200)),
            1 if n % 2 == 0 => {
                world.owner.post(&format!("/v1/tasks/{id}/skip"), json!({"reason": "No"})).await.expect(200);
            }
            _ => {}
        }
    }
    let sums = async |client: &Client| {
        let total = client.get("/v1/task-completion").await.expect(200)["total"].clone();
        ["in_time", "late", "skipped", "overdue"]
            .map(|name| total[name].as_i64().expect("a number"))
            .iter()
            .sum::<i64>()
    };
    let (all, team, own) = (sums(&world.owner).await, sums(&tom).await, sums(&una).await);
    assert!(all > team && team > own && own > 0, "{all} {team} {own}");
    // Una sees what she shares under the names of those who do it.
    let names = una.get("/v1/task-completion").await.expect(200)["members"].as_array().expect("members").len();
    assert_eq!(names, 4);
    for client in [&world.owner, &tom, &una] {
        assert_eq!(recounted(client).await, 25);
    }
}

#[tokio::test]
async fn figures_say_what_was_done_in_time_late_left_out_and_not_at_all() {
    let world = World::start().await;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let task = async |title: &str, who: &str, day: &str| {
        id_of(&world.owner, json!({"title": title, "assignee": who, "due_on": day})).await
    };
    let mine = world.owner_id.as_str();
    complete(&world.owner, &task("In time", mine, "2026-11-20").await).await.expect(200);
    complete(&world.owner, &task("Late", mine, "2026-11-10").await).await.expect(200);
    let out = task("Left out", mine, "2026-11-20").await;
    world.owner.post(&format!("/v1/tasks/{out}/skip"), json!({"reason": "No"})).await.expect(200);
    task("Overdue", mine, "2026-11-19").await;
    task("Not yet", mine, "2026-11-20").await;
    task("After it", mine, "2026-11-21").await;
    complete(&sam, &task("His", &sam_id, "2026-11-18").await).await.expect(200);
    complete(&sam, &task("Before", &sam_id, "2026-10-01").await).await.expect(200);
    task("Before too", &sam_id, "2026-10-02").await;
    let gone = task("Gone", &sam_id, "2026-11-18").await;
    world.owner.delete(&format!("/v1/tasks/{gone}")).await.expect(204);
    let found = world.owner.get("/v1/task-completion").await.expect(200).clone();
    assert_eq!((&found["from"], &found["until"]), (&json!("2026-10-22"), &json!("2026-11-20")));
    let figures = |in_time: i64, late: i64, skipped: i64, overdue: i64, rate: i64| json!({"in_time": in_time, "late": late, "skipped": skipped, "overdue": overdue, "withdrawn": 0, "rate": rate});
    assert_eq!(found["total"], figures(1, 2, 1, 1, 6000));
    assert_eq!(found["before"], figures(0, 1, 0, 1, 5000));
    let of = |id: &str| found["members"].as_array().unwrap().iter().find(|m| m["member"] == id).unwrap().clone();
    assert_eq!((&of(mine)["figures"], &of(mine)["before"]["rate"]), (&figures(1, 1, 1, 1, 5000), &json!(null)));
    assert_eq!(of(&sam_id)["figures"], figures(0, 1, 0, 0, 10_000));
    // A day later one more is overdue.
    world.app.advance(TimeDelta::days(1));
    let owner = owner(&world).await;
    let later = owner.get("/v1/task-completion?from=2026-11-20&until=2026-11-20").await;
    assert_eq!(later.expect(200)["total"], figures(1, 0, 1, 1, 3333));
    owner.get("/v1/task-completion?from=2026-11-21&until=2026-11-20").await.problem(422, "invalid");
    assert_eq!(world.stranger().await.get("/v1/task-completion").await.expect(200)["members"], json!([]));
}
