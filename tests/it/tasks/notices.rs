//! Who is told that a task is his now, or that he shares it.
use super::{add, complete, id_of, owner};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

/// What somebody was told of tasks besides reminders: kind and title, in the order of the alphabet.
async fn told(client: &Client) -> Vec<String> {
    let page = client.get("/v1/notifications?limit=200&filter=module:eq:tasks").await;
    let items = page.expect(200)["items"].as_array().expect("items").clone();
    let word = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let of = |item: &Value| format!("{}: {}", word(item, "kind"), word(item, "title"));
    let mut all: Vec<String> = items.iter().map(of).filter(|line| !line.starts_with("task.reminder")).collect();
    all.sort();
    all
}

#[tokio::test]
async fn whoever_is_given_a_task_or_shares_it_is_told_and_nobody_of_his_own_doing() {
    let world = World::start().await;
    let me = world.owner_id.clone();
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let (kim, kim_id) = world.member("agency_staff", "Kim").await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    add(&world.owner, json!({"title": "Mine", "assignee": me, "collaborators": [me]})).await;
    let ring = json!({"title": "Ring", "contact": ada, "assignee": sam_id, "collaborators": [kim_id, me], "due_on": "2026-11-24", "due_time": "09:30"});
    let id = id_of(&world.owner, ring).await;
    let path = format!("/v1/tasks/{id}");
    assert_eq!(told(&sam).await, ["task.assigned: A task for you: Ring"]);
    assert_eq!(told(&kim).await, ["task.shared: A task you share: Ring"]);
    assert_eq!(told(&world.owner).await, Vec::<String>::new());
    let link = sam.get("/v1/notifications").await.expect(200)["items"][0]["link"].clone();
    assert_eq!(link, json!(format!("/tasks?task={id}")));
    // Changes that give it to nobody new, and the same again.
    for change in [
        json!({"title": "Ring her"}),
        json!({"due_on": "2026-11-25"}),
        json!({"assignee": sam_id}),
        json!({"collaborators": [kim_id]}),
        // Whoever did it knows it.
        json!({"assignee": null, "collaborators": [kim_id, sam_id]}),
    ] {
        world.owner.patch(&path, change).await.expect(200);
    }
    assert_eq!((told(&sam).await.len(), told(&kim).await.len()), (1, 1));
    // Who shared it does it now, and somebody takes it himself.
    world.owner.patch(&path, json!({"assignee": kim_id})).await.expect(200);
    assert_eq!(told(&kim).await, ["task.assigned: A task for you: Ring her", "task.shared: A task you share: Ring"]);
    sam.patch(&path, json!({"assignee": sam_id})).await.expect(200);
    assert_eq!(told(&sam).await.len(), 1);
    // What comes next, and not what comes again to the same member.
    let next = json!({"next": {"title": "Write", "assignee": kim_id}});
    sam.post(&format!("{path}/completion"), next).await.expect(200);
    assert_eq!(told(&kim).await[0], "task.assigned: A task for you: Ring her");
    assert_eq!(told(&kim).await[1], "task.assigned: A task for you: Write");
    let weekly = json!({"title": "Weekly", "assignee": sam_id, "due_on": "2026-11-20", "rule": "FREQ=WEEKLY"});
    let weekly = id_of(&world.owner, weekly).await;
    complete(&world.owner, &weekly).await.expect(200);
    assert_eq!(told(&sam).await.iter().filter(|line| line.ends_with("Weekly")).count(), 1);
    // Nobody hears of what is over.
    world.owner.patch(&path, json!({"assignee": kim_id})).await.expect(200);
    assert_eq!(told(&kim).await.len(), 3);
}

#[tokio::test]
async fn mails_of_a_minute_are_one_and_many_tasks_at_once_are_one_notice() {
    let world = World::start().await;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let mut ids = vec![];
    for n in 0..5 {
        ids.push(id_of(&world.owner, json!({"title": format!("Task {n}"), "due_on": "2026-11-24"})).await);
    }
    let give = async |tasks: &[String], who: Value| {
        let body = json!({"tasks": tasks, "assignee": who});
        owner(&world).await.post("/v1/tasks/bulk-changes", body).await.expect(200).clone()
    };
    give(&ids[..1], json!(sam_id)).await;
    assert_eq!(told(&sam).await, ["task.assigned: A task for you: Task 0"]);
    // The first is his already: four are new.
    let given = give(&ids, json!(sam_id)).await;
    assert_eq!(told(&sam).await, ["task.assigned: 4 tasks for you", "task.assigned: A task for you: Task 0"]);
    world.app.advance(TimeDelta::minutes(1));
    tokio::join!(world.app.settle(), world.app.settle());
    let of = async || {
        let mut subjects = world.mails("sam@example.com").await;
        subjects.retain(|subject| subject.contains("task"));
        subjects
    };
    assert_eq!(of().await, ["New tasks for you"]);
    // Taken back, and given to oneself: nobody is told.
    let back = json!({"back": given["changed"]});
    owner(&world).await.post("/v1/tasks/bulk-changes", back).await.expect(200);
    give(&ids, json!(world.owner_id)).await;
    give(&ids, Value::Null).await;
    let (sam, _) = crate::forms::sign_in(&world.app, "sam@example.com").await;
    assert_eq!(told(&sam).await.len(), 2);
    assert_eq!(told(&owner(&world).await).await, Vec::<String>::new());
    // Of one task there is one mail that says when it is due.
    let alone = json!({"title": "Paint the task board", "assignee": sam_id, "due_on": "2026-12-01"});
    add(&owner(&world).await, alone).await;
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(1));
    let subjects = of().await;
    assert_eq!(subjects, ["New tasks for you", "A task for you: Paint the task board"]);
    let sent = world.mailbox.taken();
    let raw = sent.iter().map(|mail| String::from_utf8_lossy(&mail.raw)).find(|raw| raw.contains("Paint the task"));
    assert!(raw.expect("the mail").contains("Due on "));
}

#[tokio::test]
async fn who_wants_no_mail_gets_none_and_what_was_told_goes_with_the_person() {
    let world = World::start().await;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let off = json!({"items": [{"kind": "task.assigned", "channel": "email", "enabled": false}]});
    sam.put("/v1/preferences", off).await.expect(200);
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    add(&world.owner, json!({"title": "Ring Ada", "contact": ada, "assignee": sam_id})).await;
    add(&world.owner, json!({"title": "Paint", "assignee": sam_id})).await;
    assert_eq!(told(&sam).await.len(), 2);
    world.app.advance(TimeDelta::minutes(1));
    assert!(world.mails("sam@example.com").await.iter().all(|subject| !subject.contains("task")));
    owner(&world).await.post("/v1/data-requests", json!({"contact": ada, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    let (sam, _) = crate::forms::sign_in(&world.app, "sam@example.com").await;
    assert_eq!(told(&sam).await, ["task.assigned: A task for you: Paint"]);
}
