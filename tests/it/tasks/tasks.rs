//! One task: made, read, changed, put off, ended, opened again, deleted, restored, gone.
use super::{add, complete, id_of};
use crate::contacts::member_with;
use crate::forms::World;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

#[tokio::test]
async fn a_task_is_made_read_changed_deleted_and_restored() {
    let world = World::start().await;
    let later = || world.app.advance(TimeDelta::microseconds(1));
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada", "last_name": "Lovelace"})).await;
    let company = world.owner.post("/v1/companies", json!({"name": "Engines"})).await.text_of("id");
    let deal = crate::deals::id_of(&world.owner, json!({"title": "Roof"})).await;
    let made = add(
        &world.owner,
        json!({"title": " Ring her \u{7}", "kind": "call", "priority": "high", "due_on": "2026-11-23", "due_time": "09:30",
            "zone": "Europe/Berlin", "assignee": world.owner_id, "description": "About\nthe oak", "contact": ada, "company": company, "deal": deal}),
    )
    .await;
    let path = format!("/v1/tasks/{}", made["id"].as_str().expect("an id"));
    let got = world.owner.get(&path).await;
    let task = got.expect(200);
    assert_eq!(task, &made);
    assert_eq!(
        (&task["title"], &task["kind"], &task["priority"]),
        (&json!("Ring her"), &json!("call"), &json!("high"))
    );
    assert_eq!(
        (&task["due_at"], &task["agenda_at"]),
        (&json!("2026-11-23T08:30:00+00:00"), &json!("2026-11-23T08:30:00+00:00"))
    );
    assert_eq!(
        (&task["contact_name"], &task["company_name"], &task["deal_title"]),
        (&json!("Ada Lovelace"), &json!("Engines"), &json!("Roof"))
    );
    assert_eq!(
        (&task["status"], &task["created_by"], &task["rule"]),
        (&json!("open"), &json!(world.owner_id), &Value::Null)
    );

    later();
    let change = json!({"title": "Ring Ada", "priority": "urgent", "due_on": "2026-11-24", "due_time": null, "description": null, "assignee": null});
    let changed = world.owner.with("if-match", got.etag()).patch(&path, change.clone()).await;
    assert_eq!(
        (&changed.expect(200)["due_at"], &changed.body["version"]),
        (&json!("2026-11-24T22:59:59+00:00"), &json!(2))
    );
    assert_eq!((changed.body.get("due_time"), changed.body.get("assignee")), (None, None));
    world.owner.with("if-match", got.etag()).patch(&path, change.clone()).await.problem(412, "stale");
    assert_eq!(world.owner.patch(&path, change).await.expect(200)["version"], 2, "what changes nothing is no change");
    later();
    world.owner.patch(&path, json!({"due_on": null, "contact": null})).await.expect(200);

    later();
    world.owner.with("if-match", got.etag()).delete(&path).await.problem(412, "stale");
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.problem(404, "not_found");
    world.owner.delete(&path).await.problem(404, "not_found");
    complete(&world.owner, made["id"].as_str().expect("an id")).await.problem(404, "not_found");
    let trash = world.owner.get("/v1/tasks?deleted=true").await;
    assert_eq!(super::titles(&trash.expect(200)["items"]), ["Ring Ada"]);
    later();
    assert_eq!(world.owner.post(&format!("{path}/restoration"), json!({})).await.expect(200)["title"], "Ring Ada");
    world.owner.post(&format!("{path}/restoration"), json!({})).await.problem(404, "not_found");

    world.app.settle().await;
    let events = world.events().await;
    let about: Vec<&str> = events.iter().map(String::as_str).filter(|k| k.starts_with("task.")).collect();
    let first = ["task.created", "task.updated", "task.rescheduled", "task.assigned"];
    let last = ["task.updated", "task.rescheduled", "task.deleted", "task.restored"];
    assert_eq!(about, [first, last].concat());
    let named = world.tenant_query("select title || payload::text from events where subject = 'tasks'").await;
    let told: String = named.iter().map(|row| row.get::<_, String>(0).to_lowercase()).collect();
    for words in ["ada", "lovelace", "ring", "oak", "engines", "roof"] {
        assert!(!told.contains(words), "events name nobody, but {words}: {told}");
    }
    for path in [format!("/v1/contacts/{ada}/timeline"), format!("/v1/companies/{company}/timeline")] {
        let timeline = world.owner.get(&path).await;
        assert!(
            timeline.expect(200)["items"].to_string().contains("task.created"),
            "{path} shows it: {}",
            timeline.text
        );
    }

    world.owner.delete(&path).await.expect(204);
    world.app.advance(TimeDelta::days(31));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from tasks").await, 0);
    assert!(world.events().await.contains(&"task.purged".to_owned()));
}

#[tokio::test]
async fn a_task_ends_once_and_can_be_opened_again() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"title": "Measure", "due_on": "2026-11-20"})).await;
    let path = format!("/v1/tasks/{id}");
    let skip = format!("{path}/skip");
    let refused = world.owner.post(&skip, json!({"reason": " "})).await;
    assert_eq!(refused.expect(422)["errors"][0]["field"], "/reason");
    world.owner.post(&skip, json!({})).await.expect(400);
    let stale = world.owner.with("if-match", "\"v9\"");
    stale.post(&format!("{path}/completion"), json!({})).await.problem(412, "stale");
    let later = || world.app.advance(TimeDelta::microseconds(1));
    later();
    let done = world.owner.post(&format!("{path}/completion"), json!({"outcome": "4 by 5"})).await;
    let task = &done.expect(200)["task"];
    assert_eq!(
        (&task["status"], &task["outcome"], &task["closed_by"]),
        (&json!("done"), &json!("4 by 5"), &json!(world.owner_id))
    );
    assert_eq!(done.body.get("next"), None);
    complete(&world.owner, &id).await.problem(409, "task_closed");
    world.owner.post(&skip, json!({"reason": "Rain"})).await.problem(409, "task_closed");
    world
        .owner
        .post(&format!("{path}/snooze"), json!({"until": "2026-11-21T08:00:00Z"}))
        .await
        .problem(409, "task_closed");
    later();
    let open = world.owner.post(&format!("{path}/reopening"), json!({})).await;
    assert_eq!(
        (&open.expect(200)["status"], open.body.get("outcome"), open.body.get("closed_at")),
        (&json!("open"), None, None)
    );
    world.owner.post(&format!("{path}/reopening"), json!({})).await.problem(409, "task_open");
    later();
    let left = world.owner.post(&skip, json!({"reason": "Rain"})).await;
    assert_eq!(
        (&left.expect(200)["task"]["status"], &left.body["task"]["outcome"]),
        (&json!("skipped"), &json!("Rain"))
    );
    world.app.settle().await;
    let events = world.events().await;
    let about: Vec<&str> = events.iter().map(String::as_str).filter(|k| k.starts_with("task.")).collect();
    assert_eq!(about, ["task.created", "task.completed", "task.reopened", "task.skipped"]);
}

#[tokio::test]
async fn what_ends_at_once_ends_once() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"title": "Measure"})).await;
    let path = format!("/v1/tasks/{id}");
    let next = json!({"next": {"title": "Build"}});
    let bodies = (0..12).map(|i| match i % 2 {
        0 => ("completion", next.clone()),
        _ => ("skip", json!({"reason": "Rain"})),
    });
    let ends = bodies.map(|(what, body)| {
        let (owner, path) = (world.owner.clone(), format!("{path}/{what}"));
        async move { owner.post(&path, body).await }
    });
    let answers = join_all(ends).await;
    assert_eq!(
        answers.iter().filter(|a| a.status == 200).count(),
        1,
        "{:?}",
        answers.iter().map(|a| a.status).collect::<Vec<_>>()
    );
    for late in answers.iter().filter(|a| a.status != 200) {
        late.problem(409, "task_closed");
    }
    assert!(world.count("select count(*) from tasks where follows_id is not null").await <= 1);
    let ended = "select count(*) from events where kind in ('task.completed', 'task.skipped')";
    assert_eq!(world.count(ended).await, 1);
    world.app.settle().await;
}

#[tokio::test]
async fn what_is_next_is_about_the_same() {
    let world = World::start().await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let task = json!({"title": "Measure", "contact": ada, "assignee": world.owner_id, "zone": "Asia/Tokyo"});
    let id = id_of(&world.owner, task).await;
    let path = format!("/v1/tasks/{id}/completion");
    let wrong = world.owner.post(&path, json!({"next": {"title": "", "due_time": "9"}})).await;
    assert_eq!(wrong.expect(422)["errors"][0]["field"], "/next/title");
    let nobody = json!({"next": {"title": "B", "assignee": "usr_0000000000000000000000000n"}});
    assert_eq!(world.owner.post(&path, nobody).await.expect(422)["errors"][0]["field"], "/next/assignee");
    let done = world.owner.post(&path, json!({"next": {"title": "Build", "due_on": "2026-12-01"}})).await;
    let next = &done.expect(200)["next"];
    assert_eq!(
        (&next["title"], &next["contact"], &next["assignee"]),
        (&json!("Build"), &json!(ada), &json!(world.owner_id))
    );
    assert_eq!((&next["follows"], &next["due_at"]), (&json!(id), &json!("2026-12-01T14:59:59+00:00")));
    world.owner.post(&format!("/v1/tasks/{id}/reopening"), json!({})).await.expect(200);
    assert_eq!(world.count("select count(*) from tasks").await, 2, "what somebody wrote stays");
    world.app.settle().await;
}

#[tokio::test]
async fn a_snooze_puts_a_task_off_and_a_new_day_ends_it() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"title": "Measure", "due_on": "2026-11-19"})).await;
    let path = format!("/v1/tasks/{id}");
    let snooze = async |until: Value| world.owner.post(&format!("{path}/snooze"), json!({ "until": until })).await;
    for wrong in ["2026-11-20T12:00:00Z", "2019-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
        assert_eq!(snooze(json!(wrong)).await.expect(422)["errors"][0]["field"], "/until");
    }
    let off = snooze(json!("2026-11-21T08:00:00Z")).await;
    assert_eq!(
        (&off.expect(200)["agenda_at"], &off.body["due_on"]),
        (&json!("2026-11-21T08:00:00+00:00"), &json!("2026-11-19"))
    );
    let counts = world.owner.get("/v1/tasks/counts").await;
    assert_eq!(counts.expect(200), &json!({"overdue": 0, "today": 0, "week": 1}));
    world.owner.patch(&path, json!({"title": "Measure it"})).await.expect(200);
    assert_eq!(world.owner.get(&path).await.expect(200)["snoozed_until"], "2026-11-21T08:00:00+00:00");
    let back = snooze(Value::Null).await;
    assert_eq!(
        (back.expect(200).get("snoozed_until"), &back.body["agenda_at"]),
        (None, &json!("2026-11-19T23:59:59+00:00"))
    );
    snooze(json!("2026-11-30T08:00:00Z")).await.expect(200);
    let moved = world.owner.patch(&path, json!({"due_on": "2026-11-22"})).await;
    assert_eq!(
        (moved.expect(200).get("snoozed_until"), &moved.body["agenda_at"]),
        (None, &json!("2026-11-22T23:59:59+00:00"))
    );
    world.app.settle().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_field_by_field() {
    let world = World::start().await;
    let nobody = "0000000000000000000000000n";
    for (body, status, fields) in [
        (
            json!({"title": "A", "contact": format!("con_{nobody}"), "company": format!("com_{nobody}"), "deal": format!("dea_{nobody}")}),
            422,
            vec!["/contact", "/company", "/deal"],
        ),
        (json!({"title": "A", "assignee": format!("usr_{nobody}")}), 422, vec!["/assignee"]),
        (json!({"title": "A", "collaborators": [format!("usr_{nobody}")]}), 422, vec!["/collaborators"]),
        (json!({"title": " ", "due_time": "25:00"}), 422, vec!["/title", "/due_time", "/due_time"]),
        (json!({"title": "A", "due_on": "2026-11-21", "due_time": "09:30:00"}), 422, vec!["/due_time"]),
        (json!({"title": "A", "due_on": "2026-11-21", "zone": "Mars/Base"}), 422, vec!["/zone"]),
        (json!({"title": "A", "due_on": "2026-11-21", "rule": "FREQ=HOURLY"}), 422, vec!["/rule"]),
        (json!({"title": "A", "rule": "FREQ=DAILY"}), 422, vec!["/rule"]),
        (json!({"title": "A", "kind": "dance"}), 400, vec![]),
        (json!({"title": "A", "due_on": "soon"}), 400, vec![]),
        (json!({"title": "A", "shoe_size": 44}), 400, vec![]),
    ] {
        let answer = world.owner.post("/v1/tasks", body.clone()).await;
        let errors = answer.expect(status)["errors"].as_array().cloned().unwrap_or_default();
        let named: Vec<&str> = errors.iter().filter_map(|e| e["field"].as_str()).collect();
        if status == 422 {
            assert_eq!(named, fields, "{body}");
        }
    }
    assert_eq!(world.count("select count(*) from tasks").await, 0);
    world.app.settle().await;
}

#[tokio::test]
async fn levels_hold_everywhere_and_who_shares_a_task_reaches_it() {
    let world = World::start().await;
    let (sam, sam_id) =
        member_with(&world, "Sam", json!({"tasks.read": "own", "tasks.write": "own", "tasks.export": "own"})).await;
    let stranger = world.stranger().await;
    let (desk, _) = member_with(&world, "Desk", json!({"tenants.read": "all"})).await;
    let hers = id_of(&world.owner, json!({"title": "Hers", "assignee": world.owner_id, "due_on": "2026-11-19"})).await;
    let shared = json!({"title": "Shared", "assignee": world.owner_id, "collaborators": [sam_id, sam_id], "due_on": "2026-11-19"});
    let shared = id_of(&world.owner, shared).await;
    id_of(&world.owner, json!({"title": "Nobody's", "due_on": "2026-11-19"})).await;
    let own = add(&sam, json!({"title": "Own", "due_on": "2026-11-19"})).await;
    assert_eq!(own["assignee"], json!(sam_id), "who sees only his own does it himself");
    let refused = sam.post("/v1/tasks", json!({"title": "A", "assignee": world.owner_id})).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "assignee_out_of_reach");
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let refused = sam.post("/v1/tasks", json!({"title": "A", "contact": ada})).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "contact_unknown", "nobody learns whom he may not see");

    let seen = sam.get("/v1/tasks?sort=title").await;
    assert_eq!(super::titles(&seen.expect(200)["items"]), ["Own", "Shared"]);
    let board = sam.get("/v1/tasks/board").await;
    assert_eq!(board.expect(200)["overdue"]["count"], 2);
    assert_eq!(sam.get("/v1/tasks/counts").await.expect(200)["overdue"], 2);
    assert_eq!(world.owner.get("/v1/tasks/counts").await.expect(200)["overdue"], 4);
    let file = sam.get("/v1/tasks/export").await;
    assert_eq!(file.text.matches("tsk_").count(), 2);

    let path = format!("/v1/tasks/{hers}");
    for client in [&sam, &stranger] {
        client.get(&path).await.problem(404, "not_found");
        client.patch(&path, json!({"title": "Eve"})).await.problem(404, "not_found");
        for what in ["completion", "reopening", "snooze"] {
            client.post(&format!("{path}/{what}"), json!({})).await.problem(404, "not_found");
        }
        client.post(&format!("{path}/skip"), json!({"reason": "x"})).await.problem(404, "not_found");
    }
    stranger.delete(&path).await.problem(404, "not_found");
    sam.delete(&path).await.problem(403, "permission_missing");
    for path in [path.as_str(), "/v1/tasks", "/v1/tasks/board", "/v1/tasks/counts", "/v1/tasks/export"] {
        desk.get(path).await.problem(403, "permission_missing");
        world.app.anonymous().get(path).await.problem(401, "credential_missing");
    }
    complete(&sam, &shared).await.expect(200);
    world.app.settle().await;
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() {
    let world = World::start().await;
    let once = world.owner.with("idempotency-key", "k1");
    let first = once.post("/v1/tasks", json!({"title": "Roof"})).await;
    assert_eq!(first.expect(201), once.post("/v1/tasks", json!({"title": "Roof"})).await.expect(201));
    let id = first.text_of("id");
    let once = world.owner.with("idempotency-key", "k2");
    assert_eq!(complete(&once, &id).await.expect(200), complete(&once, &id).await.expect(200));
    assert_eq!(world.count("select count(*) from tasks").await, 1);
    world.app.settle().await;
}

#[tokio::test]
async fn a_task_of_somebody_who_left_can_still_be_changed() {
    let world = World::start().await;
    let (_, sam_id) = world.member("agency_staff", "Sam").await;
    let (_, kim_id) = world.member("agency_staff", "Kim").await;
    let task = json!({"title": "Roof", "assignee": sam_id, "collaborators": [kim_id]});
    let path = format!("/v1/tasks/{}", id_of(&world.owner, task).await);
    for id in [&sam_id, &kim_id] {
        world.owner.delete(&format!("/v1/members/{id}")).await.expect(204);
    }
    // The console sends all that it shows.
    let change = json!({"title": "The roof", "assignee": sam_id, "collaborators": [kim_id]});
    let changed = world.owner.patch(&path, change).await;
    assert_eq!((&changed.expect(200)["title"], &changed.body["assignee"]), (&json!("The roof"), &json!(sam_id)));
    // Nobody who left is given it anew.
    world.owner.patch(&path, json!({"assignee": null, "collaborators": []})).await.expect(200);
    for gone in [json!({"assignee": sam_id}), json!({"collaborators": [kim_id]})] {
        let refused = world.owner.patch(&path, gone).await;
        assert_eq!(refused.problem(422, "invalid")["errors"][0]["code"], "member_unknown");
    }
}
