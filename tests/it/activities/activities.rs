//! Calls and meetings logged by hand.
use crate::{contacts::id_of, contacts::member_with, forms::World};
use serde_json::json;

#[tokio::test]
async fn an_activity_is_logged_changed_and_deleted() {
    let world = World::start().await;
    let contact = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let list = format!("/v1/contacts/{contact}/activities");
    let call = json!({"kind": "call", "direction": "outbound", "title": "Asked about the roof", "outcome": "no answer",
        "duration_seconds": 40, "occurred_at": "2026-11-19T09:00:00Z"});
    let once = world.owner.with("idempotency-key", "a1");
    let made = once.post(&list, call.clone()).await;
    assert_eq!(made.expect(201)["author"], json!(world.owner_id));
    assert_eq!(once.post(&list, call).await.expect(201), &made.body);
    let path = format!("/v1/activities/{}", made.text_of("id"));
    let before = world.owner.get(&path).await;
    let change = json!({"kind": "meeting", "direction": null, "body": "On site", "outcome": null});
    let changed = world.owner.with("if-match", before.etag()).patch(&path, change.clone()).await;
    let activity = changed.expect(200);
    assert_eq!(
        (&activity["kind"], &activity["direction"], &activity["body"]),
        (&json!("meeting"), &json!(null), &json!("On site"))
    );
    assert_eq!((&activity["outcome"], &activity["duration_seconds"]), (&json!(null), &json!(40)));
    world.owner.with("if-match", before.etag()).patch(&path, change).await.problem(412, "stale");
    let wrong = json!({"kind": "call", "title": " ", "duration_seconds": -1, "outcome": "x".repeat(101), "occurred_at": "2028-01-01T00:00:00Z"});
    let answer = world.owner.post(&list, wrong).await;
    assert_eq!(answer.expect(422)["errors"].as_array().map(Vec::len), Some(4));
    world.owner.post(&list, json!({"kind": "seance", "title": "x"})).await.expect(400);
    let ancient = json!({"kind": "call", "title": "x", "occurred_at": "-200000-01-01T00:00:00Z"});
    let refused = world.owner.post(&list, ancient).await;
    assert_eq!(refused.problem(422, "invalid")["errors"][0]["field"], "/occurred_at");
    // As a file, too.
    let file = world.owner.get("/v1/activities/export?filter=kind:eq:meeting").await;
    file.expect(200);
    assert_eq!((&file.headers["upzento-rows"], file.text.lines().count()), (&"1".parse().unwrap(), 2));
    assert!(file.text.contains(",Ann,"), "{}", file.text);
    let stranger = world.stranger().await;
    for answer in [
        stranger.get(&path).await,
        stranger.patch(&path, json!({"title": "x"})).await,
        stranger.delete(&path).await,
        stranger.post(&list, json!({"kind": "call", "title": "x"})).await,
    ] {
        answer.problem(404, "not_found");
    }
    let (desk, _) = member_with(&world, "Desk", json!({"contacts.*": "all", "activities.read": "all"})).await;
    desk.get(&path).await.expect(200);
    desk.delete(&path).await.problem(403, "permission_missing");
    let listed = world.owner.get(&format!("{list}?filter=kind:eq:meeting")).await;
    assert_eq!(listed.expect(200)["items"].as_array().map(Vec::len), Some(1));
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.problem(404, "not_found");
    let events = world.events().await;
    for kind in ["activity.logged", "activity.updated", "activity.deleted"] {
        assert_eq!(events.iter().filter(|k| *k == kind).count(), 1, "{kind}");
    }
    world.app.settle().await;
}
