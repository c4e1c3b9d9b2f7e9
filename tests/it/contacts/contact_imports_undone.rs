//! Imports that are stopped, killed, raced, forgotten and taken back.
use super::{
    contact_imports::{counts, import, path_of, prepare},
    id_of,
};
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;

/// Every row of the tables that an import writes, in the tenant's schema.
async fn dump(world: &World) -> Vec<String> {
    let mut all = vec![];
    for (table, order) in [
        ("contacts", "id"),
        ("contact_emails", "contact_id, position"),
        ("contact_phones", "contact_id, position"),
        ("tags", "id"),
        ("do_not_contact", "contact_id"),
        ("segment_picks", "segment_id, contact_id"),
        ("segment_members", "segment_id, contact_id"),
    ] {
        let rows = world.tenant_query(&format!("select '{table}' || t::text from {table} t order by {order}")).await;
        all.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    }
    all
}

/// Contacts of every kind, half of them in the file.
async fn people(world: &World) {
    for i in 0..6 {
        let contact = json!({
            "first_name": format!("Ann {i}"), "last_name": "Ünlü", "tags": ["vip", format!("t{i}")],
            "emails": [{"address": format!("ann{i}@x.example"), "kind": "work"}, {"address": format!("Second{i}@x.example")}],
            "phones": [{"number": format!("030 90182{i}")}], "address": {"city": "Berlin"}, "stage": "qualified",
            "touch": {"page": "https://x.example/", "utm": {"source": "news"}}
        });
        let id = id_of(&world.owner, contact).await;
        world.owner.put(&format!("/v1/contacts/{id}/do-not-contact/all"), json!({"reason": "asked"})).await.expect(204);
        world.app.advance(TimeDelta::microseconds(1_001));
    }
    world.app.settle().await;
}

/// A file that changes known people and brings new ones.
fn file(known: usize, new: usize) -> String {
    let mut text = "name,email,phone,city,country,tags,stage,job\n".to_owned();
    for i in 0..known {
        text += &format!("Anna {i},ann{i}@x.example,+49 171 12345{i:02},Köln,DE,vip;fresh,won,Boss\n");
    }
    for i in 0..new {
        text += &format!("New {i},new{i}@x.example,,Paris,FR,fresh,,\n");
    }
    text
}

/// Rows of the ledger that still say something.
async fn kept(world: &World, what: &str) -> usize {
    world.tenant_query(&format!("select 1 from contact_import_rows where {what} is not null")).await.len()
}

async fn undo(world: &World, import: &Value, how: Value) -> Value {
    world.owner.post(&format!("{}/undo", path_of(import)), how).await.expect(200);
    world.app.settle().await;
    world.owner.get(&path_of(import)).await.expect(200).clone()
}

#[tokio::test]
async fn an_undo_gives_back_every_byte() {
    let mut world = World::start().await;
    people(&world).await;
    let before = dump(&world).await;
    let done = import(&world, file(4, 1_200), json!({})).await;
    assert_eq!(counts(&done), [1_200, 4, 0, 0, 0]);
    assert_ne!(dump(&world).await, before);
    world.app.advance(TimeDelta::days(3));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let undone = undo(&world, &done, json!({})).await;
    assert_eq!((&undone["state"], &undone["undone"], &undone["kept"]), (&json!("undone"), &json!(1_204), &json!(0)));
    assert_eq!(dump(&world).await, before);
    world.owner.post(&format!("{}/undo", path_of(&done)), json!({})).await.problem(409, "import_undone");
    // What came in and went may come again.
    let again = import(&world, file(4, 1_200), json!({})).await;
    assert_eq!(counts(&again), [1_200, 4, 0, 0, 0]);
}

#[tokio::test]
async fn what_somebody_touched_since_stays() {
    let world = World::start().await;
    people(&world).await;
    let done = import(&world, file(3, 6), json!({})).await;
    let id = async |email: &str| -> String {
        let found = world.owner.get(&format!("/v1/contacts?filter=email:eq:{email}")).await;
        found.expect(200)["items"][0]["id"].as_str().expect("an id").to_owned()
    };
    let path = |id: &str| format!("/v1/contacts/{id}");
    // A version read before the undo is no version after it.
    let stale = world.owner.get(&path(&id("ann2@x.example").await)).await;
    world.owner.patch(&path(&id("ann0@x.example").await), json!({"job_title": "Chief"})).await.expect(200);
    world.owner.delete(&path(&id("ann1@x.example").await)).await.expect(204);
    world.owner.patch(&path(&id("new0@x.example").await), json!({"job_title": "Chief"})).await.expect(200);
    let noted = id("new1@x.example").await;
    world.owner.post(&format!("{}/notes", path(&noted)), json!({"body": "Called"})).await.expect(201);
    let held = id("new2@x.example").await;
    world.owner.put(&format!("{}/legal-hold", path(&held)), json!({"reason": "court"})).await.expect(204);
    world.owner.delete(&path(&id("new3@x.example").await)).await.expect(204);
    let undone = undo(&world, &done, json!({})).await;
    assert_eq!((&undone["undone"], &undone["kept"]), (&json!(3), &json!(4)));
    let rows = world.owner.get(&format!("{}/rows?sort=line", path_of(&done))).await;
    let fates: Vec<&str> =
        rows.expect(200)["items"].as_array().unwrap().iter().map(|r| r["undo"].as_str().unwrap()).collect();
    assert_eq!(fates, ["changed", "gone", "restored", "changed", "changed", "held", "gone", "deleted", "deleted"]);
    let restored = id("ann2@x.example").await;
    world
        .owner
        .with("if-match", stale.etag())
        .patch(&path(&restored), json!({"job_title": "x"}))
        .await
        .problem(412, "stale");
    let notes = world.owner.get(&format!("{}/timeline", path(&noted))).await;
    assert!(notes.expect(200)["items"].as_array().unwrap().iter().any(|e| e["import"]["undone"] == true));
}

#[tokio::test]
async fn what_follows_by_itself_keeps_nobody() {
    let world = World::start().await;
    let client = &world.owner;
    let stage = client.post("/v1/contact-stages", json!({"label": "Fair"})).await.expect(201).clone();
    let text = format!(
        "name,email,tags,stage\nAnn,a@x.example,fair,{0}\nBen,b@x.example,fair,{0}\n",
        stage["key"].as_str().unwrap()
    );
    let done = import(&world, text, json!({})).await;
    assert_eq!(done["created"], 2);
    // A formula is computed for everybody, a tag is called otherwise, a stage is removed: nobody has touched a contact.
    let formula = json!({"label": "Loud", "type": "formula", "result": "text", "expression": "display_name | upper"});
    crate::fields::define(client, formula).await;
    let tag = client.get("/v1/tags").await.expect(200)["items"][0]["id"].as_str().expect("a tag").to_owned();
    client.patch(&format!("/v1/tags/{tag}"), json!({"name": "Trade fair"})).await.expect(200);
    let stages = client.get("/v1/contact-stages").await.expect(200)["items"].clone();
    let other = stages.as_array().unwrap().iter().find(|one| one["key"] == "contacted").expect("a stage")["id"].clone();
    let gone = format!("/v1/contact-stages/{}?move_to={}", stage["id"].as_str().unwrap(), other.as_str().unwrap());
    client.delete(&gone).await.expect(204);
    world.app.settle().await;
    let ann = client.get("/v1/contacts?filter=email:eq:a@x.example").await.expect(200)["items"][0].clone();
    assert_eq!(
        (&ann["custom"]["loud"], &ann["tags"], &ann["stage"]),
        (&json!("ANN"), &json!(["Trade fair"]), &json!("contacted"))
    );
    let undone = undo(&world, &done, json!({})).await;
    assert_eq!((&undone["undone"], &undone["kept"]), (&json!(2), &json!(0)));
    assert_eq!(world.count("select count(*) from contacts").await, 0);
    assert_eq!(world.count("select count(*) from custom_field_values").await, 0);
}

#[tokio::test]
async fn what_only_followed_a_definition_is_no_edit() {
    let world = World::start().await;
    let client = &world.owner;
    let formula = json!({"label": "Loud", "type": "formula", "result": "text", "expression": "display_name | upper"});
    let loud = crate::fields::path_of(&crate::fields::define(client, formula).await);
    let shoe = crate::fields::path_of(&crate::fields::define(client, json!({"label": "Shoe", "type": "text"})).await);
    people(&world).await;
    let contact = async |email: &str| -> Value {
        let found = client.get(&format!("/v1/contacts?filter=email:eq:{email}")).await;
        found.expect(200)["items"][0].clone()
    };
    let path = async |email: &str| format!("/v1/contacts/{}", contact(email).await["id"].as_str().expect("an id"));
    client.patch(&path("ann0@x.example").await, json!({"custom": {"shoe": "43"}})).await.expect(200);
    let before = contact("ann0@x.example").await;
    let done = import(&world, file(2, 0), json!({})).await;
    assert_eq!(counts(&done), [0, 2, 0, 0, 0]);
    // Somebody edits one of them; then a formula is computed for everybody, a field goes, and a tag is called otherwise.
    client.patch(&path("ann1@x.example").await, json!({"job_title": "Chief"})).await.expect(200);
    client.patch(&loud, json!({"expression": "display_name | lower"})).await.expect(200);
    client.patch(&shoe, json!({"archived": true})).await.expect(200);
    client.delete(&format!("{shoe}?values=1")).await.expect(204);
    let tags = client.get("/v1/tags?filter=name:eq:vip").await.expect(200)["items"].clone();
    let tag = format!("/v1/tags/{}", tags[0]["id"].as_str().expect("a tag"));
    client.patch(&tag, json!({"name": "gold"})).await.expect(200);
    world.app.settle().await;
    let imported = contact("ann0@x.example").await;
    let name = imported["display_name"].as_str().expect("a name").to_lowercase();
    assert_eq!((&imported["custom"], &imported["tags"]), (&json!({"loud": name}), &json!(["fresh", "gold", "t0"])));
    let undone = undo(&world, &done, json!({})).await;
    assert_eq!((&undone["undone"], &undone["kept"]), (&json!(1), &json!(1)));
    // He is what he would be had the import never come.
    let after = contact("ann0@x.example").await;
    let mut expected = before.clone();
    expected["custom"] = json!({"loud": "ann 0 ünlü"});
    expected["tags"] = json!(["gold", "t0"]);
    expected["version"] = after["version"].clone();
    assert_eq!(after, expected);
    let found = client.get("/v1/contacts?filter=custom.loud:eq:ann%200%20%C3%BCnl%C3%BC").await;
    assert_eq!(super::names(found.expect(200)), ["Ann 0 Ünlü"]);
}

#[tokio::test]
async fn touched_newcomers_may_go_to_the_bin() {
    let world = World::start().await;
    let done = import(&world, file(0, 3), json!({})).await;
    let found = world.owner.get("/v1/contacts?filter=email:eq:new0@x.example").await;
    let path = format!("/v1/contacts/{}", found.expect(200)["items"][0]["id"].as_str().unwrap());
    world.owner.patch(&path, json!({"job_title": "Chief"})).await.expect(200);
    let undone = undo(&world, &done, json!({"touched": "delete"})).await;
    assert_eq!((&undone["undone"], &undone["kept"]), (&json!(3), &json!(0)));
    world.owner.get(&path).await.problem(404, "not_found");
    world.owner.post(&format!("{path}/restoration"), json!({})).await.expect(200);
}

#[tokio::test]
async fn a_killed_worker_leaves_off_where_another_goes_on() {
    let mut world = World::start().await;
    people(&world).await;
    let list = world.owner.post("/v1/segments", json!({"name": "Fair", "kind": "static"})).await.text_of("id");
    let ann = world.owner.get("/v1/contacts?filter=email:eq:ann0@x.example").await;
    let one = json!({"add": [ann.expect(200)["items"][0]["id"]]});
    world.owner.post(&format!("/v1/segments/{list}/members"), one).await.expect(200);
    world.app.settle().await;
    let before = dump(&world).await;
    let made = prepare(&world.owner, "people.csv", file(6, 5_994)).await;
    let path = path_of(&made);
    world.owner.patch(&path, json!({"options": {"segment": list}})).await.expect(200);
    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    // A worker of its own, whose runtime is dropped in the middle: what it was doing ends as if it had been killed.
    let (config, clock) = (world.app.app.config.clone(), world.app.clock.clone());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let worker = kernel::App::new(config, clock, server::modules::all()).expect("a program");
    server::modules::install(&worker).expect("installed");
    notifications::install_with(&worker, Arc::new(notifications::providers::fake::Recorder::default()))
        .expect("a mailer");
    runtime.spawn(kernel::jobs::work_forever(worker));
    let killed_at = loop {
        let now = world.owner.get(&path).await.expect(200)["rows_done"].as_i64().expect("a count");
        if now > 0 {
            break now;
        }
    };
    runtime.shutdown_background();
    assert!(killed_at < 6_000);
    let left = world.owner.get(&path).await.expect(200).clone();
    assert_eq!(left["state"], "running");
    // Nobody has it until the lease is over; then another worker takes it up, once.
    world.app.settle().await;
    world.app.advance(TimeDelta::hours(1));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.app.settle().await;
    let done = world.owner.get(&path).await.expect(200).clone();
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [5_994, 6, 0, 0, 0]));
    let rows = world.tenant_query("select count(*), count(distinct contact_id) from contact_import_rows").await;
    assert_eq!((rows[0].get::<_, i64>(0), rows[0].get::<_, i64>(1)), (6_000, 6_000));
    assert_eq!(world.tenant_query("select 1 from contacts").await.len(), 6_000);
    assert_eq!(done["brought"]["segment_members"], 5_999, "each once, and one was in it");
    assert_eq!(world.owner.get(&format!("/v1/segments/{list}")).await.expect(200)["members"], 6_000);
    let undone = undo(&world, &done, json!({})).await;
    assert_eq!(undone["undone"], 6_000);
    assert_eq!(dump(&world).await, before);
}

#[tokio::test]
async fn of_many_at_once_one_wins() {
    let world = World::start().await;
    let made = prepare(&world.owner, "a.csv", file(0, 600)).await;
    let path = path_of(&made);
    let all = async |what: &str, body: Value| {
        let calls = (0..4).map(|_| {
            let (owner, target, body) = (world.owner.clone(), format!("{path}/{what}"), body.clone());
            async move { owner.post(&target, body).await.status }
        });
        let mut statuses = join_all(calls).await;
        statuses.sort_unstable();
        statuses
    };
    assert_eq!(all("start", json!({})).await, [200, 409, 409, 409]);
    world.owner.post(&format!("{path}/undo"), json!({})).await.problem(409, "import_running");
    world.owner.delete(&path).await.problem(409, "import_running");
    // Two workers on one import do not do a row twice.
    let (first, second) = tokio::join!(kernel::jobs::run_due(&world.app.app), kernel::jobs::run_due(&world.app.app));
    first.and(second).expect("jobs run");
    world.app.settle().await;
    assert_eq!(world.tenant_query("select 1 from contacts").await.len(), 600);
    assert_eq!(all("undo", json!({})).await, [200, 409, 409, 409]);
    world.owner.post(&format!("{path}/start"), json!({})).await.problem(409, "import_undoing");
    world.app.settle().await;
    let undone = world.owner.get(&path).await.expect(200).clone();
    assert_eq!((&undone["state"], &undone["undone"]), (&json!("undone"), &json!(600)));
    assert_eq!(world.tenant_query("select 1 from contacts").await.len(), 0);
    // The same content by two imports at once: one of them is it.
    let (one, two) =
        (prepare(&world.owner, "a.csv", "name\nAnn\n").await, prepare(&world.owner, "b.csv", "name\nAnn\n").await);
    let start = async |import: &Value| world.owner.post(&format!("{}/start", path_of(import)), json!({})).await.status;
    let (a, b) = tokio::join!(start(&one), start(&two));
    assert_eq!(a + b, 200 + 409);
    world.app.settle().await;
}

#[tokio::test]
async fn an_import_stops_goes_on_and_is_undone() {
    let world = World::start().await;
    let made = prepare(&world.owner, "a.csv", file(0, 10_700)).await;
    let path = path_of(&made);
    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    // One job does 10,000 rows and leaves the rest to the next.
    let ran = kernel::jobs::run_due(&world.app.app).await.expect("jobs run");
    assert!(ran >= 2, "{ran}");
    let again = prepare(&world.owner, "b.csv", file(1, 700)).await;
    let second = path_of(&again);
    world.owner.post(&format!("{second}/start"), json!({})).await.expect(200);
    let stopped = world.owner.post(&format!("{second}/cancellation"), json!({})).await;
    assert_eq!(stopped.expect(200)["state"], "cancelled");
    world.app.settle().await;
    assert_eq!(counts(world.owner.get(&second).await.expect(200)), [0; 5]);
    world.owner.post(&format!("{second}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    let done = world.owner.get(&second).await.expect(200).clone();
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [1, 0, 700, 0, 0]));
    let kinds = world.events().await;
    let of = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!((of("contact_import.started"), of("contact_import.resumed"), of("contact_import.finished")), (2, 1, 2));
}

#[tokio::test]
async fn an_import_is_forgotten_and_a_person_too() {
    let mut world = World::start().await;
    people(&world).await;
    let broken = "Broken,secret@y.example,,,Nowhereland,,,\n\"Say \"\"SECRET@y.example\"\"\",,,,Nowhereland,,,\nOther,,,50%_,Nowhereland,,,\n";
    let done = import(&world, file(2, 1) + broken, json!({})).await;
    assert_eq!(counts(&done), [1, 2, 0, 0, 3]);
    assert_eq!((kept(&world, "before").await, kept(&world, "cells").await), (2, 3));
    // Erasing somebody removes what he was before, and the file he stands in.
    let found = world.owner.get("/v1/contacts?filter=email:eq:ann0@x.example").await;
    let ann = found.expect(200)["items"][0]["id"].clone();
    world.owner.post("/v1/data-requests", json!({"contact": ann, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    assert_eq!((kept(&world, "before").await, kept(&world, "cells").await), (1, 3));
    let import_now = world.owner.get(&path_of(&done)).await.expect(200).clone();
    assert_eq!(import_now["file_gone_at"], "2026-11-20T12:00:00.006006+00:00");
    assert_eq!(world.tenant_query("select 1 from files").await.len(), 0);
    // Somebody whose row did not come in is found by his address, wherever in a cell it stands.
    let secret = id_of(&world.owner, json!({"first_name": "S", "emails": [{"address": "Secret@y.example"}]})).await;
    world.owner.post("/v1/data-requests", json!({"contact": secret, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    assert_eq!((kept(&world, "before").await, kept(&world, "cells").await), (1, 1));
    // After 30 days nothing is kept but figures, and nobody can undo.
    world.app.advance(TimeDelta::days(31));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let late = world.owner.post(&format!("{}/undo", path_of(&done)), json!({})).await;
    late.problem(409, "undo_over");
    world.app.settle().await;
    assert_eq!((kept(&world, "before").await, kept(&world, "cells").await), (0, 0));
    // Whatever was never started is gone by then.
    let draft = prepare(&world.owner, "a.csv", "name\nAnn\n").await;
    world.app.advance(TimeDelta::days(31));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.app.settle().await;
    world.owner.get(&path_of(&draft)).await.problem(404, "not_found");
    assert_eq!(world.tenant_query("select 1 from files").await.len(), 0);
}
