//! Stages: the tenant's own words for how far a contact is.
use super::{add, id_of, member_with};
use crate::forms::World;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Client};

async fn stages(client: &Client) -> Vec<Value> {
    client.get("/v1/contact-stages").await.expect(200)["items"].as_array().expect("items").clone()
}

fn keys(stages: &[Value]) -> Vec<&str> {
    stages.iter().filter_map(|stage| stage["key"].as_str()).collect()
}

async fn named(client: &Client, key: &str) -> Value {
    stages(client).await.into_iter().find(|stage| stage["key"] == key).unwrap_or_else(|| panic!("no stage {key}"))
}

fn path(stage: &Value) -> String {
    format!("/v1/contact-stages/{}", stage["id"].as_str().expect("an id"))
}

async fn take_away(client: &Client, stage: &Value, to: &Value) -> Answer {
    client.delete(&format!("{}?move_to={}", path(stage), to["id"].as_str().expect("an id"))).await
}

async fn stage_of(world: &World, contact: &str) -> Value {
    world.owner.get(&format!("/v1/contacts/{contact}")).await.expect(200)["stage"].clone()
}

#[tokio::test]
async fn every_tenant_starts_with_the_same_stages_and_makes_them_its_own() {
    let world = World::start().await;
    let owner = &world.owner;
    let first = stages(owner).await;
    let usual = ["new", "contacted", "not_answered", "qualified", "proposal", "negotiation", "won", "lost"];
    assert_eq!(keys(&first), usual);
    assert_eq!((&first[0]["entry"], &first[3]["entry"]), (&json!("new"), &json!("converted")));

    let made = owner.post("/v1/contact-stages", json!({"label": " On hold ", "colour": "#123abc"})).await;
    assert_eq!((&made.expect(201)["key"], &made.body["position"]), (&json!("on_hold"), &json!(9)));
    let arabic = owner.post("/v1/contact-stages", json!({"label": "مؤجل", "outcome": "lost"})).await;
    assert_eq!(arabic.expect(201)["key"], "stage");
    for (body, field) in [
        (json!({"label": " "}), "/label"),
        (json!({"label": "ON HOLD"}), "/label"),
        (json!({"label": "Other", "key": "won"}), "/key"),
        (json!({"label": "Other", "key": "No key"}), "/key"),
        (json!({"label": "Other", "colour": "red"}), "/colour"),
        (json!({"label": "Other", "entry": "new", "outcome": "won"}), "/outcome"),
    ] {
        let refused = owner.post("/v1/contact-stages", body.clone()).await;
        assert_eq!(refused.expect(422)["errors"][0]["field"], field, "{body}");
    }

    let read = owner.get(&path(&made.body)).await;
    let call = owner.with("if-match", read.etag()).patch(&path(&made.body), json!({"label": "Paused"})).await;
    assert_eq!((&call.expect(200)["label"], &call.body["key"]), (&json!("Paused"), &json!("on_hold")));
    let stale = owner.with("if-match", read.etag()).patch(&path(&made.body), json!({"colour": null})).await;
    stale.problem(412, "stale");
    let again = owner.patch(&path(&made.body), json!({"label": "Paused"})).await;
    assert_eq!(again.expect(200)["version"], call.body["version"], "what changes nothing leaves it");

    // New contacts begin where the tenant says; that stage cannot just stop being it.
    owner.patch(&path(&first[0]), json!({"entry": null})).await.problem(409, "contact_stage_for_new");
    take_away(owner, &first[0], &first[1]).await.problem(409, "contact_stage_for_new");
    owner.patch(&path(&made.body), json!({"entry": "new"})).await.expect(200);
    assert_eq!(named(owner, "new").await.get("entry"), None);
    assert_eq!(add(owner, json!({"first_name": "Ann"})).await["stage"], "on_hold");
    owner.post("/v1/contacts", json!({"first_name": "Bo", "stage": "nowhere"})).await.problem(422, "invalid");

    let (reader, _) = member_with(&world, "Reader", json!({"contacts.read": "all", "contacts.write": "team"})).await;
    assert_eq!(stages(&reader).await.len(), 10);
    reader.post("/v1/contact-stages", json!({"label": "Mine"})).await.problem(403, "level_all_needed");
    let events = world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "contact_stage.updated").count(), 2);
    world.app.settle().await;
}

#[tokio::test]
async fn of_two_orders_at_once_one_stands_whole_and_the_other_hears_it() {
    let world = World::start().await;
    let list = world.owner.get("/v1/contact-stages").await;
    let ids: Vec<Value> = stages(&world.owner).await.iter().map(|stage| stage["id"].clone()).collect();
    let (mut turned, mut shifted) = (ids.clone(), ids.clone());
    turned.reverse();
    shifted.rotate_left(1);
    let put = |order: &Vec<Value>| {
        let (client, body) = (world.owner.with("if-match", list.etag()), json!({ "stages": order }));
        async move { client.put("/v1/contact-stages/order", body).await }
    };
    let answers = join_all([put(&turned), put(&shifted)]).await;
    let mut statuses = [answers[0].status, answers[1].status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let winner = if answers[0].status == 200 { &turned } else { &shifted };
    let now: Vec<Value> = stages(&world.owner).await.iter().map(|stage| stage["id"].clone()).collect();
    assert_eq!(&now, winner);
    let places: Vec<i64> = stages(&world.owner).await.iter().filter_map(|s| s["position"].as_i64()).collect();
    assert_eq!(places, [1, 2, 3, 4, 5, 6, 7, 8]);
    let last = world.owner.put("/v1/contact-stages/order", json!({"stages": [winner[7]]})).await;
    assert_eq!(last.expect(200)["items"][0]["id"], winner[7], "the others keep their order after it");
    assert_eq!(last.body["items"][1]["id"], winner[0]);
    for wrong in [json!([ids[0], ids[0]]), json!(["cst_00000000000000000000000000"])] {
        let refused = world.owner.put("/v1/contact-stages/order", json!({ "stages": wrong })).await;
        refused.problem(409, "contact_stages_changed");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn contacts_of_a_stage_that_goes_are_moved_and_keep_a_line_of_it() {
    let world = World::start().await;
    let owner = &world.owner;
    let (proposal, negotiation, won) =
        (named(owner, "proposal").await, named(owner, "negotiation").await, named(owner, "won").await);
    let in_proposal = json!({"first_name": "Ann", "stage": "proposal"});
    let (ann, gone) = (id_of(owner, in_proposal.clone()).await, id_of(owner, in_proposal.clone()).await);
    let (kept, merged) = (id_of(owner, in_proposal).await, id_of(owner, json!({"first_name": "Kim"})).await);
    owner.delete(&format!("/v1/contacts/{gone}")).await.expect(204);
    let merge =
        owner.post("/v1/contact-merges", json!({"kept": kept, "merged": [merged], "fields": {"stage": merged}})).await;
    assert_eq!(
        (merge.expect(201)["kept"].as_str(), stage_of(&world, &kept).await),
        (Some(kept.as_str()), json!("new"))
    );
    let rule = json!({"name": "Ring", "cause": "contact_stage", "contact_stage": "negotiation", "wait_days": 0, "task_title": "Ring"});
    owner.post("/v1/follow-up-rules", rule).await.expect(201);

    let used = owner.get(&format!("{}/use", path(&proposal))).await;
    assert_eq!(used.expect(200)["contacts"], 1, "neither the deleted one nor the merged ones");
    owner.delete(&path(&proposal)).await.problem(409, "contact_stage_in_use");
    take_away(owner, &proposal, &proposal).await.problem(422, "invalid");
    take_away(owner, &proposal, &negotiation).await.expect(204);
    world.app.settle().await;
    assert_eq!(stage_of(&world, &ann).await, "negotiation");
    let story = owner.get(&format!("/v1/contacts/{ann}/timeline")).await;
    let lines = story.expect(200)["items"].as_array().expect("items");
    let line = lines.iter().find(|line| line["kind"] == "contact.stage_replaced").expect("a line of it");
    assert_eq!((&line["payload"]["from"], &line["payload"]["to"]), (&json!("proposal"), &json!("negotiation")));
    assert_eq!(world.count("select count(*) from follow_ups").await, 0, "nobody came there by a decision");
    owner.patch(&path(&proposal), json!({"label": "Back"})).await.problem(404, "not_found");
    let past = owner.get("/v1/contact-stages?removed=true").await;
    assert_eq!(past.expect(200)["items"][0]["moved_to"], "negotiation");

    // Who comes back from before finds where the others went, also when that is gone too.
    take_away(owner, &negotiation, &won).await.expect(204);
    world.app.settle().await;
    let back = owner.post(&format!("/v1/contacts/{gone}/restoration"), json!({})).await;
    assert_eq!(back.expect(200)["stage"], "won");
    let undo = format!("/v1/contact-merges/{}/undo", merge.text_of("id"));
    owner.post(&undo, json!({})).await.expect(200);
    assert_eq!(stage_of(&world, &kept).await, "won");

    // A stage that nobody is in goes without a word, and comes back empty.
    let lost = named(owner, "lost").await;
    owner.delete(&path(&lost)).await.expect(204);
    owner.post("/v1/contacts", json!({"first_name": "Bo", "stage": "lost"})).await.problem(422, "invalid");
    let restored = owner.post(&format!("{}/restoration", path(&lost)), json!({})).await;
    assert_eq!((&restored.expect(200)["key"], restored.body.get("removed_at")), (&json!("lost"), None));
    assert_eq!(keys(&stages(owner).await), ["new", "contacted", "not_answered", "qualified", "won", "lost"]);
    world.app.settle().await;
}

/// Whoever names the stage names the one that its contacts go to, and finds them there.
#[tokio::test]
async fn what_names_a_stage_that_goes_names_the_other_one() {
    let world = World::start().await;
    let owner = &world.owner;
    let (gone, other) = (named(owner, "proposal").await, named(owner, "negotiation").await);
    let in_it = json!({"kind": "field", "field": "stage", "op": "any_of", "values": ["proposal", "won"]});
    let rule = json!({"kind": "all", "rules": [in_it]});
    let segment = owner.post("/v1/segments", json!({"name": "Close", "kind": "dynamic", "definition": rule})).await;
    let segment = format!("/v1/segments/{}", segment.text_of("id"));
    let fit = json!({"id": "close", "name": "Close", "active": true, "kind": "fit", "points": 20, "most": 1, "definition": in_it});
    owner.put("/v1/scoring", json!({"rules": [fit], "warm_from": 15, "hot_from": 40})).await.expect(200);
    let follow = json!({"name": "After an offer", "cause": "contact_stage", "contact_stage": "proposal", "wait_days": 3, "task_title": "Ask"});
    let follow = owner.post("/v1/follow-up-rules", follow).await.text_of("id");
    let greeting = json!({"name": "Feasts", "kinds": ["birthday"], "stages": ["proposal", "negotiation"], "subject": "Hi", "body": "Hello"});
    let greeting = owner.post("/v1/greetings", greeting).await.text_of("id");
    let form = world.published(crate::forms::enquiry(), json!({"contact_stage": "proposal"})).await.id;
    let asked = ["stage:in:won,proposal,negotiation", "stage:ne:proposal", "stage:ne:lost"];
    let view = json!({"list": "contacts", "name": "Close", "audience": "everyone", "filter": asked});
    let view = owner.post("/v1/saved-views", view).await.text_of("id");
    let ada = id_of(owner, json!({"first_name": "Ada", "stage": "proposal"})).await;
    world.app.settle().await;

    take_away(owner, &gone, &other).await.expect(204);
    world.app.settle().await;
    let kept = owner.get(&segment).await.expect(200).clone();
    assert_eq!(kept["definition"]["rules"][0]["values"], json!(["negotiation", "won"]));
    assert_eq!((&kept["members"], &kept["broken"]), (&json!(1), &json!([])));
    let rules = owner.get("/v1/scoring").await.expect(200).clone();
    assert_eq!(rules["rules"][0]["definition"]["values"], json!(["negotiation", "won"]));
    assert_eq!(owner.get(&format!("/v1/contacts/{ada}")).await.expect(200)["score"], 20);
    let said = async |path: String| owner.get(&path).await.expect(200).clone();
    assert_eq!(said(format!("/v1/follow-up-rules/{follow}")).await["contact_stage"], "negotiation");
    assert_eq!(said(format!("/v1/greetings/{greeting}")).await["stages"], json!(["negotiation"]));
    assert_eq!(said(format!("/v1/forms/{form}")).await["contact_stage"], "negotiation");
    let asks = said(format!("/v1/saved-views/{view}")).await["filter"].clone();
    assert_eq!(asks, json!(["stage:in:won,negotiation", "stage:ne:negotiation", "stage:ne:lost"]));
}

#[tokio::test]
async fn nobody_is_left_in_a_stage_that_is_taken_away_meanwhile() {
    let world = World::start().await;
    let owner = &world.owner;
    let to = named(owner, "contacted").await;
    let known = id_of(owner, json!({"first_name": "Ann"})).await;
    for round in 0..6 {
        let made = owner.post("/v1/contact-stages", json!({"label": format!("Round {round}")})).await;
        let (stage, key) = (made.expect(201).clone(), made.text_of("key"));
        let create = async { owner.post("/v1/contacts", json!({"first_name": "Bo", "stage": key})).await };
        let moves = async { owner.patch(&format!("/v1/contacts/{known}"), json!({"stage": key})).await };
        let many = json!({"contacts": [known], "stage": key});
        let bulk = async { owner.post("/v1/contacts/bulk-changes", many).await };
        let (created, moved, bulk, taken) = tokio::join!(create, moves, bulk, take_away(owner, &stage, &to));
        taken.expect(204);
        for answer in [&created, &moved, &bulk] {
            assert!(matches!(answer.status, 200 | 201 | 422), "{}: {}", answer.status, answer.body);
        }
        world.app.settle().await;
        let left =
            "select count(*) from contacts c join contact_stages s on s.key = c.stage where s.removed_at is not null";
        assert_eq!(world.count(left).await, 0);
    }
}
