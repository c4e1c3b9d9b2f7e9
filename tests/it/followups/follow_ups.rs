//! Rules fire once, and not after an answer.
use super::{call, contact, follow_ups, log, only_rule, owner, propose, tasks, waiting};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

#[tokio::test]
async fn a_proposal_is_followed_up_three_working_days_later() {
    let world = World::start().await;
    let ada = contact(&world, &world.owner, "Ada").await;
    propose(&world.owner, &ada).await;
    // It is Friday: the third working day is Wednesday. The rule for mails waits seven days.
    let coming = waiting(&world.owner).await;
    let seen = |f: &Value| (f["rule_name"].clone(), f["due_on"].clone(), f["title"].clone());
    assert_eq!(
        coming.iter().map(seen).collect::<Vec<_>>(),
        [
            (json!("After a proposal"), json!("2026-11-25"), json!("Ask Ada Byron about the proposal")),
            (json!("No answer to an e-mail"), json!("2026-11-27"), json!("Write to Ada Byron again")),
        ]
    );
    assert_eq!(coming[0]["assignee"], json!(world.owner_id));
    assert_eq!(coming[0]["started_subject"], "activities");
    world.app.settle().await;
    assert!(tasks(&world.owner).await.is_empty(), "nothing comes before its moment");
    let at: chrono::DateTime<chrono::Utc> = coming[0]["fire_at"].as_str().unwrap().parse().unwrap();
    world.app.advance(at - world.app.clock.now());
    tokio::join!(world.app.settle(), world.app.settle());
    let owner = owner(&world).await;
    let task = &owner.get("/v1/tasks").await.expect(200)["items"][0].clone();
    assert_eq!(task["title"], "Ask Ada Byron about the proposal");
    assert_eq!(
        (&task["kind"], &task["priority"], &task["due_on"]),
        (&json!("call"), &json!("high"), &json!("2026-11-25"))
    );
    assert_eq!((&task["assignee"], &task["contact"]), (&json!(world.owner_id), &json!(ada)));
    let fired = &follow_ups(&owner, "status:eq:fired").await[0];
    assert_eq!(fired["task"], task["id"]);
    assert_eq!(world.count("select count(*) from notifications where kind = 'follow_up.fired'").await, 1);
    world.app.advance(TimeDelta::minutes(1));
    let mails = world.mails("northlight@example.com").await;
    assert_eq!(mails.iter().filter(|subject| *subject == "Follow up: Ask Ada Byron about the proposal").count(), 1);
    // A clock that jumps, and jobs that come again, make nothing twice.
    let again = "update ops.jobs set state = 'queued', run_at = now() - interval '1 day' where kind = 'FireFollowUp'";
    world.app.db.superuser().await.execute(again, &[]).await.expect("jobs");
    world.app.advance(-TimeDelta::days(2));
    world.app.settle().await;
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    assert_eq!(tasks(&super::owner(&world).await).await.len(), 1);
}

/// What makes a follow-up needless, and why it then says it was cancelled.
async fn cancels(world: &World, owner: &Client, ada: &str, what: usize) -> &'static str {
    let inbound = |kind: &str| json!({"kind": kind, "direction": "inbound"});
    match what {
        0 => log(owner, ada, inbound("email")).await,
        1 => log(owner, ada, inbound("message")).await,
        2 => log(owner, ada, inbound("call")).await,
        3 => log(owner, ada, json!({"kind": "call", "direction": "outbound", "duration_seconds": 60})).await,
        4 => log(owner, ada, json!({"kind": "call", "direction": "outbound", "outcome": "Wants an offer"})).await,
        5 => {
            log(owner, ada, json!({"kind": "meeting", "direction": "outbound"})).await;
            return "meeting";
        }
        6 => {
            let meeting = json!({"title": "Meet", "kind": "meeting", "contact": ada, "due_on": "2026-12-01"});
            owner.post("/v1/tasks", meeting).await.expect(201);
            return "meeting";
        }
        7 => {
            owner.patch(&format!("/v1/contacts/{ada}"), json!({"stage": "qualified"})).await.expect(200);
            return "stage";
        }
        _ => {
            // A form that the contact sends, found by his address.
            owner
                .patch(&format!("/v1/contacts/{ada}"), json!({"emails": [{"address": "ada@visitor.example"}]}))
                .await
                .expect(200);
            let fields = json!([{"key": "name", "type": "text", "label": "Name", "required": true, "maps_to": "name"},
                {"key": "email", "type": "email", "label": "E-mail", "maps_to": "email"}]);
            let form = json!({"title": "Enquiry", "steps": [{"key": "who", "fields": fields}]});
            let form = world.published(form, json!({})).await;
            let answers = json!({"name": "Ada Byron", "email": "ada@visitor.example"});
            world.visitor(&form, 1).submit(1, answers).await.expect(201);
            return "reply";
        }
    };
    "reply"
}

#[tokio::test]
async fn an_answer_on_any_channel_a_meeting_and_a_stage_cancel() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    for what in 0..9 {
        let ada = contact(&world, &world.owner, &format!("Ada{what}")).await;
        call(&world.owner, &ada).await;
        let coming = follow_ups(&world.owner, &format!("contact:eq:{ada}")).await;
        assert_eq!(coming.len(), 1, "{what}");
        let why = cancels(&world, &world.owner, &ada, what).await;
        let gone = follow_ups(&world.owner, &format!("contact:eq:{ada}")).await;
        assert_eq!((gone.len(), &gone[0]["status"]), (1, &json!("cancelled")), "{what}");
        assert_eq!(gone[0]["reason"], why, "{what}");
        assert!(gone[0]["cause_id"].is_string() && gone[0]["ended_at"].is_string(), "{what}");
    }
    world.app.advance(TimeDelta::days(10));
    world.app.settle().await;
    let left = tasks(&owner(&world).await).await;
    assert_eq!(left, ["Meet"], "nothing fires after it was cancelled");
}

#[tokio::test]
async fn what_is_no_answer_cancels_nothing() {
    let world = World::start().await;
    only_rule(&world.owner, json!({"restarts": false})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    let bob = contact(&world, &world.owner, "Bob").await;
    call(&world.owner, &ada).await;
    log(&world.owner, &ada, json!({"kind": "email", "direction": "outbound"})).await;
    log(&world.owner, &ada, json!({"kind": "other"})).await;
    log(&world.owner, &bob, json!({"kind": "email", "direction": "inbound"})).await;
    // He had written before he was rung: that is no answer.
    let before = json!({"kind": "email", "direction": "inbound", "occurred_at": "2026-11-20T11:00:00Z"});
    log(&world.owner, &ada, before).await;
    assert_eq!(waiting(&world.owner).await.len(), 1);
    // What is found out to be an answer is one.
    let mail = log(&world.owner, &ada, json!({"kind": "email", "direction": "outbound"})).await;
    let path = format!("/v1/activities/{}", mail.text_of("id"));
    world.owner.patch(&path, json!({"direction": "inbound"})).await.expect(200);
    assert!(waiting(&world.owner).await.is_empty());
}

#[tokio::test]
async fn what_was_answered_already_and_what_is_old_starts_nothing() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    log(&world.owner, &ada, json!({"kind": "email", "direction": "inbound"})).await;
    let earlier = json!({"kind": "call", "direction": "outbound", "occurred_at": "2026-11-20T10:00:00Z"});
    log(&world.owner, &ada, earlier).await;
    let bob = contact(&world, &world.owner, "Bob").await;
    let long_ago = json!({"kind": "call", "direction": "outbound", "occurred_at": "2026-10-01T10:00:00Z"});
    log(&world.owner, &bob, long_ago).await;
    assert!(waiting(&world.owner).await.is_empty());
    // Logged late, but not too late: it is due at the next working moment.
    let last_week = json!({"kind": "call", "direction": "outbound", "occurred_at": "2026-11-12T10:00:00Z"});
    log(&world.owner, &bob, last_week).await;
    world.app.advance(TimeDelta::days(3));
    world.app.settle().await;
    assert_eq!(tasks(&owner(&world).await).await, ["Ring Bob Byron of Engines again"]);
}

#[tokio::test]
async fn the_same_again_waits_anew_when_the_rule_says_so() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    call(&world.owner, &ada).await;
    let first = waiting(&world.owner).await;
    world.app.advance(TimeDelta::days(3));
    let owner = owner(&world).await;
    call(&owner, &ada).await;
    let second = waiting(&owner).await;
    assert_eq!((second.len(), &second[0]["id"]), (1, &first[0]["id"]));
    assert_eq!((&first[0]["due_on"], &second[0]["due_on"]), (&json!("2026-11-24"), &json!("2026-11-25")));
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    assert!(tasks(&super::owner(&world).await).await.is_empty(), "the first moment has passed without effect");
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    assert_eq!(tasks(&super::owner(&world).await).await.len(), 1);
}

#[tokio::test]
async fn an_answer_leaves_out_the_task_that_was_made() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    call(&world.owner, &ada).await;
    world.app.advance(TimeDelta::days(5));
    world.app.settle().await;
    let owner = owner(&world).await;
    log(&owner, &ada, json!({"kind": "message", "direction": "inbound"})).await;
    let task = owner.get("/v1/tasks").await.expect(200)["items"][0].clone();
    assert_eq!(
        (&task["status"], &task["outcome"]),
        (&json!("skipped"), &json!("Not needed: the contact got in touch."))
    );
    // Whoever logged the answer has not left the task out: it counts neither way.
    assert_eq!(task["closed_by"], Value::Null);
    let became = owner.get("/v1/task-completion").await.expect(200)["total"].clone();
    assert_eq!((&became["withdrawn"], &became["skipped"], &became["rate"]), (&json!(1), &json!(0), &Value::Null));
}

#[tokio::test]
async fn what_is_planned_leaves_as_a_file_with_the_filters_of_its_list() {
    let world = World::start().await;
    only_rule(&world.owner, json!({"name": "=Calls", "task_title": "+Ring {name}"})).await;
    for name in ["Ada", "Bob", "Cid"] {
        let who = contact(&world, &world.owner, name).await;
        call(&world.owner, &who).await;
    }
    let held = waiting(&world.owner).await[0]["id"].as_str().expect("an id").to_owned();
    world.owner.post(&format!("/v1/follow-ups/{held}/pause"), json!({})).await.expect(200);
    let rows = async |query: &str| {
        let file = world.owner.get(&format!("/v1/follow-ups/export{query}")).await;
        file.expect(200);
        let lines: Vec<String> = file.text.trim_end().split("\r\n").map(str::to_owned).collect();
        let said = file.headers["upzento-rows"].to_str().expect("a number").parse::<usize>().expect("a number");
        assert_eq!(said + 1, lines.len(), "{}", file.text);
        lines
    };
    let all = rows("").await;
    assert_eq!(all.len(), 4);
    assert!(all[0].contains("id,status,title,kind"), "{}", all[0]);
    // No cell begins a formula.
    assert!(all[1..].iter().all(|line| line.contains(",'+Ring ") && line.contains(",'=Calls,")), "{all:?}");
    assert_eq!(rows("?filter=status:eq:waiting").await.len(), 3);
    let one = rows("?filter=status:eq:paused&language=ar").await;
    assert!(one.len() == 2 && one[1].contains(&held) && one[0].contains("القاعدة"), "{one:?}");
    world.owner.get("/v1/follow-ups/export?filter=nonsense:eq:1").await.expect(422);
    world.owner.get("/v1/follow-ups/export?format=xlsx").await.expect(200);
    assert!(world.events().await.contains(&"follow_up.exported".to_owned()));
    assert_eq!(world.stranger().await.get("/v1/follow-ups/export").await.headers["upzento-rows"], "0");
}

/// As tasks were written for some time: whoever logged the answer was said to have left the task out.
#[tokio::test]
async fn what_an_answer_left_out_in_former_times_counts_neither_way_too() {
    const PUT_RIGHT: &str = include_str!("../../../tenant-migrations/tenant/V82__occurrences_and_withdrawn_tasks.sql");
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let (ada, bob) = (contact(&world, &world.owner, "Ada").await, contact(&world, &world.owner, "Bob").await);
    for who in [&ada, &bob] {
        call(&world.owner, who).await;
    }
    world.app.advance(TimeDelta::days(5));
    world.app.settle().await;
    let owner = owner(&world).await;
    let of = async |who: &str| {
        owner.get(&format!("/v1/tasks?filter=contact:eq:{who}")).await.expect(200)["items"][0]["id"].clone()
    };
    let bobs = of(&bob).await;
    let skip = json!({"reason": "Not needed: he has moved away."});
    owner.post(&format!("/v1/tasks/{}/skip", bobs.as_str().expect("an id")), skip).await.expect(200);
    log(&owner, &ada, json!({"kind": "message", "direction": "inbound"})).await;
    world.tenant_query("update tasks set closed_by = gen_random_uuid() where status = 'skipped'").await;
    let became = async || {
        let total = owner.get("/v1/task-completion").await.expect(200)["total"].clone();
        (total["withdrawn"].clone(), total["skipped"].clone())
    };
    assert_eq!(became().await, (json!(0), json!(2)));
    let (_, statement) = PUT_RIGHT.split_once("-- Whoever logged an answer").expect("the statement");
    let (_, statement) = statement.split_once('\n').expect("its first line");
    world.tenant_query(statement.split(';').next().expect("it")).await;
    assert_eq!(became().await, (json!(1), json!(1)), "what a member left out stays left out by him");
}

#[tokio::test]
async fn what_comes_while_the_plan_is_without_follow_ups_is_held_back() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    call(&world.owner, &ada).await;
    let database = world.app.db.superuser().await;
    let known_anew = || world.app.app.changes.forget(kernel::tenancy::memory::Change::Tenant(world.tenant));
    let off = "insert into control.tenant_modules (tenant_id, module, enabled, updated_at) values ($1, 'followups', false, now())";
    database.execute(off, &[&world.tenant.0]).await.expect("switched off");
    known_anew();
    world.app.advance(TimeDelta::days(5));
    world.app.settle().await;
    database.execute("delete from control.tenant_modules", &[]).await.expect("switched on");
    known_anew();
    let owner = owner(&world).await;
    let held = follow_ups(&owner, "status:eq:paused").await;
    assert_eq!((held.len(), tasks(&owner).await.len()), (1, 0), "nothing came, and nothing is lost");
    let path = format!("/v1/follow-ups/{}/resumption", held[0]["id"].as_str().unwrap());
    owner.post(&path, json!({})).await.expect(200);
    world.app.advance(TimeDelta::days(4));
    world.app.settle().await;
    assert_eq!(tasks(&super::owner(&world).await).await.len(), 1);
}

#[tokio::test]
async fn deals_are_followed_up_while_they_stand_still() {
    let world = World::start().await;
    let pipelines = world.owner.get("/v1/pipelines").await;
    let stages = pipelines.expect(200)["items"][0]["stages"].as_array().unwrap().clone();
    let (new, proposal) = (&stages[0]["id"], &stages[2]["id"]);
    let rule = json!({"cause": "deal_stage", "deal_stage": proposal, "cancel_on": ["stage"], "wait_days": 5,
        "task_title": "See how {deal} goes", "assignee": "owner"});
    only_rule(&world.owner, rule).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    let deal = json!({"title": "Engine", "stage": new, "owner": world.owner_id, "contacts": [{"contact": ada}]});
    let deal = world.owner.post("/v1/deals", deal).await.text_of("id");
    assert!(waiting(&world.owner).await.is_empty());
    let go = async |client: &Client, stage: &Value| {
        client.post(&format!("/v1/deals/{deal}/moves"), json!({"stage": stage})).await.expect(200);
    };
    go(&world.owner, proposal).await;
    let coming = waiting(&world.owner).await;
    assert_eq!((&coming[0]["title"], &coming[0]["due_on"]), (&json!("See how Engine goes"), &json!("2026-11-27")));
    // Anything that is logged shows that it does not stand still.
    world.app.advance(TimeDelta::days(4));
    let owner = owner(&world).await;
    log(&owner, &ada, json!({"kind": "email", "direction": "outbound"})).await;
    assert_eq!(waiting(&owner).await[0]["due_on"], "2026-12-01");
    go(&owner, new).await;
    assert_eq!(follow_ups(&owner, "status:eq:cancelled").await[0]["reason"], "stage");
    go(&owner, proposal).await;
    let outcome = json!({"status": "won"});
    owner.post(&format!("/v1/deals/{deal}/outcome"), outcome).await.expect(200);
    assert!(waiting(&owner).await.is_empty(), "what is won needs none");
}

#[tokio::test]
async fn a_member_holds_back_stops_and_resumes() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    call(&world.owner, &ada).await;
    let id = waiting(&world.owner).await[0]["id"].as_str().unwrap().to_owned();
    let act = async |client: &Client, what: &str| client.post(&format!("/v1/follow-ups/{id}/{what}"), json!({})).await;
    assert_eq!(act(&world.owner, "pause").await.expect(200)["status"], "paused");
    act(&world.owner, "pause").await.problem(409, "follow_up_paused");
    world.app.advance(TimeDelta::days(7));
    world.app.settle().await;
    let owner = owner(&world).await;
    assert!(tasks(&owner).await.is_empty(), "it was held back");
    // A week later, as many days later.
    assert_eq!(act(&owner, "resumption").await.expect(200)["due_on"], "2026-12-01");
    act(&owner, "resumption").await.problem(409, "follow_up_waits");
    let stopped = act(&owner, "cancellation").await;
    assert_eq!(stopped.expect(200)["reason"], "stopped");
    assert_eq!(stopped.body["ended_by"], json!(world.owner_id));
    act(&owner, "cancellation").await.problem(409, "follow_up_ended");
    assert_eq!(act(&owner, "resumption").await.expect(200)["status"], "waiting", "it can be undone");
    world.app.advance(TimeDelta::days(5));
    world.app.settle().await;
    let owner = super::owner(&world).await;
    assert_eq!(tasks(&owner).await.len(), 1);
    act(&owner, "resumption").await.problem(409, "follow_up_ended");
}

#[tokio::test]
async fn what_is_gone_or_off_does_not_fire() {
    let world = World::start().await;
    let rule = only_rule(&world.owner, json!({})).await;
    let (ada, bob) = (contact(&world, &world.owner, "Ada").await, contact(&world, &world.owner, "Bob").await);
    call(&world.owner, &ada).await;
    call(&world.owner, &bob).await;
    world.owner.delete(&format!("/v1/contacts/{ada}")).await.expect(204);
    world.app.advance(TimeDelta::days(4));
    let owner = owner(&world).await;
    let mut off = rule.clone();
    off["enabled"] = json!(false);
    for field in ["id", "created_at", "updated_at", "version"] {
        off.as_object_mut().unwrap().remove(field);
    }
    let path = format!("/v1/follow-up-rules/{}", rule["id"].as_str().unwrap());
    owner.put(&path, off).await.expect(200);
    world.app.settle().await;
    assert!(tasks(&owner).await.is_empty());
    assert_eq!(follow_ups(&owner, "status:eq:cancelled").await[0]["reason"], "off");
    owner.post(&format!("/v1/contacts/{ada}/restoration"), json!({})).await.expect(200);
    let of_ada = follow_ups(&owner, &format!("contact:eq:{ada}")).await;
    assert_eq!(of_ada[0]["reason"], "gone");
}

#[tokio::test]
async fn whoever_sees_only_his_own_contacts_sees_only_their_follow_ups() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let role = json!({"key": "rep", "name": "Rep", "grants": {"followups.*": "own", "contacts.*": "own", "activities.*": "own"}});
    world.owner.post("/v1/roles", role).await.expect(201);
    let (sam, sam_id) = world.member("rep", "Sam").await;
    let ada = contact(&world, &world.owner, "Ada").await;
    let his = json!({"first_name": "Bob", "owner": sam_id});
    let his = crate::contacts::id_of(&sam, his).await;
    call(&world.owner, &ada).await;
    call(&sam, &his).await;
    assert_eq!(waiting(&world.owner).await.len(), 2);
    let seen = waiting(&sam).await;
    assert_eq!((seen.len(), &seen[0]["contact"]), (1, &json!(his)));
    let other = follow_ups(&world.owner, &format!("contact:eq:{ada}")).await[0]["id"].as_str().unwrap().to_owned();
    sam.get(&format!("/v1/follow-ups/{other}")).await.expect(404);
    sam.post(&format!("/v1/follow-ups/{other}/cancellation"), json!({})).await.expect(404);
    world.stranger().await.get(&format!("/v1/follow-ups/{other}")).await.expect(404);
    sam.post("/v1/follow-up-rules", json!({"name": "His", "cause": "activity", "wait_days": 1, "task_title": "Ring"}))
        .await
        .problem(403, "level_all_needed");
}

#[tokio::test]
async fn an_answer_logged_about_a_deal_cancels_what_waits_with_the_deal() {
    let world = World::start().await;
    let stage = crate::deals::Line::first(&world).await.stages[0].clone();
    let rule = json!({"cause": "deal_stage", "deal_stage": stage, "cancel_on": ["reply"], "wait_days": 5,
        "task_title": "See how {deal} goes", "assignee": "owner"});
    only_rule(&world.owner, rule).await;
    let deal = async |title: &str| {
        let made = world.owner.post("/v1/deals", json!({"title": title, "owner": world.owner_id})).await;
        made.expect(201);
        made.text_of("id")
    };
    let (roof, wall) = (deal("Roof").await, deal("Wall").await);
    assert_eq!(waiting(&world.owner).await.len(), 2);
    world.app.advance(TimeDelta::seconds(1));
    let said = |direction: &str| json!({"kind": "whatsapp", "direction": direction, "title": "Slate"});
    let path = format!("/v1/deals/{roof}/activities");
    world.owner.post(&path, said("outbound")).await.expect(201);
    assert_eq!(waiting(&world.owner).await.len(), 2, "what we say is no answer");
    world.owner.post(&path, said("inbound")).await.expect(201);
    let left = waiting(&world.owner).await;
    assert_eq!((left.len(), &left[0]["deal"]), (1, &json!(wall)), "in the same transaction, of this deal alone");
    world.app.settle().await;
}

#[tokio::test]
async fn a_meeting_on_a_deal_and_a_task_that_becomes_one_cancel() {
    let world = World::start().await;
    let owner = &world.owner;
    only_rule(owner, json!({})).await;
    // A task that becomes a meeting with a contact.
    let ada = contact(&world, owner, "Ada").await;
    let task = json!({"title": "Talk", "kind": "task", "contact": ada, "due_on": "2026-12-01"});
    let task = owner.post("/v1/tasks", task).await.text_of("id");
    call(owner, &ada).await;
    assert_eq!(waiting(owner).await.len(), 1, "a task is no meeting");
    owner.patch(&format!("/v1/tasks/{task}"), json!({"title": "Talk soon"})).await.expect(200);
    assert_eq!(waiting(owner).await.len(), 1);
    owner.patch(&format!("/v1/tasks/{task}"), json!({"kind": "meeting"})).await.expect(200);
    let gone = &follow_ups(owner, &format!("contact:eq:{ada}")).await[0];
    assert_eq!((&gone["status"], &gone["reason"]), (&json!("cancelled"), &json!("meeting")));
    // It was a meeting already when the next one began to wait, so another title cancels nothing.
    call(owner, &ada).await;
    owner.patch(&format!("/v1/tasks/{task}"), json!({"title": "Talk about the roof"})).await.expect(200);
    assert_eq!(waiting(owner).await.len(), 1);
    // With somebody else it cancels what waits for him.
    let bob = contact(&world, owner, "Bob").await;
    call(owner, &bob).await;
    owner.patch(&format!("/v1/tasks/{task}"), json!({"contact": bob})).await.expect(200);
    let of = async |who: &str| follow_ups(owner, &format!("contact:eq:{who}")).await;
    assert_eq!(of(&bob).await[0]["status"], "cancelled");
    assert_eq!(of(&ada).await.iter().filter(|f| f["status"] == "waiting").count(), 1);
    // A meeting that was done is planned by nobody.
    let done = json!({"title": "Met", "kind": "task", "contact": ada});
    let done = owner.post("/v1/tasks", done).await.text_of("id");
    owner.post(&format!("/v1/tasks/{done}/completion"), json!({})).await.expect(200);
    owner.patch(&format!("/v1/tasks/{done}"), json!({"kind": "meeting"})).await;
    assert_eq!(of(&ada).await.iter().filter(|f| f["status"] == "waiting").count(), 1);
}

#[tokio::test]
async fn a_meeting_planned_on_a_deal_without_a_contact_cancels_what_waits_with_the_deal() {
    let world = World::start().await;
    let stage = crate::deals::Line::first(&world).await.stages[0].clone();
    let rule = json!({"cause": "deal_stage", "deal_stage": stage, "cancel_on": ["meeting"], "wait_days": 5,
        "task_title": "See how {deal} goes", "assignee": "owner"});
    only_rule(&world.owner, rule).await;
    let mut deals = vec![];
    for title in ["Roof", "Cellar", "Wall"] {
        let made = world.owner.post("/v1/deals", json!({"title": title, "owner": world.owner_id})).await;
        made.expect(201);
        deals.push(made.text_of("id"));
    }
    assert_eq!(waiting(&world.owner).await.len(), 3);
    let meeting = json!({"title": "On the roof", "kind": "meeting", "deal": deals[0], "due_on": "2026-12-01"});
    world.owner.post("/v1/tasks", meeting).await.expect(201);
    let task = json!({"title": "Look at it", "kind": "task", "deal": deals[1], "due_on": "2026-12-01"});
    let task = world.owner.post("/v1/tasks", task).await.text_of("id");
    assert_eq!(waiting(&world.owner).await.len(), 2);
    world.owner.patch(&format!("/v1/tasks/{task}"), json!({"kind": "meeting"})).await.expect(200);
    let left = waiting(&world.owner).await;
    assert_eq!((left.len(), &left[0]["deal"]), (1, &json!(deals[2])));
    for gone in follow_ups(&world.owner, "status:eq:cancelled").await {
        assert_eq!((&gone["reason"], &gone["cause_subject"]), (&json!("meeting"), &json!("tasks")));
    }
}
