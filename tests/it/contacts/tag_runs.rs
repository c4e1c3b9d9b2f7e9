//! Tags of thousands: what they are called changes at once, and their contacts follow in the background.
use super::id_of;
use crate::forms::{World, answers, enquiry, sign_in};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;

/// A tag that so many contacts carry, of whom one is deleted; the path of the tag.
async fn crowd(world: &World, name: &str, count: i64) -> String {
    let tag = world.owner.post("/v1/tags", json!({"name": name})).await.text_of("id");
    let fill = format!(
        "insert into contacts (id, display_name, name_key, search, tags, created_at, updated_at, deleted_at)
         select gen_random_uuid(), '{name} ' || g, '{name} ' || g, ' {name} ' || g, array['{name}', 'zz'], now(), now(),
           case when g = 1 then now() end from generate_series(1, {count}) g"
    );
    world.tenant_query(&fill).await;
    format!("/v1/tags/{tag}")
}

async fn runs(world: &World) -> Vec<Value> {
    world.owner.get("/v1/tag-runs").await.expect(200)["items"].as_array().expect("items").clone()
}

/// How many contacts carry a name, deleted ones too.
async fn carriers(world: &World, name: &str) -> i64 {
    world.count(&format!("select count(*) from contacts where tags @> array['{name}']")).await
}

/// Nobody carries a name that no tag has, and nobody follows any more.
async fn check(world: &World) {
    let lost = "select count(*) from contacts c, unnest(c.tags) as n(name) where not exists (select from tags t where t.name = n.name)";
    assert_eq!((world.count(lost).await, runs(world).await.len()), (0, 0));
}

#[tokio::test]
async fn a_tag_of_thousands_is_renamed_at_once_and_its_contacts_follow() {
    let world = World::start().await;
    let owner = &world.owner;
    world.owner.post("/v1/tags", json!({"name": "zz"})).await.expect(201);
    let tag = crowd(&world, "old", 2_500).await;
    let id = tag.trim_start_matches("/v1/tags/");
    let rule = json!({"kind": "all", "rules": [
        {"kind": "field", "field": "tags", "op": "all_of", "values": [id]},
        {"kind": "field", "field": "tags", "op": "not_empty"}]});
    let segment = owner.post("/v1/segments", json!({"name": "Old", "kind": "dynamic", "definition": rule})).await;
    let segment = format!("/v1/segments/{}", segment.text_of("id"));
    let view = json!({"list": "contacts", "name": "Old", "audience": "everyone", "filter": ["tag:has:old"]});
    let view = format!("/v1/saved-views/{}", owner.post("/v1/saved-views", view).await.text_of("id"));
    let (kept, lost) = (
        id_of(owner, json!({"first_name": "Kim", "tags": ["old"]})).await,
        id_of(owner, json!({"first_name": "Lou", "tags": ["old"]})).await,
    );
    world.app.settle().await;

    let renamed = owner.patch(&tag, json!({"name": "new"})).await;
    assert_eq!((&renamed.expect(200)["name"], &renamed.body["contacts"]), (&json!("new"), &json!(2_501)));
    let run = runs(&world).await;
    assert_eq!(
        (run.len(), &run[0]["name"], &run[0]["becomes"], &run[0]["done"]),
        (1, &json!("old"), &json!("new"), &json!(0))
    );
    assert_eq!((&run[0]["tag"], run[0].get("total")), (&json!(id), None));
    // Until they have followed, whoever is looked for by either name is found, by lists and by conditions.
    for name in ["old", "new"] {
        let page = owner.get(&format!("/v1/contacts?limit=3&filter=tag:has:{name}&filter=tag:has:zz")).await;
        assert_eq!(page.expect(200)["items"].as_array().map(Vec::len), Some(3), "{name}");
    }
    let preview = owner.post("/v1/segments/preview", json!({"definition": rule})).await;
    assert_eq!(preview.expect(200)["members"], 2_501);
    assert_eq!(owner.get(&view).await.expect(200)["filter"], json!(["tag:has:new"]));
    // Nobody is given the old name, and who loses the tag loses it by any name.
    let path = |id: &str| format!("/v1/contacts/{id}");
    let edited = owner.patch(&path(&kept), json!({"tags": ["old", "zz"]})).await;
    assert_eq!(edited.expect(200)["tags"], json!(["new", "zz"]));
    let made = id_of(owner, json!({"first_name": "Max", "tags": ["OLD"]})).await;
    assert_eq!(owner.get(&path(&made)).await.expect(200)["tags"], json!(["new"]));
    let bulk = json!({"contacts": [lost], "remove_tags": ["New"]});
    assert_eq!(owner.post("/v1/contacts/bulk-changes", bulk).await.expect(200)["changed"], 1);
    owner.post("/v1/tags", json!({"name": "old"})).await.problem(409, "tag_name_leaving");

    world.app.settle().await;
    assert_eq!((carriers(&world, "old").await, carriers(&world, "new").await), (0, 2_501 + 1));
    assert_eq!(owner.get(&path(&lost)).await.expect(200)["tags"], json!([]));
    assert_eq!(owner.get(&segment).await.expect(200)["members"], 2_501);
    check(&world).await;
    let events = world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "tag_run.finished").count(), 1);
    owner.post("/v1/tags", json!({"name": "old"})).await.expect(201);
    world.app.settle().await;
}

#[tokio::test]
async fn what_follows_is_renamed_back_merged_and_deleted_meanwhile() {
    let world = World::start().await;
    let owner = &world.owner;
    let zz = format!("/v1/tags/{}", owner.post("/v1/tags", json!({"name": "zz"})).await.text_of("id"));
    let tag = crowd(&world, "a", 1_500).await;
    let bare = json!({"kind": "field", "field": "tags", "op": "empty"});
    let bare = owner.post("/v1/segments", json!({"name": "Bare", "kind": "dynamic", "definition": bare})).await;
    world.app.settle().await;
    // Back and forth, then on: nobody stays behind.
    for name in ["b", "a", "A", "c"] {
        owner.patch(&tag, json!({"name": name})).await.expect(200);
    }
    owner.patch(&zz, json!({"name": "a"})).await.problem(409, "tag_name_leaving");
    let into = owner.post("/v1/tags", json!({"name": "d"})).await.text_of("id");
    let merged = owner.post(&format!("{tag}/merger"), json!({"into": into})).await;
    assert_eq!(merged.expect(200)["contacts"], 1_499);
    world.app.settle().await;
    assert_eq!(carriers(&world, "d").await, 1_500);
    check(&world).await;
    // What is taken off everybody is given to nobody, and whoever has no tag left is known for it.
    owner.delete(&zz).await.expect(204);
    owner.delete(&format!("/v1/tags/{into}")).await.expect(204);
    let leaving = runs(&world).await;
    assert_eq!((leaving.len(), leaving[0].get("becomes")), (2, None));
    let made = owner.post("/v1/contacts", json!({"first_name": "Ann", "tags": ["D", "e"]})).await;
    assert_eq!(made.expect(201)["tags"], json!(["e"]));
    world.app.settle().await;
    assert_eq!((carriers(&world, "d").await, carriers(&world, "zz").await), (0, 0));
    let segment = owner.get(&format!("/v1/segments/{}", bare.text_of("id"))).await;
    assert_eq!(segment.expect(200)["members"], 1_499);
    check(&world).await;
}

#[tokio::test]
async fn a_killed_worker_leaves_off_where_another_goes_on() {
    let mut world = World::start().await;
    world.owner.post("/v1/tags", json!({"name": "zz"})).await.expect(201);
    let tag = crowd(&world, "old", 12_000).await;
    world.owner.patch(&tag, json!({"name": "new"})).await.expect(200);
    // A worker of its own, whose runtime is dropped in the middle: what it was doing ends as if it had been killed.
    let (config, clock) = (world.app.app.config.clone(), world.app.clock.clone());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let worker = kernel::App::new(config, clock, server::modules::all()).expect("a program");
    server::modules::install(&worker).expect("installed");
    notifications::install_with(&worker, Arc::new(notifications::providers::fake::Recorder::default()))
        .expect("a mailer");
    runtime.spawn(kernel::jobs::work_forever(worker));
    while runs(&world).await.first().is_some_and(|run| run["done"] == 0) {}
    runtime.shutdown_background();
    world.app.settle().await;
    world.app.advance(TimeDelta::hours(1));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.app.settle().await;
    assert_eq!((carriers(&world, "old").await, carriers(&world, "new").await), (0, 12_000));
    assert_eq!(world.count("select count(*) from contacts where version <> 2").await, 0, "each was changed once");
    check(&world).await;
}

#[tokio::test]
async fn nobody_is_left_with_a_name_that_is_changed_meanwhile() {
    let world = World::start().await;
    let owner = &world.owner;
    let known = id_of(owner, json!({"first_name": "Ann"})).await;
    for round in 0..6 {
        let old = format!("round {round}");
        let made = owner.post("/v1/tags", json!({"name": old})).await;
        let tag = format!("/v1/tags/{}", made.expect(201)["id"].as_str().expect("an id"));
        id_of(owner, json!({"first_name": "Bo", "tags": [old]})).await;
        let create = async { owner.post("/v1/contacts", json!({"first_name": "Cy", "tags": [old]})).await };
        let many = json!({"contacts": [known], "add_tags": [old]});
        let bulk = async { owner.post("/v1/contacts/bulk-changes", many).await };
        let one = async { owner.patch(&tag, json!({"name": format!("one {round}")})).await };
        let other = async {
            if round % 2 == 0 {
                owner.patch(&tag, json!({"name": format!("other {round}")})).await
            } else {
                owner.delete(&tag).await
            }
        };
        let (created, bulk, one, other) = tokio::join!(create, bulk, one, other);
        created.expect(201);
        bulk.expect(200);
        assert!(matches!(one.status, 200 | 404), "{}: {}", one.status, one.body);
        assert!(matches!(other.status, 200 | 204), "{}: {}", other.status, other.body);
        world.app.settle().await;
        check(&world).await;
    }
}

#[tokio::test]
async fn an_answer_that_comes_in_while_a_tag_changes_gets_what_it_becomes() {
    let world = World::start().await;
    let owner = &world.owner;
    owner.post("/v1/tags", json!({"name": "zz"})).await.expect(201);
    let mut tag = crowd(&world, "old", 1_200).await;
    let form = world.published(enquiry(), json!({"contact_tags": ["old"]})).await;
    let send = async |nth: u8| {
        let mut said = answers();
        said["email"] = json!(format!("p{nth}@visitor.example"));
        world.visitor(&form, nth).submit(1, said).await.expect(201);
    };
    // In the same moment, and while thousands follow.
    let rename = async { owner.patch(&tag, json!({"name": "new"})).await };
    let (renamed, ()) = tokio::join!(rename, send(0));
    renamed.expect(200);
    send(1).await;
    assert_eq!(runs(&world).await.len(), 1);
    let late = owner.get("/v1/contacts?filter=email:eq:p1@visitor.example").await;
    assert_eq!(late.expect(200)["items"][0]["tags"], json!(["new"]));
    world.app.settle().await;
    assert_eq!((carriers(&world, "old").await, carriers(&world, "new").await), (0, 1_202));
    check(&world).await;
    // Renamed, merged and given away: whichever comes first, the answer has a tag, and nothing is made that nobody asked for.
    for round in 0..6_u8 {
        let other = owner.post("/v1/tags", json!({"name": format!("other {round}")})).await.text_of("id");
        let change = async {
            match round % 3 {
                0 => owner.patch(&tag, json!({"name": format!("name {round}")})).await.expect(200).clone(),
                1 => owner.post(&format!("{tag}/merger"), json!({"into": other})).await.expect(200).clone(),
                _ => owner.patch(&format!("/v1/tags/{other}"), json!({"name": "old"})).await.expect(200).clone(),
            }
        };
        let (changed, ()) = tokio::join!(change, send(2 + round));
        tag = format!("/v1/tags/{}", changed["id"].as_str().expect("an id"));
        world.app.settle().await;
        check(&world).await;
        let sent = owner.get(&format!("/v1/contacts?filter=email:eq:p{}@visitor.example", 2 + round)).await;
        assert_eq!(sent.expect(200)["items"][0]["tags"].as_array().map(Vec::len), Some(1), "round {round}");
        let meant = "select (select count(*) from tags where lower(name) = 'old') + (select count(*) from tag_aliases where lower(name) = 'old')";
        assert_eq!(world.count(meant).await, 1, "the name means one tag");
    }
}
