//! One change to many contacts: chosen in one moment, done in the background, stopped, killed, raced, and taken back.
use super::{
    contact_imports::{import, path_of as import_path, prepare},
    contact_merges::bare,
    id_of, member_with,
};
use crate::{
    fields::define,
    forms::{World, sign_in},
};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use tests::Client;

const RUNS: &str = "/v1/contact-bulk-runs";

fn path_of(run: &Value) -> String {
    format!("{RUNS}/{}", run["id"].as_str().expect("an id"))
}

/// Begins a run and lets it come to its end.
async fn run(world: &World, client: &Client, body: Value) -> Value {
    let made = client.post(RUNS, body).await.expect(201).clone();
    world.app.settle().await;
    client.get(&path_of(&made)).await.expect(200).clone()
}

async fn undo(world: &World, client: &Client, run: &Value) -> Value {
    client.post(&format!("{}/undo", path_of(run)), json!({})).await.expect(200);
    world.app.settle().await;
    client.get(&path_of(run)).await.expect(200).clone()
}

/// Total, done, changed, skipped, undone, kept.
fn counts(run: &Value) -> [i64; 6] {
    ["total", "done", "changed", "skipped", "undone", "kept"].map(|name| run[name].as_i64().expect("a count"))
}

/// What became of each contact, by name: outcome or reason, or what the undo did.
async fn fates(client: &Client, run: &Value, field: &str) -> BTreeMap<String, String> {
    let page = client.get(&format!("{}/rows?limit=200", path_of(run))).await;
    let said = |row: &Value, field: &str| row[field].as_str().map(str::to_owned);
    let one = |row: &Value| {
        let fate = said(row, field).or_else(|| said(row, "reason")).or_else(|| said(row, "outcome"));
        (said(row, "contact_name").unwrap_or_default(), fate.expect("a fate"))
    };
    page.expect(200)["items"].as_array().expect("rows").iter().map(one).collect()
}

/// So many people by an import, which records nothing about each.
async fn crowd(world: &World, count: usize) {
    let mut file = "name,email,tags,stage\n".to_owned();
    for i in 0..count {
        file += &format!("Person {i:05},p{i}@x.example,crowd,{}\n", if i % 2 == 0 { "new" } else { "qualified" });
    }
    import(world, file, json!({})).await;
}

/// What a bulk change may change, of every contact.
async fn dump(world: &World) -> Vec<String> {
    let rows = world
        .tenant_query(
            "select concat_ws('|', c.id, c.stage, c.tier, c.owner_id, c.tags, c.source, c.custom, c.deleted_at is null,
               (select jsonb_agg(to_jsonb(d) order by d.channel) from do_not_contact d where d.contact_id = c.id),
               (select jsonb_agg(to_jsonb(v) order by v.field_id) from custom_field_values v where v.record_id = c.id))
             from contacts c order by c.id",
        )
        .await;
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn everybody_who_matches_in_a_moment_is_changed_and_put_back() {
    let world = World::start().await;
    let client = &world.owner;
    let seats = define(client, json!({"label": "Seats", "type": "number"})).await["key"].as_str().unwrap().to_owned();
    crowd(&world, 450).await;
    let before = dump(&world).await;
    let page = client.get("/v1/contacts?filter=stage:eq:new&limit=2&sort=name").await.expect(200).clone();
    let [spared, second] = [0, 1].map(|n| page["items"][n]["id"].as_str().expect("an id").to_owned());
    let blocked = format!("/v1/contacts/{second}/do-not-contact/email");
    client.put(&blocked, json!({"reason": "asked by letter"})).await.expect(204);
    let count = client.get("/v1/contacts/count?filter=stage:eq:new&q=person").await;
    assert_eq!(count.expect(200)["count"], 225);
    let change = json!({"stage": "won", "tier": "gold", "source": "fair", "add_tags": ["Fresh"], "remove_tags": ["CROWD"],
        "custom": { (seats.clone()): 12 }, "owner": world.owner_id, "block": "email"});
    let wish = json!({"q": "person", "filter": ["stage:eq:new"], "excluded": [spared]});
    let made = client.post(RUNS, json!({"matching": wish, "change": change})).await.expect(201).clone();
    assert_eq!((&made["state"], &made["total"], &made["named"]), (&json!("running"), &json!(224), &json!(false)));
    // Whoever fits later is not meant.
    let late = id_of(client, json!({"first_name": "Person late"})).await;
    world.app.settle().await;
    let done = client.get(&path_of(&made)).await.expect(200).clone();
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [224, 224, 224, 0, 0, 0]));
    let one = client.get(&format!("/v1/contacts/{second}")).await.expect(200).clone();
    assert_eq!(
        (&one["stage"], &one["tier"], &one["source"], &one["tags"], &one["custom"], &one["owner"]),
        (
            &json!("won"),
            &json!("gold"),
            &json!("fair"),
            &json!(["Fresh"]),
            &json!({ (seats.clone()): 12 }),
            &json!(world.owner_id)
        )
    );
    assert_eq!(client.get(&format!("/v1/contacts/{late}")).await.expect(200)["stage"], "new");
    assert_eq!(client.get("/v1/contacts/count?filter=stage:eq:won").await.expect(200)["count"], 224);
    let found = client.get(&format!("/v1/contacts/count?filter=custom.{seats}:eq:12")).await;
    assert_eq!(found.expect(200)["count"], 224);
    // The facts are those of single changes, in the name of whoever asked.
    let facts = world
        .tenant_query("select kind, count(*), count(distinct contact_id), min(actor_kind), max(payload::text) from events where contact_id is not null and occurred_at >= (select min(created_at) from contact_bulk_runs) and kind <> 'contact.created' and subject = 'contacts' group by 1 order by 1")
        .await;
    let facts: Vec<(String, i64, i64, String)> =
        facts.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get(3))).collect();
    let of = |kind: &str, count: i64| (kind.to_owned(), count, count, "user".to_owned());
    assert_eq!(
        facts,
        [
            of("contact.assigned", 224),
            // One was blocked already, by hand.
            of("contact.blocked", 224),
            of("contact.stage_changed", 224),
            of("contact.tagged", 224),
            of("contact.updated", 224),
        ]
    );
    let undone = undo(&world, client, &done).await;
    assert_eq!((&undone["state"], counts(&undone)), (&json!("undone"), [224, 224, 224, 0, 224, 0]));
    // The block that was there before stays, with its reason.
    assert_eq!(
        client.get(&format!("/v1/contacts/{second}/do-not-contact")).await.expect(200)["items"][0]["reason"],
        "asked by letter"
    );
    client.delete(&blocked).await.expect(204);
    client.delete(&format!("/v1/contacts/{late}")).await.expect(204);
    let after: Vec<String> = dump(&world).await;
    assert_eq!(after.iter().filter(|row| before.contains(row)).count(), 450);
    client.post(&format!("{}/undo", path_of(&done)), json!({})).await.problem(409, "run_undone");
    let listed = client.get(&format!("{RUNS}?filter=state:eq:undone")).await;
    assert_eq!(listed.expect(200)["items"][0]["id"], made["id"]);
    let rows =
        client.get(&format!("{}/rows?filter=undo:eq:restored&limit=200", path_of(&done))).await.expect(200).clone();
    let next = rows["next_cursor"].as_str().expect("a second page").to_owned();
    let rest = client.get(&format!("{}/rows?filter=undo:eq:restored&limit=200&cursor={next}", path_of(&done))).await;
    assert_eq!(rest.expect(200)["items"].as_array().expect("rows").len(), 24);
}

#[tokio::test]
async fn what_is_refused_is_said_for_each_and_what_somebody_touched_stays() {
    let world = World::start().await;
    let client = &world.owner;
    let code = define(client, json!({"label": "Code", "type": "text", "unique": true})).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut ids = vec![];
    for name in ["Ann", "Ben", "Cleo", "Dan"] {
        ids.push(id_of(client, json!({"first_name": name, "tags": ["old"], "custom": { (code.clone()): name }})).await);
    }
    let path = |n: usize| format!("/v1/contacts/{}", ids[n]);
    // Of a unique value one gets it; the others keep theirs, and are found by it.
    let done = run(&world, client, json!({"contacts": ids, "change": {"custom": { (code.clone()): "Ben" }}})).await;
    assert_eq!(counts(&done), [4, 4, 0, 4, 0, 0]);
    let said = fates(client, &done, "reason").await;
    assert_eq!((said["Ann"].as_str(), said["Ben"].as_str()), ("not_unique", "unchanged"));
    for name in ["Ann", "Cleo"] {
        let found = client.get(&format!("/v1/contacts?filter=custom.{code}:eq:{name}")).await;
        assert_eq!(found.expect(200)["items"][0]["display_name"], name);
    }
    // Deleting leaves alone who is held; others come back by the undo, but not who came back by hand.
    client.put(&format!("{}/legal-hold", path(0)), json!({"reason": "court"})).await.expect(204);
    let gone = run(&world, client, json!({"contacts": ids, "change": {"deleted": true}})).await;
    assert_eq!(counts(&gone), [4, 4, 3, 1, 0, 0]);
    assert_eq!(fates(client, &gone, "reason").await["Ann"], "contact_on_hold");
    client.post(&format!("{}/restoration", path(1)), json!({})).await.expect(200);
    let back = undo(&world, client, &gone).await;
    assert_eq!(counts(&back), [4, 4, 3, 1, 2, 1]);
    assert_eq!(fates(client, &back, "undo").await["Ben"], "edited");
    // Whoever was deleted and purged is gone for the run; whoever changed the same since is left, anything else is not.
    let staged =
        run(&world, client, json!({"contacts": ids, "change": {"stage": "won", "remove_tags": ["old"]}})).await;
    client.patch(&path(1), json!({"stage": "lost"})).await.expect(200);
    client.patch(&path(2), json!({"last_name": "Lee"})).await.expect(200);
    client.delete(&path(3)).await.expect(204);
    let back = undo(&world, client, &staged).await;
    assert_eq!(counts(&back), [4, 4, 4, 0, 2, 2]);
    let said = fates(client, &back, "undo").await;
    assert_eq!(
        (said["Ann"].as_str(), said["Ben"].as_str(), said["Cleo Lee"].as_str()),
        ("restored", "edited", "restored")
    );
    let cleo = client.get(&path(2)).await.expect(200).clone();
    assert_eq!((&cleo["stage"], &cleo["tags"], &cleo["last_name"]), (&json!("new"), &json!(["old"]), &json!("Lee")));
    // What cannot begin says why, at its field.
    for (body, field) in [
        (json!({"change": {"stage": "won"}}), "/contacts"),
        (json!({"contacts": ids, "change": {}}), "/change"),
        (json!({"contacts": ids, "change": {"stage": "nowhere"}}), "/change/stage"),
        (json!({"contacts": ids, "change": {"deleted": true, "stage": "won"}}), "/change/deleted"),
        (json!({"contacts": ids, "change": {"custom": {"nothing": 1}}}), "/change/custom/nothing"),
        (json!({"contacts": ids, "matching": {}, "change": {"stage": "won"}}), "/matching"),
        (json!({"matching": {"filter": ["stage:eq:nowhere"]}, "change": {"stage": "won"}}), "/matching"),
        (json!({"matching": {"filter": ["shoe:eq:1"]}, "change": {"stage": "won"}}), "/filter"),
        (json!({"contacts": ids, "change": {"owner": "usr_00000000000000000000000000"}}), "/change/owner"),
    ] {
        let refused = client.post(RUNS, body.clone()).await;
        assert_eq!(refused.expect(422)["errors"][0]["field"], field, "{body}");
    }
    assert_eq!(
        world.tenant_query("select 1 from contact_bulk_runs").await.len(),
        3,
        "nothing is left of what was refused"
    );
}

#[tokio::test]
async fn an_undo_opens_no_channel_that_somebody_closed_since() {
    let world = World::start().await;
    let client = &world.owner;
    let mut ids = vec![];
    for name in ["Ann", "Ben", "Cleo", "Dan"] {
        ids.push(id_of(client, json!({"first_name": name})).await);
    }
    let path = |n: usize| format!("/v1/contacts/{}/do-not-contact/email", ids[n]);
    let done = run(&world, client, json!({"contacts": ids, "change": {"block": "email"}})).await;
    assert_eq!(counts(&done), [4, 4, 4, 0, 0, 0]);
    world.app.advance(TimeDelta::minutes(1));
    // Ann says why, Ben says it once more, Cleo changes her mind twice. Of Dan only another channel is closed.
    client.put(&path(0), json!({"reason": "asked by letter"})).await.expect(204);
    client.put(&path(1), json!({})).await.expect(204);
    client.delete(&path(2)).await.expect(204);
    client.put(&path(2), json!({})).await.expect(204);
    client.put(&path(3).replace("email", "sms"), json!({})).await.expect(204);
    let back = undo(&world, client, &done).await;
    assert_eq!(counts(&back), [4, 4, 4, 0, 1, 3]);
    let said = fates(client, &back, "undo").await;
    assert_eq!(
        ["Ann", "Ben", "Cleo", "Dan"].map(|name| said[name].as_str()),
        ["edited", "edited", "edited", "restored"]
    );
    let blocked = world.tenant_query("select channel from do_not_contact order by channel").await;
    let channels: Vec<String> = blocked.iter().map(|row| row.get(0)).collect();
    assert_eq!(channels, ["email", "email", "email", "sms"]);
}

#[tokio::test]
async fn who_has_more_tags_than_he_may_get_is_changed_all_the_same() {
    let world = World::start().await;
    let client = &world.owner;
    let tags = |word: &str| (0..30).map(|n| format!("{word} {n:02}")).collect::<Vec<_>>();
    let ann = id_of(client, json!({"first_name": "Ann", "tags": tags("blue")})).await;
    let anna = id_of(client, json!({"first_name": "Anna", "tags": tags("red")})).await;
    client.post("/v1/contact-merges", json!({"kept": ann, "merged": [anna]})).await.expect(201);
    // A merge loses nothing. What has nothing to do with tags is changed; one more is not given.
    let done = run(&world, client, json!({"contacts": [ann], "change": {"stage": "won"}})).await;
    assert_eq!(counts(&done), [1, 1, 1, 0, 0, 0]);
    let more = run(&world, client, json!({"contacts": [ann], "change": {"add_tags": ["green"]}})).await;
    assert_eq!(fates(client, &more, "reason").await["Ann"], "too_many");
    let once = json!({"contacts": [ann], "add_tags": ["green"]});
    let refused = client.post("/v1/contacts/bulk-changes", once).await;
    assert_eq!(refused.problem(422, "invalid")["errors"][0]["field"], "/add_tags");
    // They become fewer one by one, and never more.
    let path = format!("/v1/contacts/{ann}");
    let mut left = client.get(&path).await.expect(200)["tags"].as_array().expect("tags").clone();
    assert_eq!(left.len(), 60);
    left.pop();
    assert_eq!(client.patch(&path, json!({"tags": left})).await.expect(200)["tags"], json!(left));
    left.extend([json!("green"), json!("black")]);
    client.patch(&path, json!({"tags": left})).await.problem(422, "invalid");
    world.app.settle().await;
}

#[tokio::test]
async fn as_many_come_back_as_the_plan_has_room_for() {
    let world = World::start().await;
    let client = &world.owner;
    super::contacts::plan_with_contacts(&world, 3).await;
    for name in ["Ann", "Ben", "Cem"] {
        id_of(client, json!({"first_name": name})).await;
    }
    let gone = run(&world, client, json!({"matching": {}, "change": {"deleted": true}})).await;
    assert_eq!(counts(&gone), [3, 3, 3, 0, 0, 0]);
    let dora = id_of(client, json!({"first_name": "Dora"})).await;
    client.post(&format!("{}/undo", path_of(&gone)), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(counts(client.get(&path_of(&gone)).await.expect(200)), [3, 3, 3, 0, 2, 1]);
    let undone: Vec<String> = fates(client, &gone, "undo").await.into_values().collect();
    assert_eq!(undone.iter().filter(|fate| *fate == "plan_limit").count(), 1, "{undone:?}");
    // Who found no room is where he was, and comes back when there is some.
    let again = run(&world, client, json!({"matching": {}, "change": {"deleted": false}})).await;
    assert_eq!(counts(&again), [1, 1, 0, 1, 0, 0]);
    client.delete(&format!("/v1/contacts/{dora}")).await.expect(204);
    let left = client.get("/v1/contacts?deleted=true").await.expect(200)["items"].clone();
    let other = left.as_array().expect("contacts").iter().find(|contact| contact["id"] != json!(dora));
    let id = other.expect("one who found no room")["id"].clone();
    let again = run(&world, client, json!({"contacts": [id], "change": {"deleted": false}})).await;
    assert_eq!(counts(&again), [1, 1, 1, 0, 0, 0]);
}

#[tokio::test]
async fn nobody_changes_more_than_he_could_one_by_one() {
    let world = World::start().await;
    let grants = json!({"contacts.read": "own", "contacts.write": "own", "contacts.mass_update": "own"});
    let (una, una_id) = member_with(&world, "Una", grants).await;
    let (reader, _) = member_with(&world, "Rea", json!({"contacts.read": "all", "contacts.write": "all"})).await;
    let narrow = json!({"contacts.read": "own", "contacts.mass_update": "all"});
    let (narrow, _) = member_with(&world, "Nina", narrow).await;
    let hers = id_of(&una, json!({"first_name": "Hers"})).await;
    let theirs = id_of(&world.owner, json!({"first_name": "Theirs"})).await;
    let all = json!({"matching": {}, "change": {"stage": "won"}});
    reader.post(RUNS, all.clone()).await.problem(403, "permission_missing");
    // Whoever sees only his own changes only those, however far he may change.
    narrow.post(RUNS, all.clone()).await.problem(422, "invalid");
    let done = run(&world, &una, all).await;
    assert_eq!(counts(&done), [1, 1, 1, 0, 0, 0]);
    let named = run(&world, &una, json!({"contacts": [hers, theirs], "change": {"source": "x"}})).await;
    assert_eq!(counts(&named), [2, 2, 1, 1, 0, 0]);
    let rows = una.get(&format!("{}/rows?filter=outcome:eq:skipped", path_of(&named))).await.expect(200).clone();
    assert_eq!((&rows["items"][0]["reason"], &rows["items"][0]["contact"]), (&json!("missing"), &Value::Null));
    let away = json!({"contacts": [hers], "change": {"owner": world.owner_id}});
    assert_eq!(una.post(RUNS, away).await.problem(422, "invalid")["errors"][0]["field"], "/change/owner");
    narrow
        .post(RUNS, json!({"contacts": [hers], "change": {"deleted": true}}))
        .await
        .problem(403, "permission_missing");
    // Given away by somebody else meanwhile: out of reach for her undo.
    world.owner.patch(&format!("/v1/contacts/{hers}"), json!({"owner": world.owner_id})).await.expect(200);
    assert_eq!(counts(&undo(&world, &una, &named).await), [2, 2, 1, 1, 0, 1]);
    // Runs of others are not there for her; whoever reaches everybody sees them.
    let others = run(&world, &world.owner, json!({"contacts": [theirs], "change": {"owner": una_id}})).await;
    una.get(&path_of(&others)).await.problem(404, "not_found");
    una.post(&format!("{}/undo", path_of(&others)), json!({})).await.problem(404, "not_found");
    world.owner.get(&path_of(&done)).await.expect(200);
    world.stranger().await.get(&path_of(&done)).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_run_is_stopped_killed_and_forgotten() {
    let mut world = World::start().await;
    crowd(&world, 3_000).await;
    let body = json!({"matching": {}, "change": {"stage": "won"}});
    let made = world.owner.post(RUNS, body.clone()).await.expect(201).clone();
    let path = path_of(&made);
    world.owner.post(&format!("{path}/undo"), json!({})).await.problem(409, "run_running");
    // A worker of its own, whose runtime is dropped in the middle: what it was doing ends as if it had been killed.
    let (config, clock) = (world.app.app.config.clone(), world.app.clock.clone());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let worker = kernel::App::new(config, clock, server::modules::all()).expect("a program");
    server::modules::install(&worker).expect("installed");
    notifications::install_with(&worker, Arc::new(notifications::providers::fake::Recorder::default()))
        .expect("a mailer");
    runtime.spawn(kernel::jobs::work_forever(worker));
    while world.owner.get(&path).await.expect(200)["done"] == 0 {}
    runtime.shutdown_background();
    let left = world.owner.get(&path).await.expect(200).clone();
    assert_eq!(left["state"], "running");
    assert!((200..3_000).contains(&left["done"].as_i64().expect("a count")), "{left}");
    world.app.settle().await;
    world.app.advance(TimeDelta::hours(1));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.app.settle().await;
    let done = world.owner.get(&path).await.expect(200).clone();
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [3_000, 3_000, 3_000, 0, 0, 0]));
    let facts = world
        .tenant_query("select count(*), count(distinct contact_id) from events where kind = 'contact.stage_changed'")
        .await;
    assert_eq!((facts[0].get::<_, i64>(0), facts[0].get::<_, i64>(1)), (3_000, 3_000), "nobody was changed twice");
    // Stopped before it began to work: nothing was done, and nothing is to be taken back.
    let second = world.owner.post(RUNS, json!({"matching": {}, "change": {"stage": "lost"}})).await.expect(201).clone();
    let stopped = world.owner.post(&format!("{}/cancellation", path_of(&second)), json!({})).await;
    assert_eq!(stopped.expect(200)["state"], "cancelled");
    world.owner.post(&format!("{}/cancellation", path_of(&second)), json!({})).await.problem(409, "run_over");
    world.app.settle().await;
    assert_eq!(counts(world.owner.get(&path_of(&second)).await.expect(200)), [3_000, 0, 0, 0, 0, 0]);
    // After a month nothing is left of whom it changed.
    world.app.advance(TimeDelta::days(31));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.owner.post(&format!("{path}/undo"), json!({})).await.problem(409, "undo_over");
    world.app.settle().await;
    assert_eq!(world.tenant_query("select 1 from contact_bulk_run_rows").await.len(), 0);
    assert_eq!(world.owner.get(&path).await.expect(200)["changed"], 3_000);
}

#[tokio::test]
async fn runs_races_with_runs_merges_erasures_and_imports() {
    let world = World::start().await;
    crowd(&world, 400).await;
    let client = &world.owner;
    let page = client.get("/v1/contacts?sort=name&limit=4").await.expect(200).clone();
    let ids: Vec<&str> = page["items"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    let changes = [
        json!({"stage": "won", "add_tags": ["a"]}),
        json!({"add_tags": ["b"], "remove_tags": ["crowd"], "tier": "gold"}),
    ];
    let mut runs = vec![];
    for change in changes {
        runs.push(client.post(RUNS, json!({"matching": {}, "change": change})).await.expect(201).clone());
    }
    let mut file = "name,email,job\n".to_owned();
    for i in 0..400 {
        file += &format!(",p{i}@x.example,Boss\n");
    }
    let sheet = prepare(client, "b.csv", file).await;
    client.post(&format!("{}/start", import_path(&sheet)), json!({})).await.expect(200);
    // Two programs take up what waits, while people merge and ask to be forgotten.
    let work = async || kernel::jobs::run_due(&world.app.app).await.expect("jobs run");
    let merge = async || client.post("/v1/contact-merges", json!({"kept": ids[0], "merged": [ids[1]]})).await.status;
    let erase = async || client.post("/v1/data-requests", json!({"contact": ids[2], "kind": "erasure"})).await.status;
    let (_, _, _, merged, asked) = tokio::join!(work(), work(), work(), merge(), erase());
    assert_eq!((merged, asked), (201, 201));
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(2));
    world.app.settle().await;
    let mut gone = 0;
    for run in &mut runs {
        *run = client.get(&path_of(run)).await.expect(200).clone();
        let [total, done, changed, skipped, ..] = counts(run);
        assert_eq!((&run["state"], total, done), (&json!("done"), 400, 400));
        assert!(changed >= 398 && changed + skipped == 400, "{run}");
        gone = gone.max(skipped);
    }
    assert!(gone <= 2);
    let both = "select count(*) from contacts where deleted_at is null and stage = 'won' and tags @> '{a,b}' and job_title = 'Boss'";
    // All who are there have all three changes: nobody's was lost. Whoever was merged may have missed the one that came first.
    assert!(world.count(both).await >= 397, "{}", world.count(both).await);
    let known = format!("select 1 from contact_bulk_run_rows where contact_id = '{}'", bare(ids[2]));
    assert_eq!(world.tenant_query(&known).await.len(), 0, "whoever is erased stands in no row");
    // Both are undone at once, in any order: each takes back its own.
    let undoing = runs.iter().map(async |run| client.post(&format!("{}/undo", path_of(run)), json!({})).await.status);
    assert_eq!(join_all(undoing).await, [200, 200]);
    tokio::join!(work(), work());
    world.app.settle().await;
    let left = "select count(*) from contacts where deleted_at is null and (stage = 'won' or tags && '{a,b}' or tier is not null)";
    let kept: i64 = {
        let mut kept = 0;
        for run in &runs {
            let run = client.get(&path_of(run)).await.expect(200).clone();
            assert_eq!(run["state"], "undone");
            kept += counts(&run)[5];
        }
        kept
    };
    // The merged pair and whoever is gone were touched since; all others are as they were.
    assert!(kept <= 4, "{kept}");
    assert!(world.count(left).await <= 1, "{}", world.count(left).await);
}

/// Members of a static segment by the filter of the list, and as the segment says.
async fn members_of(client: &Client, segment: &str) -> (i64, i64) {
    let count = client.get(&format!("/v1/contacts/count?filter=segment:eq:{segment}")).await;
    let told = client.get(&format!("/v1/segments/{segment}")).await;
    (count.expect(200)["count"].as_i64().expect("a count"), told.expect(200)["members"].as_i64().expect("a count"))
}

async fn static_segment(client: &Client, name: &str) -> String {
    let made = client.post("/v1/segments", json!({"name": name, "kind": "static"})).await;
    made.expect(201)["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn everybody_who_matches_is_put_into_a_static_segment_and_taken_out_again() {
    let world = World::start().await;
    let client = &world.owner;
    crowd(&world, 450).await;
    let guests = static_segment(client, "Guests").await;
    let hand = format!("/v1/segments/{guests}/members");
    let page = client.get("/v1/contacts?filter=stage:eq:new&limit=3&sort=name").await.expect(200).clone();
    let [first, second, third] = [0, 1, 2].map(|n| page["items"][n]["id"].as_str().expect("an id").to_owned());
    // One is in it already: the undo leaves him there.
    client.post(&hand, json!({"add": [first]})).await.expect(200);
    let wish = json!({"filter": ["stage:eq:new"]});
    let into = json!({"matching": wish, "change": {"add_to_segment": guests, "add_tags": ["Guest"]}});
    let done = run(&world, client, into).await;
    assert_eq!(counts(&done), [225, 225, 225, 0, 0, 0]);
    assert_eq!(done["change"]["add_to_segment"], json!(guests));
    assert_eq!(members_of(client, &guests).await, (225, 225));
    let entered = "select count(*), count(distinct contact_id) from events where kind = 'segment.entered'";
    let told = world.tenant_query(entered).await;
    assert_eq!((told[0].get::<_, i64>(0), told[0].get::<_, i64>(1)), (225, 225), "each came in once");
    let again = run(&world, client, json!({"matching": wish, "change": {"add_to_segment": guests}})).await;
    assert_eq!(counts(&again), [225, 225, 0, 225, 0, 0], "nobody comes into it twice");
    // Somebody takes two out, and puts one of them back: that one is as the run left him.
    client.post(&hand, json!({"remove": [second, third]})).await.expect(200);
    client.post(&hand, json!({"add": [third]})).await.expect(200);
    let back = undo(&world, client, &done).await;
    assert_eq!(counts(&back), [225, 225, 225, 0, 224, 1]);
    assert_eq!(members_of(client, &guests).await, (1, 1));
    let tagged = client.get("/v1/contacts?filter=tag:has:Guest").await.expect(200).clone();
    assert_eq!(tagged["items"][0]["id"], json!(second), "of whom somebody changed it, all of it stays");
    assert_eq!(tagged["items"].as_array().map(Vec::len), Some(1));

    // Out of it, and back by the undo.
    client.post(&hand, json!({"add": [second, third]})).await.expect(200);
    let out = json!({"contacts": [first, second], "change": {"remove_from_segment": guests}});
    let out = run(&world, client, out).await;
    assert_eq!((counts(&out), members_of(client, &guests).await), ([2, 2, 2, 0, 0, 0], (1, 1)));
    assert_eq!(counts(&undo(&world, client, &out).await), [2, 2, 2, 0, 2, 0]);
    assert_eq!(members_of(client, &guests).await, (3, 3));

    // It goes in the meantime: nobody is changed, and an undo has nothing to put anybody back into.
    let last = json!({"contacts": [first], "change": {"remove_from_segment": guests, "stage": "won"}});
    let last = run(&world, client, last).await;
    let waiting = json!({"matching": wish, "change": {"add_to_segment": guests, "stage": "lost"}});
    let waiting = client.post(RUNS, waiting).await.expect(201).clone();
    client.delete(&format!("/v1/segments/{guests}")).await.expect(204);
    world.app.settle().await;
    let gone = client.get(&path_of(&waiting)).await.expect(200).clone();
    assert_eq!((&gone["state"], counts(&gone)), (&json!("done"), [224, 224, 0, 224, 0, 0]));
    assert!(fates(client, &gone, "reason").await.values().all(|fate| fate == "segment_gone"));
    assert_eq!(counts(&undo(&world, client, &last).await), [1, 1, 1, 0, 0, 1]);
}

#[tokio::test]
async fn a_run_changes_no_segment_that_its_maker_may_not_change_by_hand() {
    let world = World::start().await;
    let theirs = static_segment(&world.owner, "Theirs").await;
    let mut grants =
        json!({"contacts.read": "own", "contacts.write": "own", "contacts.mass_update": "own", "segments.read": "all"});
    let (reader, _) = member_with(&world, "Rea", grants.clone()).await;
    grants["segments.write"] = json!("own");
    let (una, _) = member_with(&world, "Una", grants).await;
    let hers = id_of(&una, json!({"first_name": "Hers"})).await;
    id_of(&world.owner, json!({"first_name": "Other"})).await;
    let ask = |segment: &str| json!({"matching": {}, "change": {"add_to_segment": segment}});
    reader.post(RUNS, ask(&theirs)).await.problem(403, "permission_missing");
    una.post(RUNS, ask(&theirs)).await.problem(403, "segment_of_another");
    let mine = static_segment(&una, "Mine").await;
    assert_eq!(counts(&run(&world, &una, ask(&mine)).await), [1, 1, 1, 0, 0, 0], "only hers are meant");
    let inside = world.owner.get(&format!("/v1/contacts?filter=segment:eq:{mine}")).await.expect(200).clone();
    assert_eq!(inside["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(inside["items"][0]["id"], json!(hers));
    // What nobody could change by hand is refused at once.
    let fits = json!({"kind": "field", "field": "name", "op": "not_empty", "values": []});
    let fits = json!({"name": "Fits", "kind": "dynamic", "definition": fits});
    let fits = world.owner.post("/v1/segments", fits).await.expect(201)["id"].as_str().expect("an id").to_owned();
    world.owner.post(RUNS, ask(&fits)).await.problem(409, "segment_not_static");
    world.owner.delete(&format!("/v1/segments/{theirs}")).await.expect(204);
    let unknown = world.owner.post(RUNS, ask(&theirs)).await;
    assert_eq!(unknown.problem(422, "invalid")["errors"][0]["field"], "/change/add_to_segment");
    let both = json!({"matching": {}, "change": {"add_to_segment": mine, "remove_from_segment": mine}});
    world.owner.post(RUNS, both).await.problem(422, "invalid");
    world.app.settle().await;
}

/// Runs that fill and empty one segment, and changes by hand: none waits in a circle, and the count is right after.
#[tokio::test]
async fn runs_over_one_segment_race_with_changes_by_hand() {
    let world = World::start().await;
    let client = &world.owner;
    crowd(&world, 400).await;
    let guests = static_segment(client, "Guests").await;
    let page = client.get("/v1/contacts?sort=name&limit=60").await.expect(200).clone();
    let ids: Vec<Value> = page["items"].as_array().expect("rows").iter().map(|row| row["id"].clone()).collect();
    for change in ["add_to_segment", "remove_from_segment", "add_to_segment"] {
        client.post(RUNS, json!({"matching": {}, "change": {(change): guests}})).await.expect(201);
    }
    let path = format!("/v1/segments/{guests}/members");
    let hand = (0..12).map(|n| {
        let way = if n % 2 == 0 { "add" } else { "remove" };
        client.post(&path, json!({(way): ids[n * 5..n * 5 + 5]}))
    });
    let ((), changed) = tokio::join!(world.app.settle(), join_all(hand.collect::<Vec<_>>()));
    for answer in changed {
        answer.expect(200);
    }
    world.app.settle().await;
    let (listed, told) = members_of(client, &guests).await;
    assert_eq!((listed, world.count("select count(*) from segment_picks").await), (told, told));
}
