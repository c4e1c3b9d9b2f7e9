//! Conditions of a segment as a filter of the list of contacts, for its pages, counts, files and changes of many.
use super::{all, field, filtered, has, people};
use crate::{
    contacts::{id_of, member_with, names},
    forms::World,
};
use serde_json::{Value, json};
use tests::Client;

fn any(rules: Value) -> Value {
    json!({"kind": "any", "rules": rules})
}

/// Four people, and conditions of two of them: won in Berlin, or gold.
async fn world_of_four() -> (World, Value) {
    let world = World::start().await;
    for contact in [
        json!({"first_name": "Ada", "stage": "won", "address": {"city": "Berlin"}}),
        json!({"first_name": "Bob", "tier": "gold"}),
        json!({"first_name": "Cid", "stage": "won", "address": {"city": "Bonn"}}),
        json!({"first_name": "Dora"}),
    ] {
        id_of(&world.owner, contact).await;
    }
    let berlin = all(json!([field("stage", "any_of", json!(["won"])), field("city", "is", json!(["berlin"]))]));
    (world, any(json!([berlin, field("tier", "any_of", json!(["gold"]))])))
}

async fn codes(client: &Client, rules: &str) -> Vec<(Value, Value)> {
    let answer = client.get(&format!("/v1/contacts?filter=rules:{rules}")).await;
    let errors = answer.expect(422)["errors"].as_array().expect("errors").clone();
    errors.iter().map(|error| (error["field"].clone(), error["code"].clone())).collect()
}

#[tokio::test]
async fn a_list_its_count_its_file_and_a_change_of_many_mean_the_same() {
    let (world, rules) = world_of_four().await;
    let client = &world.owner;
    assert_eq!(filtered(client, &rules).await, ["Ada", "Bob"]);
    // Page by page, in an order, and beside other filters and words.
    let first = client.get(&format!("/v1/contacts?limit=1&sort=name&filter=rules:eq:{rules}")).await;
    assert_eq!(names(first.expect(200)), ["Ada"]);
    let cursor = first.text_of("next_cursor");
    let second = client.get(&format!("/v1/contacts?limit=1&sort=name&filter=rules:eq:{rules}&cursor={cursor}")).await;
    assert_eq!(names(second.expect(200)), ["Bob"]);
    assert!(second.body["next_cursor"].is_null());
    let both = client.get(&format!("/v1/contacts?filter=rules:eq:{rules}&filter=stage:ne:won")).await;
    assert_eq!(names(both.expect(200)), ["Bob"]);
    let gold = field("tier", "any_of", json!(["gold"]));
    let twice = client.get(&format!("/v1/contacts?q=bob&filter=rules:eq:{rules}&filter=rules:eq:{gold}")).await;
    assert_eq!(names(twice.expect(200)), ["Bob"]);
    let count = client.get(&format!("/v1/contacts/count?filter=rules:eq:{rules}")).await;
    assert_eq!(count.expect(200)["count"], 2);
    let file = client.get(&format!("/v1/contacts/export?filter=rules:eq:{rules}")).await;
    assert_eq!((file.status, file.text.lines().count()), (200, 3), "{}", file.text);
    let wish = json!({"filter": [format!("rules:eq:{rules}")]});
    let run = json!({"matching": wish, "change": {"add_tags": ["chosen"]}});
    client.post("/v1/contact-bulk-runs", run).await.expect(201);
    world.app.settle().await;
    let tagged = client.get("/v1/contacts?sort=name&filter=tag:has:chosen").await;
    assert_eq!(names(tagged.expect(200)), ["Ada", "Bob"]);

    let at = |code: &str| vec![(json!("/filter"), json!(code))];
    assert_eq!(codes(client, "ne:{}").await, at("filter_value"));
    assert_eq!(codes(client, "eq:here").await, at("filter_value"));
    assert_eq!(codes(client, &format!("eq:{}", field("shoe", "is", json!(["1"])))).await, at("field_unknown"));
    let deep = (0..6).fold(gold, |rule, _| all(json!([rule])));
    assert_eq!(codes(client, &format!("eq:{deep}")).await, at("too_deep"));
    let long = field("name", "is", json!(["x".repeat(9_000)]));
    assert_eq!(codes(client, &format!("eq:{long}")).await, at("filter_value"));
    // What is gone fits nobody, and neither does its opposite.
    let gone = field("stage", "any_of", json!(["gone"]));
    assert!(filtered(client, &json!({"kind": "none", "rules": [gone]})).await.is_empty());
}

#[tokio::test]
async fn nobody_learns_by_rules_what_he_may_not_see() {
    let world = World::start().await;
    let grants = json!({"contacts.*": "own", "contacts.export": "own", "contacts.mass_update": "own"});
    let (bob, _) = member_with(&world, "Bob", grants).await;
    people(&world, &["Ada", "Eve"]).await;
    id_of(&bob, json!({"first_name": "Mine"})).await;
    let everybody = any(json!([field("name", "not_empty", json!([])), field("tier", "empty", json!([]))]));
    assert_eq!(filtered(&bob, &everybody).await, ["Mine"]);
    let count = bob.get(&format!("/v1/contacts/count?filter=rules:eq:{everybody}")).await;
    assert_eq!(count.expect(200)["count"], 1);
    assert!(filtered(&world.stranger().await, &everybody).await.is_empty());
    // Who has a deal would tell about deals.
    let rich = any(json!([has("deal", json!([field("amount", "above", json!(["50000"]))]))]));
    for path in ["/v1/contacts", "/v1/contacts/count", "/v1/contacts/export"] {
        bob.get(&format!("{path}?filter=rules:eq:{rich}")).await.problem(403, "permission_missing");
    }
    let wish = json!({"filter": [format!("rules:eq:{rich}")]});
    let run = json!({"matching": wish, "change": {"stage": "won"}});
    bob.post("/v1/contact-bulk-runs", run).await.problem(403, "permission_missing");
}

#[tokio::test]
async fn related_records_count_as_far_as_the_reader_sees_them() {
    let world = World::start().await;
    let grants = json!({"contacts.*": "own", "contacts.export": "own", "contacts.mass_update": "own", "deals.read": "own",
        "tasks.read": "own", "activities.read": "own", "segments.read": "all"});
    let (bob, bob_id) = member_with(&world, "Bob", grants).await;
    let theirs = id_of(&bob, json!({"first_name": "Theirs"})).await;
    let his = id_of(&bob, json!({"first_name": "His"})).await;
    for (contact, owner) in [(&theirs, &world.owner_id), (&his, &bob_id)] {
        let deal = json!({"title": "Large", "amount": 90_000, "currency": "EUR", "owner": owner, "contacts": [{"contact": contact}]});
        world.owner.post("/v1/deals", deal).await.expect(201);
        let task = json!({"title": "Call", "assignee": owner, "contact": contact});
        world.owner.post("/v1/tasks", task).await.expect(201);
    }
    for rules in [has("deal", json!([field("amount", "above", json!(["50000"]))])), has("task", json!([]))] {
        let rules = any(json!([rules]));
        assert_eq!(filtered(&world.owner, &rules).await, ["His", "Theirs"]);
        assert_eq!(filtered(&bob, &rules).await, ["His"]);
        assert_eq!(super::fitting(&bob, &rules).await, ["His"]);
        let count = bob.get(&format!("/v1/contacts/count?filter=rules:eq:{rules}")).await;
        assert_eq!(count.expect(200)["count"], 1);
        let file = bob.get(&format!("/v1/contacts/export?filter=rules:eq:{rules}")).await;
        assert!(file.text.contains("His") && !file.text.contains("Theirs"), "{}", file.text);
    }
    // Nor is he told by the opposite, and a change of many goes no further.
    let none = json!({"kind": "has_not", "record": "deal"});
    assert_eq!(filtered(&bob, &any(json!([none]))).await, ["Theirs"]);
    let rich = any(json!([has("deal", json!([]))]));
    let run = json!({"matching": {"filter": [format!("rules:eq:{rich}")]}, "change": {"source": "rich"}});
    bob.post("/v1/contact-bulk-runs", run).await.expect(201);
    world.app.settle().await;
    let changed = world.owner.get("/v1/contacts?filter=source:eq:rich").await;
    assert_eq!(names(changed.expect(200)), ["His"]);
    // What is said with a contact is seen with the contact; what is about a deal, with the deal.
    let deal = world.owner.get(&format!("/v1/deals?contact={theirs}")).await.expect(200)["items"][0]["id"].clone();
    let call = json!({"kind": "call", "direction": "outbound", "title": "Rang"});
    world.owner.post(&format!("/v1/contacts/{his}/activities"), call.clone()).await.expect(201);
    let mut about = call;
    about["contact"] = json!(theirs);
    let deal = deal.as_str().expect("an id").to_owned();
    world.owner.post(&format!("/v1/deals/{deal}/activities"), about).await.expect(201);
    let called = any(json!([has("activity", json!([]))]));
    assert_eq!(filtered(&world.owner, &called).await, ["His", "Theirs"]);
    assert_eq!(filtered(&bob, &called).await, ["His"]);
}
