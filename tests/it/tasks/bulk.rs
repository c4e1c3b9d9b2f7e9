//! One change to many tasks: given away, moved within working hours, ended, deleted, and taken back.
use super::{add, complete, id_of, owner};
use crate::{contacts::member_with, forms::World};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Client};

async fn many(client: &Client, body: Value) -> Answer {
    client.post("/v1/tasks/bulk-changes", body).await
}

async fn get(client: &Client, id: &str) -> Value {
    client.get(&format!("/v1/tasks/{id}")).await.expect(200).clone()
}

/// Codes of what was refused, by task.
fn code(answer: &Value, id: &str) -> String {
    let refused = answer["refused"].as_array().expect("a list");
    refused.iter().find(|one| one["task"] == id).and_then(|one| one["code"].as_str()).unwrap_or("none").to_owned()
}

fn changed(answer: &Value) -> usize {
    answer["changed"].as_array().expect("a list").len()
}

#[tokio::test]
async fn tasks_are_moved_into_working_time_and_back() {
    let world = World::start().await;
    let client = &world.owner;
    client.post("/v1/holidays", json!({"day": "2026-12-25", "name": "Christmas", "yearly": true})).await.expect(201);
    let hours: Vec<_> = (1..=5).map(|day| json!({"day": day, "from": "09:00", "until": "17:00"})).collect();
    client.put("/v1/working-time", json!({"zone": "Europe/Berlin", "spans": hours})).await.expect(200);
    let task = async |body: Value| id_of(client, body).await;
    let late =
        task(json!({"title": "Late", "due_on": "2026-11-23", "due_time": "20:15", "zone": "Europe/Berlin"})).await;
    let far =
        task(json!({"title": "Far", "due_on": "2026-11-23", "due_time": "08:00", "zone": "America/New_York"})).await;
    let day = task(json!({"title": "Day", "due_on": "2026-11-20"})).await;
    let none = task(json!({"title": "None"})).await;
    let asleep = task(json!({"title": "Asleep", "due_on": "2026-11-23"})).await;
    client.post(&format!("/v1/tasks/{asleep}/snooze"), json!({"until": "2026-12-01T09:00:00Z"})).await.expect(200);
    let over = task(json!({"title": "Over", "due_on": "2026-11-23"})).await;
    complete(client, &over).await.expect(200);
    let ids = json!([late, far, day, none, asleep, over]);
    let due = async |id: &str| {
        let task = get(client, id).await;
        format!("{} {}", task["due_on"].as_str().unwrap_or("-"), task["due_time"].as_str().unwrap_or("-"))
    };
    // A month and two days on from Monday the 23rd is Christmas: on to the Monday, and what is too late to the end of hours.
    let moved = many(client, json!({"tasks": ids, "postponed": {"days": 32}})).await.expect(200).clone();
    assert_eq!((changed(&moved), code(&moved, &none), code(&moved, &over)), (4, "no_day".into(), "task_closed".into()));
    assert_eq!(due(&late).await, "2026-12-28 17:00");
    // Eight in New York is two in the afternoon in Berlin, which is worked.
    assert_eq!(due(&far).await, "2026-12-28 08:00");
    assert_eq!(due(&day).await, "2026-12-22 -");
    assert_eq!(get(client, &asleep).await["snoozed_until"], Value::Null);
    // Somebody changes one; it stays, and the others become what they were.
    client.patch(&format!("/v1/tasks/{day}"), json!({"title": "Day!"})).await.expect(200);
    let back = many(client, json!({"back": moved["changed"]})).await.expect(200).clone();
    assert_eq!((changed(&back), code(&back, &day)), (3, "edited".into()));
    assert_eq!((due(&late).await, due(&far).await), ("2026-11-23 20:15".into(), "2026-11-23 08:00".into()));
    assert_eq!(get(client, &asleep).await["snoozed_until"], "2026-12-01T09:00:00+00:00");
    // The same again finds other versions.
    assert_eq!(changed(many(client, json!({"back": moved["changed"]})).await.expect(200)), 0);
    let working = json!({"tasks": [late], "postponed": {"days": 5, "count": "working"}});
    assert_eq!(changed(many(client, working).await.expect(200)), 1);
    assert_eq!(due(&late).await, "2026-11-30 17:00");
    let any = json!({"tasks": [late], "postponed": {"due_on": "2026-12-26", "any_time": true}});
    assert_eq!(changed(many(client, any).await.expect(200)), 1);
    assert_eq!(due(&late).await, "2026-12-26 17:00");
    for (body, field) in [
        (json!({"tasks": [late]}), ""),
        (json!({"tasks": [late], "deleted": true, "assignee": null}), ""),
        (json!({"tasks": [], "deleted": true}), "/tasks"),
        (json!({"tasks": [late], "overdue": true, "deleted": true}), "/overdue"),
        (json!({"tasks": [late], "postponed": {}}), "/postponed"),
        (json!({"tasks": [late], "postponed": {"due_on": "+262142-12-31"}}), "/postponed/due_on"),
        (json!({"tasks": [late], "postponed": {"days": 0, "count": "working"}}), "/postponed/days"),
        (json!({"tasks": [late], "skipped": {"reason": " "}}), "/skipped/reason"),
    ] {
        let refused = many(client, body.clone()).await;
        assert_eq!(refused.problem(422, "invalid")["errors"][0]["field"], field, "{body}");
    }
}

#[tokio::test]
async fn what_is_overdue_comes_on_the_next_working_day() {
    let world = World::start().await;
    // Friday noon: tasks of last week, of this morning and of next week.
    let mine = add(&world.owner, json!({"title": "Mine", "due_on": "2026-11-12", "assignee": world.owner_id})).await;
    let today = id_of(&world.owner, json!({"title": "Today", "due_on": "2026-11-20", "due_time": "10:00"})).await;
    let tonight = id_of(&world.owner, json!({"title": "Tonight", "due_on": "2026-11-20"})).await;
    let grants = json!({"tasks.read": "own", "tasks.write": "own"});
    let (una, una_id) = member_with(&world, "Una", grants).await;
    let hers = id_of(&una, json!({"title": "Hers", "due_on": "2026-11-13", "assignee": una_id})).await;
    let all = json!({"overdue": true, "postponed": {"next_working_day": true}});
    let answer = many(&una, all.clone()).await.expect(200).clone();
    assert_eq!((changed(&answer), &answer["more"]), (1, &json!(false)));
    assert_eq!(get(&una, &hers).await["due_on"], "2026-11-23", "over the weekend");
    let narrow = json!({"overdue": true, "filter": ["title:eq:mine"], "q": "nothing", "assignee": una_id});
    assert_eq!(changed(many(&world.owner, narrow).await.expect(200)), 0);
    let answer = many(&world.owner, all.clone()).await.expect(200).clone();
    assert_eq!(changed(&answer), 2);
    assert_eq!(get(&world.owner, mine["id"].as_str().unwrap()).await["due_on"], "2026-11-23");
    assert_eq!(get(&world.owner, &today).await["due_time"], "10:00");
    assert_eq!(get(&world.owner, &tonight).await["due_on"], "2026-11-20");
    assert_eq!(changed(many(&world.owner, all).await.expect(200)), 0, "nothing is overdue any more");
    assert_eq!(changed(many(&world.owner, json!({"back": answer["changed"]})).await.expect(200)), 2);
    assert_eq!(get(&world.owner, &today).await["due_on"], "2026-11-20");
}

#[tokio::test]
async fn tasks_are_given_away_ended_and_deleted_and_come_back() {
    let world = World::start().await;
    let client = &world.owner;
    let (una, una_id) = member_with(&world, "Una", json!({"tasks.read": "own", "tasks.write": "own"})).await;
    let mut ids = vec![];
    for title in ["A", "B"] {
        ids.push(id_of(client, json!({"title": title, "collaborators": [una_id]})).await);
    }
    let weekly = json!({"title": "Weekly", "due_on": "2026-11-23", "rule": "FREQ=WEEKLY"});
    ids.push(id_of(client, weekly).await);
    let given = many(client, json!({"tasks": ids, "assignee": una_id})).await.expect(200).clone();
    assert_eq!(changed(&given), 3);
    // She may not give what is not hers, and her reach holds for each.
    many(&una, json!({"tasks": ids, "assignee": world.owner_id})).await.problem(422, "invalid");
    many(&una, json!({"tasks": ids, "deleted": true})).await.problem(403, "permission_missing");
    let theirs = id_of(client, json!({"title": "Theirs"})).await;
    let done =
        many(&una, json!({"tasks": [ids[0], theirs], "completed": {"outcome": "Fine"}})).await.expect(200).clone();
    assert_eq!((changed(&done), code(&done, &theirs)), (1, "missing".into()));
    assert_eq!(get(client, &ids[0]).await["closed_by"], json!(una_id));
    assert_eq!(changed(many(&una, json!({"back": done["changed"]})).await.expect(200)), 1);
    assert_eq!(get(client, &ids[0]).await["status"], "open");
    let back = many(client, json!({"back": given["changed"]})).await.expect(200).clone();
    assert_eq!((changed(&back), code(&back, &ids[0])), (2, "edited".into()));
    assert_eq!(get(client, &ids[1]).await["collaborators"], json!([una_id]));
    // What repeats comes again, and not once its end is taken back.
    let left = many(client, json!({"tasks": ids, "skipped": {"reason": "Closed"}})).await.expect(200).clone();
    assert_eq!(changed(&left), 3);
    let open = async || {
        client.get("/v1/tasks?filter=status:eq:open&sort=title").await.expect(200)["items"].as_array().unwrap().len()
    };
    assert_eq!(open().await, 2);
    assert_eq!(changed(many(client, json!({"back": left["changed"]})).await.expect(200)), 3);
    assert_eq!(open().await, 4);
    let gone = many(client, json!({"tasks": ids, "deleted": true})).await.expect(200).clone();
    assert_eq!((changed(&gone), open().await), (3, 1));
    many(&una, json!({"back": gone["changed"]})).await.problem(403, "permission_missing");
    assert_eq!(changed(many(client, json!({"back": gone["changed"]})).await.expect(200)), 3);
    assert_eq!(open().await, 4);
    let kinds = world.events().await;
    let of = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!((of("task.assigned"), of("task.completed"), of("task.skipped"), of("task.reopened")), (5, 1, 3, 4));
    assert_eq!((of("task.deleted"), of("task.restored")), (3, 3));
}

#[tokio::test]
async fn a_task_goes_back_to_members_only() {
    let world = World::start().await;
    let client = &world.owner;
    let (_, sam_id) = member_with(&world, "Sam", json!({"tasks.read": "own"})).await;
    let (his, mine) = (
        id_of(client, json!({"title": "His", "assignee": sam_id})).await,
        id_of(client, json!({"title": "Mine", "assignee": world.owner_id})).await,
    );
    let given = many(client, json!({"tasks": [his, mine], "assignee": null})).await.expect(200)["changed"].clone();
    let mut made_up = given.clone();
    for one in made_up.as_array_mut().expect("a list") {
        one["collaborators"] = json!([format!("usr_{}", "0".repeat(26))]);
    }
    let refused = many(client, json!({"back": made_up})).await.expect(200).clone();
    assert_eq!((changed(&refused), code(&refused, &his)), (0, "member_unknown".into()));
    // He has left meanwhile; the other task goes back all the same.
    client.delete(&format!("/v1/members/{sam_id}")).await.expect(204);
    let back = many(client, json!({"back": given})).await.expect(200).clone();
    assert_eq!((changed(&back), code(&back, &his)), (1, "member_unknown".into()));
    assert_eq!(get(client, &mine).await["assignee"], json!(world.owner_id));
}

#[tokio::test]
async fn of_two_changes_at_once_each_task_hears_both_in_turn() {
    let world = World::start().await;
    let mut ids = vec![];
    for n in 0..20 {
        ids.push(id_of(&world.owner, json!({"title": format!("T{n}"), "due_on": "2026-11-30"})).await);
    }
    let other: Vec<_> = ids.iter().rev().cloned().collect();
    let ends = [json!({"tasks": ids, "completed": {}}), json!({"tasks": other, "skipped": {"reason": "No"}})];
    let answers = join_all(ends.into_iter().map(|body| many(&world.owner, body))).await;
    let (one, two) = (answers[0].expect(200), answers[1].expect(200));
    assert_eq!((changed(one) + changed(two), changed(one) % 20), (20, 0), "one of them ended all");
    let late = if changed(one) == 20 { two } else { one };
    assert!(ids.iter().all(|id| code(late, id) == "task_closed"));
    // Undo against an edit: whoever comes first, nothing is lost.
    let before = if changed(one) == 20 { one } else { two }["changed"].clone();
    let path = format!("/v1/tasks/{}", ids[3]);
    let (back, edit) =
        tokio::join!(many(&world.owner, json!({"back": before})), world.owner.patch(&path, json!({"title": "Mine"})));
    edit.expect(200);
    let task = get(&world.owner, &ids[3]).await;
    assert_eq!(task["title"], "Mine");
    assert_eq!(task["status"] == "open", code(back.expect(200), &ids[3]) == "none");
    world.app.advance(TimeDelta::seconds(1));
    owner(&world).await.get(&path).await.expect(200);
}
