//! Contacts that become part of deals.
use super::{
    Line,
    assignment_rules::{rule, sellers},
    close, id_of,
};
use crate::contacts::{add, id_of as contact_of, member_with};
use crate::forms::World;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Client};

async fn convert(client: &Client, contact: &str, body: Value) -> Answer {
    client.post(&format!("/v1/contacts/{contact}/conversions"), body).await
}

async fn stage_of(world: &World, contact: &str) -> Value {
    world.owner.get(&format!("/v1/contacts/{contact}")).await.expect(200)["stage"].clone()
}

#[tokio::test]
async fn what_every_deal_must_have_is_asked_of_a_conversion() {
    let world = World::start().await;
    let owner = &world.owner;
    let field = json!({"record": "deal", "label": "Frame size", "type": "number", "required": true});
    let key = owner.post("/v1/custom-fields", field).await.text_of("key");
    let ann = contact_of(owner, json!({"first_name": "Ann"})).await;
    let without = convert(owner, &ann, json!({"new": {}})).await;
    without.expect(422);
    assert_eq!(without.body["errors"][0]["field"], json!(format!("/new/custom/{key}")));
    let made = convert(owner, &ann, json!({"new": {"custom": {&key: 58}}})).await;
    assert_eq!(made.expect(201)["deal"]["custom"], json!({&key: 58}));
}

#[tokio::test]
async fn a_new_deal_takes_what_it_can_from_the_contact() {
    let world = World::start().await;
    let owner = &world.owner;
    let company = owner.post("/v1/companies", json!({"name": "Kestrel"})).await.text_of("id");
    let ann = json!({"first_name": "Ann", "company_name": "Kestrel", "source": "fair", "owner": world.owner_id});
    let ann = contact_of(owner, ann).await;
    owner.put(&format!("/v1/companies/{company}/contacts/{ann}"), json!({"roles": []})).await.expect(200);
    let once = owner.with("idempotency-key", "c1");
    let made = convert(&once, &ann, json!({"new": {}, "role": "decision_maker"})).await;
    let deal = made.expect(201)["deal"].clone();
    assert_eq!(
        (&deal["title"], &deal["company"], &deal["owner"], &deal["source"], &deal["status"]),
        (&json!("Kestrel, Ann"), &json!(company), &json!(world.owner_id), &json!("fair"), &json!("open"))
    );
    assert_eq!(deal["contacts"], json!([{"contact": ann, "name": "Ann", "role": "decision_maker"}]));
    assert_eq!((&made.body["contact_stage"], &made.body["stage_changed"]), (&json!("qualified"), &json!(true)));
    assert_eq!(convert(&once, &ann, json!({"new": {}, "role": "decision_maker"})).await.expect(201), &made.body);
    assert_eq!(
        owner.get(&format!("/v1/deals?contact={ann}")).await.expect(200)["items"].as_array().map(Vec::len),
        Some(1)
    );

    // What is said goes before, and null leaves it empty; a contact that is further stays.
    owner.patch(&format!("/v1/contacts/{ann}"), json!({"stage": "negotiation"})).await.expect(200);
    let line = Line::first(&world).await;
    let said = json!({"new": {"title": "More", "company": null, "owner": null, "source": null, "stage": line.stages[2], "amount": 900, "currency": "SEK"}});
    let more = convert(owner, &ann, said).await.expect(201).clone();
    let deal = &more["deal"];
    assert_eq!(
        (&deal["title"], &deal["stage"], &deal["amount"]),
        (&json!("More"), &json!(line.stages[2]), &json!(900))
    );
    assert_eq!((deal.get("company"), deal.get("owner"), deal.get("source")), (None, None, None));
    assert_eq!((&more["contact_stage"], &more["stage_changed"]), (&json!("negotiation"), &json!(false)));

    let lost = add(owner, json!({"first_name": "Lee", "stage": "lost"})).await;
    let back = convert(owner, lost["id"].as_str().expect("an id"), json!({"new": {}})).await;
    assert_eq!(back.expect(201)["contact_stage"], "qualified", "who was lost is in play again");
    for (body, field) in [
        (json!({}), "/deal"),
        (json!({"new": {}, "deal": deal["id"]}), "/deal"),
        (json!({"new": {"title": "x".repeat(201)}}), "/new/title"),
        (json!({"new": {"owner": "usr_00000000000000000000000000"}}), "/new/owner"),
        (json!({"deal": "dea_00000000000000000000000000"}), "/deal"),
    ] {
        let refused = convert(owner, &ann, body.clone()).await;
        assert_eq!(refused.expect(422)["errors"][0]["field"], field, "{body}");
    }
    let events = world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "contact.converted").count(), 3);
    world.app.settle().await;
}

#[tokio::test]
async fn a_contact_is_put_on_a_deal_that_is_there_and_the_stage_follows_the_rule() {
    let world = World::start().await;
    let owner = &world.owner;
    let (ann, ben) =
        (contact_of(owner, json!({"first_name": "Ann"})).await, contact_of(owner, json!({"first_name": "Ben"})).await);
    let deal = id_of(owner, json!({"title": "Roof", "contacts": [{"contact": ben, "role": "user"}]})).await;
    let put = convert(owner, &ann, json!({"deal": deal, "role": "billing"})).await;
    let roles: Vec<&Value> =
        put.expect(201)["deal"]["contacts"].as_array().expect("contacts").iter().map(|c| &c["role"]).collect();
    assert_eq!(roles, ["user", "billing"]);
    // No role keeps the one he has, and what changes nothing leaves no line.
    let again = convert(owner, &ann, json!({"deal": deal})).await;
    assert_eq!(again.expect(201)["deal"]["version"], put.body["deal"]["version"]);
    let kept = convert(owner, &ben, json!({"deal": deal, "keep_stage": true})).await;
    assert_eq!(
        (&kept.expect(201)["contact_stage"], kept.body["deal"]["contacts"][0]["role"].as_str()),
        (&json!("new"), Some("user"))
    );

    // The tenant decides which stage that is, or that there is none.
    let stages = owner.get("/v1/contact-stages").await.expect(200)["items"].clone();
    let qualified =
        stages.as_array().expect("items").iter().find(|s| s["key"] == "qualified").expect("a stage").clone();
    let path = format!("/v1/contact-stages/{}", qualified["id"].as_str().expect("an id"));
    owner.patch(&path, json!({"entry": null})).await.expect(200);
    assert_eq!(convert(owner, &ben, json!({"deal": deal})).await.expect(201)["contact_stage"], "new");

    close(owner, &deal, "won").await.expect(200);
    convert(owner, &ben, json!({"deal": deal})).await.problem(409, "deal_closed");
    world
        .stranger()
        .await
        .post(&format!("/v1/contacts/{ben}/conversions"), json!({"new": {}}))
        .await
        .problem(404, "not_found");
    // Whoever may only see a contact makes a deal of him, and leaves him in his stage.
    owner.patch(&path, json!({"entry": "converted"})).await.expect(200);
    let (seller, seller_id) =
        member_with(&world, "Seller", json!({"contacts.read": "all", "deals.read": "own", "deals.write": "own"})).await;
    let made = convert(&seller, &ben, json!({"new": {}})).await;
    assert_eq!((&made.expect(201)["stage_changed"], &made.body["deal"]["owner"]), (&json!(false), &json!(seller_id)));
    world.app.settle().await;
}

#[tokio::test]
async fn who_gets_the_deal_of_a_contact_is_said_left_to_the_rules_or_nobody() {
    let world = World::start().await;
    let owner = &world.owner;
    let people = sellers(&world, &["Ana", "Ben"]).await;
    let (ana, ben) = (&people[0].1, &people[1].1);
    rule(&world, "All", "round_robin", &[json!({"member": ana})], json!({})).await;
    let free = contact_of(owner, json!({"first_name": "Free"})).await;
    let held = contact_of(owner, json!({"first_name": "Held", "owner": ben})).await;
    for (contact, new, gets, why) in [
        (&free, json!({}), json!(ana), "nobody is said: the rules"),
        (&free, json!({"owner": null}), Value::Null, "nobody is meant"),
        (&free, json!({"owner": ben}), json!(ben), "whoever is said"),
        (&held, json!({}), json!(ben), "the contact's own"),
        (&held, json!({"by_rules": true}), json!(ana), "the rules, all the same"),
        (&held, json!({"owner": null, "by_rules": true}), Value::Null, "what is said goes before"),
        (&held, json!({"owner": ben, "by_rules": true}), json!(ben), "what is said goes before"),
    ] {
        let made = convert(owner, contact, json!({"new": new})).await;
        assert_eq!(made.expect(201)["deal"]["owner"], gets, "{why}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn conversions_at_once_wait_in_no_circle() {
    let world = World::start().await;
    let owner = &world.owner;
    let ann = contact_of(owner, json!({"first_name": "Ann"})).await;
    let deal = id_of(owner, json!({"title": "Roof"})).await;
    let bodies = [json!({"new": {}}), json!({"new": {}}), json!({"deal": deal}), json!({"deal": deal, "role": "user"})];
    let answers = join_all(bodies.map(|body| convert(owner, &ann, body))).await;
    for answer in &answers {
        answer.expect(201);
    }
    assert_eq!(answers.iter().filter(|answer| answer.body["stage_changed"] == true).count(), 1, "once");
    assert_eq!(stage_of(&world, &ann).await, "qualified");
    let on = owner.get(&format!("/v1/deals/{deal}")).await;
    assert_eq!(on.expect(200)["contacts"].as_array().map(Vec::len), Some(1));
    world.app.settle().await;
}
