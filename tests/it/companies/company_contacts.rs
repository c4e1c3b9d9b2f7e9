//! The people of companies.
use super::{id_of, path_of};
use crate::{contacts, contacts::member_with, forms::World};
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn person(world: &World, name: &str) -> String {
    let body = json!({"first_name": name, "job_title": "Chef", "emails": [{"address": format!("{name}@x.example")}]});
    contacts::id_of(&world.owner, body).await
}

/// Who is there, with roles, and whether asked first.
async fn people(world: &World, path: &str) -> Vec<(String, Value, bool)> {
    let page = world.owner.get(&format!("{path}/contacts")).await;
    let items = page.expect(200)["items"].as_array().expect("items").clone();
    let told = |p: &Value| (p["display_name"].as_str().unwrap().to_owned(), p["roles"].clone(), p["primary"] == true);
    items.iter().map(told).collect()
}

#[tokio::test]
async fn people_have_roles_at_companies_and_both_sides_show_it() {
    let world = World::start().await;
    let path = path_of(&world.owner, "Kestrel").await;
    let (ann, ben) = (person(&world, "Ann").await, person(&world, "Ben").await);
    let body = json!({"roles": ["billing", "decision_maker", "billing"], "primary": true});
    let put = world.owner.put(&format!("{path}/contacts/{ann}"), body.clone()).await;
    let made = put.expect(200);
    assert_eq!(made["roles"], json!(["decision_maker", "billing"]), "once each, in one order");
    assert_eq!((&made["display_name"], &made["job_title"]), (&json!("Ann"), &json!("Chef")));
    assert_eq!((made["email"].as_str(), made["version"].as_i64()), (Some("ann@x.example"), Some(1)));
    let again = world.owner.put(&format!("{path}/contacts/{ann}"), body).await;
    assert_eq!(again.expect(200)["version"], 1, "what changes nothing is no change");
    world
        .owner
        .put(&format!("{path}/contacts/{ben}"), json!({"roles": ["technical"], "primary": true}))
        .await
        .expect(200);
    assert_eq!(
        people(&world, &path).await,
        [
            ("Ann".to_owned(), json!(["decision_maker", "billing"]), false),
            ("Ben".to_owned(), json!(["technical"]), true)
        ],
        "the newer one is asked first"
    );
    let deciders = world.owner.get(&format!("{path}/contacts?filter=role:has:decision_maker")).await;
    assert_eq!(deciders.expect(200)["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(world.owner.get(&path).await.expect(200)["people"], 2);

    let other = path_of(&world.owner, "Äther").await;
    world.owner.put(&format!("{other}/contacts/{ann}"), json!({})).await.expect(200);
    let of_ann = world.owner.get(&format!("/v1/contacts/{ann}/companies")).await;
    assert_eq!(super::names(of_ann.expect(200)), ["Äther", "Kestrel"]);
    assert_eq!(of_ann.body["items"][1]["roles"], json!(["decision_maker", "billing"]));
    world.owner.delete(&other).await.expect(204);
    let of_ann = world.owner.get(&format!("/v1/contacts/{ann}/companies")).await;
    assert_eq!(super::names(of_ann.expect(200)), ["Kestrel"]);

    // Whoever was asked first is told so in his version.
    let stale = world.owner.with("if-match", "\"v1\"");
    stale.put(&format!("{path}/contacts/{ann}"), json!({})).await.problem(412, "stale");
    stale.delete(&format!("{path}/contacts/{ann}")).await.problem(412, "stale");
    world.owner.with("if-match", "\"v2\"").delete(&format!("{path}/contacts/{ann}")).await.expect(204);
    world.owner.delete(&format!("{path}/contacts/{ann}")).await.problem(404, "not_found");
    world.owner.get(&format!("/v1/contacts/{ann}")).await.expect(200);
    stale.put(&format!("{path}/contacts/{ann}"), json!({})).await.problem(412, "stale");
    let events = world.events().await;
    for (kind, count) in [("company.person_added", 3), ("company.person_changed", 1), ("company.person_removed", 1)] {
        assert_eq!(events.iter().filter(|k| *k == kind).count(), count, "{kind}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let world = World::start().await;
    let path = path_of(&world.owner, "Kestrel").await;
    let ann = person(&world, "Ann").await;
    world.owner.put(&format!("{path}/contacts/{ann}"), json!({"roles": ["boss"]})).await.expect(400);
    world.owner.put(&format!("{path}/contacts/{ann}"), json!({"since": "2026-01-01"})).await.expect(400);
    let nobody = "con_00000000000000000000000000";
    world.owner.put(&format!("{path}/contacts/{nobody}"), json!({})).await.problem(404, "not_found");
    world
        .owner
        .put(&format!("/v1/companies/com_00000000000000000000000000/contacts/{ann}"), json!({}))
        .await
        .expect(404);
    world.owner.get(&format!("{path}/contacts?filter=shoe:eq:44")).await.expect(422);
    world.owner.delete(&format!("/v1/contacts/{ann}")).await.expect(204);
    world.owner.put(&format!("{path}/contacts/{ann}"), json!({})).await.problem(404, "not_found");
    assert_eq!(world.count("select count(*) from company_contacts").await, 0);
    world.app.settle().await;
}

#[tokio::test]
async fn people_are_shown_to_whoever_may_see_them_as_contacts() {
    let world = World::start().await;
    let path = path_of(&world.owner, "Kestrel").await;
    let grants = json!({"companies.*": "all", "contacts.read": "own", "activities.read": "own"});
    let (una, una_id) = member_with(&world, "Una", grants).await;
    let (ann, ben) = (person(&world, "Ann").await, person(&world, "Ben").await);
    world.owner.patch(&format!("/v1/contacts/{ben}"), json!({"owner": una_id})).await.expect(200);
    for who in [&ann, &ben] {
        world.owner.put(&format!("{path}/contacts/{who}"), json!({"roles": ["billing"]})).await.expect(200);
    }
    let seen = una.get(&format!("{path}/contacts")).await;
    let seen: Vec<_> =
        seen.expect(200)["items"].as_array().unwrap().iter().map(|p| p["display_name"].clone()).collect();
    assert_eq!(seen, ["Ben"]);
    una.put(&format!("{path}/contacts/{ann}"), json!({})).await.problem(404, "not_found");
    una.delete(&format!("{path}/contacts/{ann}")).await.problem(404, "not_found");
    una.get(&format!("/v1/contacts/{ann}/companies")).await.problem(404, "not_found");
    let (lea, _) = member_with(&world, "Lea", json!({"companies.*": "all"})).await;
    assert_eq!(lea.get(&format!("{path}/contacts")).await.expect(200)["items"], json!([]));
    world.app.settle().await;
    let told = una.get(&format!("{path}/timeline")).await;
    let text = told.expect(200).to_string();
    assert!(text.contains("Ben") && !text.contains("Ann"), "{text}");
}

#[tokio::test]
async fn of_many_named_at_once_one_is_asked_first() {
    let world = World::start().await;
    let path = path_of(&world.owner, "Kestrel").await;
    let mut ids = vec![];
    for n in 0..8 {
        ids.push(person(&world, &format!("P{n}")).await);
    }
    let put = |id: &String| {
        let (owner, path) = (world.owner.clone(), format!("{path}/contacts/{id}"));
        async move { owner.put(&path, json!({"roles": ["decision_maker"], "primary": true})).await }
    };
    for answer in join_all(ids.iter().map(put)).await {
        answer.expect(200);
    }
    assert_eq!(people(&world, &path).await.iter().filter(|(.., first)| *first).count(), 1);
    assert_eq!(world.count("select count(*) from company_contacts").await, 8);
    world.app.settle().await;
}

#[tokio::test]
async fn the_timeline_tells_of_the_company_and_of_its_people() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"name": "Kestrel"})).await;
    let path = format!("/v1/companies/{id}");
    let later = || world.app.advance(chrono::TimeDelta::seconds(1));
    later();
    let (ann, ben) = (person(&world, "Ann").await, person(&world, "Ben").await);
    later();
    world.owner.put(&format!("{path}/contacts/{ann}"), json!({"roles": ["technical"]})).await.expect(200);
    later();
    let call = json!({"kind": "call", "direction": "inbound", "title": "Wants a roof"});
    world.owner.post(&format!("/v1/contacts/{ann}/activities"), call).await.expect(201);
    world.owner.post(&format!("/v1/contacts/{ben}/notes"), json!({"body": "Of another company"})).await.expect(201);
    later();
    world.owner.patch(&path, json!({"tier": "gold"})).await.expect(200);
    world.app.settle().await;
    let told = world.owner.get(&format!("{path}/timeline")).await;
    let items = told.expect(200)["items"].as_array().unwrap().clone();
    let kinds: Vec<&str> = items.iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(
        kinds,
        ["company.updated", "activity.logged", "company.person_added", "contact.created", "company.created"]
    );
    assert_eq!((&items[1]["contact_name"], &items[1]["contact"]), (&json!("Ann"), &json!(ann)));
    assert_eq!(items[0]["subject_id"], json!(id));
    let of_ann = world.owner.get(&format!("/v1/contacts/{ann}/timeline?filter=subject:eq:companies")).await;
    assert_eq!(of_ann.expect(200)["items"][0]["kind"], "company.person_added");
    let first = world.owner.get(&format!("{path}/timeline?limit=2")).await;
    let cursor = first.text_of("next_cursor");
    let second = world.owner.get(&format!("{path}/timeline?limit=200&cursor={cursor}")).await;
    assert_eq!(second.expect(200)["items"].as_array().map(Vec::len), Some(3));
}
