//! Reminders: told once, at their moment, as people prefer, and not of what has ended.
use super::{add, complete, id_of, owner};
use crate::forms::World;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

const TOLD: &str = "select count(*) from notifications where kind = 'task.reminder' and shown";

#[tokio::test]
async fn whoever_has_a_task_is_reminded_once() {
    let world = World::start().await;
    let (_, sam) = world.member("agency_staff", "Sam").await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    // It is noon.
    let task = json!({"title": "Ring Ada", "contact": ada, "assignee": world.owner_id, "collaborators": [sam], "due_on": "2026-11-20", "due_time": "15:00",
        "reminders": [60, 10, 60, 1440]});
    let made = add(&world.owner, task).await;
    assert_eq!(made["reminders"], json!([10, 60, 1440]));
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(119));
    world.app.settle().await;
    assert_eq!(world.count(TOLD).await, 0, "not before, and not for a moment that was past when it was said");
    world.app.advance(TimeDelta::minutes(1));
    world.app.settle().await;
    assert_eq!(world.count(TOLD).await, 2, "both who have it");
    world.app.advance(TimeDelta::minutes(1));
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(49));
    world.app.settle().await;
    world.app.advance(TimeDelta::days(3));
    world.app.settle().await;
    assert_eq!(world.count(TOLD).await, 4);
    let seen = owner(&world).await.get("/v1/notifications").await;
    let first = &seen.expect(200)["items"][0];
    assert_eq!((&first["title"], &first["kind"]), (&json!("Reminder: Ring Ada"), &json!("task.reminder")));
    assert_eq!(first["link"], json!(format!("/tasks?task={}", made["id"].as_str().expect("an id"))));
    let mails = world.mails("sam@example.com").await;
    assert_eq!(mails.iter().filter(|subject| *subject == "Reminder: Ring Ada").count(), 2, "{mails:?}");
    world.app.settle().await;
}

#[tokio::test]
async fn each_is_reminded_in_his_hours_and_so_is_whoever_stands_in() {
    let world = World::start().await;
    let (_, sam) = world.member("agency_staff", "Sam").await;
    let (_, ben) = crate::contacts::member_with(&world, "Ben", json!({"tasks.*": "own"})).await;
    let mornings = json!({"zone": "Asia/Dhaka", "spans": [{"day": 6, "from": "10:00", "until": "12:00"}]});
    world.owner.put(&format!("/v1/member-hours/{sam}"), mornings).await.expect(200);
    let me = &world.owner_id;
    let told = async |title: &str| world.count(&format!("{TOLD} and title = 'Reminder: {title}'")).await;
    let passed = async |by: TimeDelta| {
        world.app.advance(by);
        world.app.settle().await;
    };
    // It is Friday noon, and due on Monday noon: in two hours the owner is told, Sam on Saturday at ten in Dhaka.
    let both = json!({"title": "Both", "assignee": me, "collaborators": [sam], "due_on": "2026-11-23", "due_time": "12:00", "reminders": [4200]});
    add(&world.owner, both).await;
    passed(TimeDelta::hours(2)).await;
    assert_eq!(told("Both").await, 1);
    passed(TimeDelta::minutes(13 * 60 + 59)).await;
    assert_eq!(told("Both").await, 1);
    passed(TimeDelta::minutes(1)).await;
    assert_eq!(told("Both").await, 2);
    // What is due before he works again is told at its moment.
    let client = owner(&world).await;
    let soon =
        json!({"title": "Soon", "assignee": sam, "due_on": "2026-11-21", "due_time": "08:00", "reminders": [60]});
    add(&client, soon).await;
    passed(TimeDelta::hours(3)).await;
    assert_eq!(told("Soon").await, 1);

    // Sam is away for a week, and the owner stands in; the owner is away on Tuesday, and Ben stands in, who may not see it.
    let client = owner(&world).await;
    for (who, from, until, other) in [(&sam, "2026-11-21", "2026-11-27", me), (me, "2026-11-24", "2026-11-24", &ben)] {
        let away = json!({"member": who, "from": from, "until": until, "stand_in": other});
        client.post("/v1/member-absences", away).await.expect(201);
    }
    let covered = json!({"title": "Covered", "assignee": sam, "due_on": "2026-11-30", "due_time": "12:00", "reminders": [10_200]});
    add(&client, covered).await;
    add(
        &client,
        json!({"title": "Kept", "assignee": me, "due_on": "2026-11-24", "due_time": "15:00", "reminders": [60]}),
    )
    .await;
    let mine = async |title: &str| {
        let seen = owner(&world).await.get("/v1/notifications?limit=50").await.expect(200)["items"].clone();
        let title = json!(format!("Reminder: {title}"));
        seen.as_array().expect("notices").iter().filter(|one| one["title"] == title).count()
    };
    passed(TimeDelta::hours(51)).await;
    assert_eq!((told("Covered").await, mine("Covered").await), (1, 1), "on Monday at ten the owner");
    passed(TimeDelta::hours(28)).await;
    assert_eq!((told("Kept").await, mine("Kept").await), (1, 1), "not Ben");
    passed(TimeDelta::hours(86)).await;
    assert_eq!((told("Covered").await, mine("Covered").await), (2, 1), "Sam, on the first morning after");

    // What is done before somebody works is not told to him.
    let done = json!({"title": "Done", "assignee": me, "collaborators": [sam], "due_on": "2026-12-07", "due_time": "12:00", "reminders": [7_200]});
    let id = id_of(&owner(&world).await, done).await;
    passed(TimeDelta::hours(104)).await;
    assert_eq!(told("Done").await, 1);
    complete(&owner(&world).await, &id).await.expect(200);
    passed(TimeDelta::hours(72)).await;
    assert_eq!(told("Done").await, 1);
}

#[tokio::test]
async fn people_choose_how_they_are_reminded() {
    let world = World::start().await;
    let off = json!({"items": [{"kind": "task.reminder", "channel": "email", "enabled": false}]});
    world.owner.put("/v1/preferences", off).await.expect(200);
    let (_, sam) = world.member("agency_staff", "Sam").await;
    let task = json!({"title": "Ring", "assignee": world.owner_id, "collaborators": [sam], "due_on": "2026-11-20", "due_time": "12:03", "reminders": [0]});
    add(&world.owner, task).await;
    world.app.settle().await;
    // By then it is told that he shares it: not in one mail with the reminder.
    world.app.advance(TimeDelta::minutes(1));
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(2));
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(1));
    let reminded = async |to: &str| world.mails(to).await.iter().filter(|s| s.starts_with("Reminder")).count();
    assert_eq!(reminded("sam@example.com").await, 1);
    world.app.settle().await;
    assert_eq!(world.count(TOLD).await, 2, "in the app both are told");
    let owner = world.mailbox.taken().into_iter().filter(|mail| {
        String::from_utf8_lossy(&mail.raw).contains("Subject: Reminder") && mail.to != "sam@example.com"
    });
    assert_eq!(owner.count(), 0);
}

#[tokio::test]
async fn many_reminders_of_one_morning_are_one_mail() {
    let world = World::start().await;
    let off = json!({"items": [{"kind": "task.reminder", "channel": "in_app", "enabled": false}]});
    world.owner.put("/v1/preferences", off).await.expect(200);
    let (_, sam) = world.member("agency_staff", "Sam").await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    for n in 0..12 {
        let task = json!({"title": format!("Ring {n}"), "assignee": world.owner_id, "contact": ada, "due_on": "2026-11-21", "reminders": [900]});
        add(&world.owner, task).await;
    }
    let task = json!({"title": "Alone", "assignee": sam, "due_on": "2026-11-21", "reminders": [900]});
    add(&world.owner, task).await;
    // By then it is told that it is his.
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(1));
    world.app.settle().await;
    world.app.advance(TimeDelta::days(1) - TimeDelta::minutes(1));
    // Two workers at once, and whatever runs a second time.
    tokio::join!(world.app.settle(), world.app.settle());
    assert_eq!(world.count(TOLD).await, 1, "who wants mail only is told by mail only");
    world.app.advance(TimeDelta::minutes(1));
    tokio::join!(world.app.settle(), world.app.settle());
    let of = async |to: &str| {
        let mut subjects = world.mails(to).await;
        subjects.retain(|subject| subject.starts_with("Reminder"));
        subjects
    };
    assert_eq!(of("northlight@example.com").await, ["Reminders: 12 tasks"]);
    assert_eq!(of("sam@example.com").await, ["Reminder: Alone"]);
    let sent = world.mailbox.taken();
    let digest = sent.iter().map(|mail| String::from_utf8_lossy(&mail.raw)).find(|raw| raw.contains("12 tasks"));
    let digest = digest.expect("the mail");
    assert!(
        digest.contains("Ring 0") && digest.contains("Ring 11") && digest.contains("/tasks?task=3Dtsk_"),
        "{digest}"
    );
    assert_eq!(world.count("select count(*) from digest_lines where sent_at is null").await, 0);
    // What is written about a person goes with him.
    let erasure = json!({"contact": ada, "kind": "erasure", "reason": "Asked by letter"});
    owner(&world).await.post("/v1/data-requests", erasure).await.expect(201);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from digest_lines").await, 2);
}

#[tokio::test]
async fn a_task_that_moves_takes_its_reminders_along() {
    let world = World::start().await;
    let task = json!({"title": "Ring", "assignee": world.owner_id, "due_on": "2026-11-20", "due_time": "13:00", "reminders": [0]});
    let id = id_of(&world.owner, task).await;
    let path = format!("/v1/tasks/{id}");
    let at = async |minutes: i64| {
        world.app.advance(TimeDelta::minutes(minutes));
        world.app.settle().await;
        world.count(TOLD).await
    };
    owner(&world).await.patch(&path, json!({"due_time": "14:00"})).await.expect(200);
    assert_eq!(at(60).await, 0, "13:00 is no longer its time");
    assert_eq!(at(60).await, 1);
    owner(&world).await.patch(&path, json!({"title": "Ring Bob", "due_time": "14:00"})).await.expect(200);
    assert_eq!(at(10).await, 1, "the same time is no other time");
    owner(&world).await.patch(&path, json!({"due_time": "15:00"})).await.expect(200);
    assert_eq!(at(50).await, 2, "told again for its new time");
    // Snoozed until 18:00: quiet till then, and told then.
    owner(&world).await.patch(&path, json!({"due_time": "16:00"})).await.expect(200);
    owner(&world)
        .await
        .post(&format!("{path}/snooze"), json!({"until": "2026-11-20T18:00:00.123456789Z"}))
        .await
        .expect(200);
    assert_eq!(at(60).await, 2, "asleep");
    assert_eq!(at(121).await, 3, "awake");
    // Of what has ended nobody is reminded, until it is opened again.
    owner(&world).await.patch(&path, json!({"due_on": "2026-11-21"})).await.expect(200);
    complete(&owner(&world).await, &id).await.expect(200);
    assert_eq!(at(1440).await, 3);
    owner(&world).await.post(&format!("{path}/reopening"), json!({})).await.expect(200);
    owner(&world).await.patch(&path, json!({"due_on": "2026-11-22"})).await.expect(200);
    owner(&world).await.delete(&path).await.expect(204);
    assert_eq!(at(1440).await, 3);
    owner(&world).await.post(&format!("{path}/restoration"), json!({})).await.expect(200);
    owner(&world).await.patch(&path, json!({"due_on": "2026-11-24", "reminders": []})).await.expect(200);
    assert_eq!(at(3000).await, 3, "none was wanted");
    let waiting = "select count(*) from task_reminders";
    assert_eq!(world.count(waiting).await, 0);
}

#[tokio::test]
async fn the_next_time_of_a_series_has_reminders_of_its_own() {
    let world = World::start().await;
    let task = json!({"title": "Ring", "assignee": world.owner_id, "due_on": "2026-11-20", "reminders": [900], "rule": "FREQ=DAILY", "zone": "America/New_York"});
    let id = id_of(&world.owner, task).await;
    let done = complete(&world.owner, &id).await;
    assert_eq!(done.expect(200)["next"]["reminders"], json!([900]));
    // Nine in the morning there is 14:00 here.
    world.app.advance(TimeDelta::hours(26) - TimeDelta::seconds(1));
    world.app.settle().await;
    assert_eq!(world.count(TOLD).await, 0);
    world.app.advance(TimeDelta::seconds(1));
    world.app.settle().await;
    assert_eq!(world.count(TOLD).await, 1);
}

#[tokio::test]
async fn what_is_done_moved_and_snoozed_while_it_is_told_is_told_once_at_most() {
    let world = World::start().await;
    let mut tasks = vec![];
    for i in 0..12 {
        let task = json!({"title": format!("Task {i}"), "assignee": world.owner_id, "due_on": "2026-11-20", "due_time": "13:00", "reminders": [0]});
        tasks.push(id_of(&world.owner, task).await);
    }
    world.app.settle().await;
    world.app.advance(TimeDelta::hours(1));
    let owner = owner(&world).await;
    let changes = tasks.iter().enumerate().map(|(i, id)| {
        let (owner, path) = (owner.clone(), format!("/v1/tasks/{id}"));
        async move {
            match i % 3 {
                0 => owner.post(&format!("{path}/completion"), json!({})).await.expect(200).clone(),
                1 => owner.patch(&path, json!({"due_time": "14:00"})).await.expect(200).clone(),
                _ => owner
                    .post(&format!("{path}/snooze"), json!({"until": "2026-11-20T14:00:00Z"}))
                    .await
                    .expect(200)
                    .clone(),
            }
        }
    });
    tokio::join!(world.app.settle(), world.app.settle(), join_all(changes));
    world.app.settle().await;
    let told = async |title: String| {
        world.count(&format!("select count(*) from notifications where title = 'Reminder: {title}'")).await
    };
    let mut before = vec![];
    for i in 0..12 {
        before.push(told(format!("Task {i}")).await);
        assert!(before[i] <= 1, "task {i}");
    }
    world.app.advance(TimeDelta::hours(1));
    tokio::join!(world.app.settle(), world.app.settle());
    for (i, before) in before.into_iter().enumerate() {
        let now = told(format!("Task {i}")).await;
        // Done: never again. Moved or put off by an hour: once for the new moment.
        assert_eq!(now, before + i64::from(i % 3 != 0), "task {i}");
    }
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from notifications group by dedupe_key having count(*) > 1").await, 0);
}

#[tokio::test]
async fn what_was_told_of_somebody_who_is_erased_is_gone() {
    let world = World::start().await;
    let ada = json!({"first_name": "Ada", "emails": [{"address": "ada@lovelace.example"}]});
    let ada = crate::contacts::id_of(&world.owner, ada).await;
    for task in [
        json!({"title": "Ring Ada", "contact": ada}),
        json!({"title": "Write ada@lovelace.example"}),
        json!({"title": "Paint"}),
    ] {
        let mut task: Value = task;
        task["assignee"] = json!(world.owner_id);
        (task["due_on"], task["due_time"], task["reminders"]) = (json!("2026-11-20"), json!("12:30"), json!([0]));
        add(&world.owner, task).await;
    }
    world.app.advance(TimeDelta::hours(1));
    world.app.settle().await;
    assert_eq!(world.count(TOLD).await, 3);
    let owner = owner(&world).await;
    owner.post("/v1/data-requests", json!({"contact": ada, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    assert_eq!(world.count(TOLD).await, 1);
    let refused = owner.post("/v1/tasks", json!({"title": "A", "reminders": [1, 2, 3, 4, 5, 6, -1]})).await;
    let fields: Vec<&Value> =
        refused.expect(422)["errors"].as_array().expect("errors").iter().map(|e| &e["code"]).collect();
    assert_eq!(fields, ["too_many", "reminder_range"]);
}
