//! What starts follow-ups.
use super::{call, contact, only_rule, waiting};
use crate::forms::World;
use serde_json::json;

#[tokio::test]
async fn every_tenant_begins_with_the_usual_rules() {
    let world = World::start().await;
    let rules = world.owner.get("/v1/follow-up-rules").await.expect(200)["items"].clone();
    let seen: Vec<_> = rules
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["name"].as_str().unwrap(), r["wait_days"].as_i64().unwrap(), r["enabled"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        seen,
        [
            ("After a proposal", 3, true),
            ("After a quote", 2, true),
            ("No answer to an e-mail", 7, true),
            ("Quiet in Proposal", 5, false)
        ]
    );
}

#[tokio::test]
async fn rules_are_made_changed_and_removed() {
    let world = World::start().await;
    let rule = only_rule(&world.owner, json!({})).await;
    let path = format!("/v1/follow-up-rules/{}", rule["id"].as_str().unwrap());
    let read = world.owner.get(&path).await;
    let new = json!({"name": "Quick", "cause": "activity", "wait_days": 0, "task_title": "Now {first_name}", "cancel_on": []});
    let change = world.owner.with("if-match", read.etag()).put(&path, new.clone()).await;
    assert_eq!((&change.expect(200)["name"], &change.body["activity_kind"]), (&json!("Quick"), &json!(null)));
    world.owner.with("if-match", read.etag()).put(&path, new.clone()).await.problem(412, "stale");
    world.owner.post("/v1/follow-up-rules", new).await.expect(422);
    let wrong = json!({"name": "Wrong", "cause": "contact_stage", "contact_stage": "nowhere", "wait_days": 1, "task_title": "Ring"});
    let wrong = world.owner.post("/v1/follow-up-rules", wrong).await;
    assert_eq!(wrong.expect(422)["errors"][0]["code"], "stage_unknown");
    let wrong = json!({"name": "Wrong", "cause": "activity", "wait_days": 1, "task_title": "Ring", "assignee": "member",
        "member": "usr_00000000000000000000000000"});
    assert_eq!(world.owner.post("/v1/follow-up-rules", wrong).await.expect(422)["errors"][0]["code"], "member_unknown");
    let stranger = world.stranger().await;
    stranger.get(&path).await.expect(404);
    stranger.delete(&path).await.expect(404);
    let ada = contact(&world, &world.owner, "Ada").await;
    call(&world.owner, &ada).await;
    assert_eq!(waiting(&world.owner).await.len(), 1);
    world.owner.delete(&path).await.expect(204);
    assert!(waiting(&world.owner).await.is_empty(), "what a removed rule started is stopped");
}

/// Whoever has left stays where he was named: the rest can be changed. What comes falls to whoever looks after the contact.
#[tokio::test]
async fn rules_and_sequences_that_name_somebody_who_has_left_can_be_changed() {
    let world = World::start().await;
    let (_, sven) = world.member("agency_staff", "Sven").await;
    let (_, tove) = world.member("agency_staff", "Tove").await;
    let rule = only_rule(&world.owner, json!({"assignee": "member", "member": sven})).await;
    let steps = json!([{"day": 1, "title": "Ring {name}"}]);
    let sequence = json!({"name": "Steps", "steps": steps, "assignee": "member", "member": sven});
    let sequence = world.owner.post("/v1/sequences", sequence).await.expect(201).clone();
    let ada = contact(&world, &world.owner, "Ada").await;
    call(&world.owner, &ada).await;
    for gone in [&sven, &tove] {
        world.owner.delete(&format!("/v1/members/{gone}")).await.expect(204);
    }
    let changed = |member: &str, named: &str| json!({"name": named, "cause": "activity", "wait_days": 2, "task_title": "Ring", "assignee": "member", "member": member});
    let path = format!("/v1/follow-up-rules/{}", rule["id"].as_str().expect("an id"));
    let kept = world.owner.put(&path, changed(&sven, "Kept")).await;
    assert_eq!((&kept.expect(200)["name"], &kept.body["member"]), (&json!("Kept"), &json!(sven)));
    let refused = world.owner.put(&path, changed(&tove, "Other")).await.expect(422)["errors"][0].clone();
    assert_eq!((&refused["field"], &refused["code"]), (&json!("/member"), &json!("member_unknown")));
    let path = format!("/v1/sequences/{}", sequence["id"].as_str().expect("an id"));
    let changed = |member: &str| json!({"name": "Kept", "steps": steps, "assignee": "member", "member": member});
    world.owner.put(&path, changed(&tove)).await.expect(422);
    assert_eq!(world.owner.put(&path, changed(&sven)).await.expect(200)["name"], "Kept");
    world.app.advance(chrono::TimeDelta::days(5));
    world.app.settle().await;
    let made = super::owner(&world).await.get("/v1/tasks").await.expect(200)["items"].clone();
    assert_eq!(made.as_array().map(Vec::len), Some(1));
    assert_eq!(made[0]["assignee"], json!(world.owner_id));
}

#[tokio::test]
async fn a_contact_that_comes_to_a_stage_is_put_into_a_sequence() {
    let world = World::start().await;
    let sequence = world.owner.get("/v1/sequences").await.expect(200)["items"][0].clone();
    let rule =
        json!({"cause": "contact_stage", "contact_stage": "contacted", "wait_days": 0, "sequence": sequence["id"]});
    only_rule(&world.owner, rule).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    world.owner.patch(&format!("/v1/contacts/{ada}"), json!({"stage": "contacted"})).await.expect(200);
    world.app.advance(chrono::TimeDelta::seconds(1));
    world.app.settle().await;
    let runs = world.owner.get(&format!("/v1/enrolments?filter=contact:eq:{ada}")).await.expect(200)["items"].clone();
    assert_eq!((&runs[0]["status"], &runs[0]["steps"]), (&json!("active"), &json!(4)));
    assert_eq!(waiting(&world.owner).await.len(), 4);
    world
        .owner
        .delete(&format!("/v1/sequences/{}", sequence["id"].as_str().unwrap()))
        .await
        .problem(409, "sequence_in_use");
}
