//! Hours in which follow-ups come.
use super::{call, contact, only_rule, owner, waiting};
use crate::forms::World;
use serde_json::json;

#[tokio::test]
async fn follow_ups_come_within_working_hours_of_their_zone() {
    let world = World::start().await;
    only_rule(&world.owner, json!({"wait_days": 1, "at_time": "20:00"})).await;
    let before = world.owner.get("/v1/working-time").await;
    assert_eq!(before.expect(200)["spans"].as_array().unwrap().len(), 5);
    // Saturdays and Sundays only, in Dhaka.
    let spans = json!([{"day": 7, "from": "10:00", "until": "12:00"}, {"day": 6, "from": "08:00", "until": "21:00"}]);
    let hours = json!({"zone": "Asia/Dhaka", "spans": spans});
    let etag = before.etag();
    let change = world.owner.with("if-match", etag.clone()).put("/v1/working-time", hours.clone()).await;
    assert_eq!(change.expect(200)["spans"][0]["day"], 6);
    world.owner.with("if-match", etag).put("/v1/working-time", hours).await.problem(412, "stale");
    let ada = contact(&world, &world.owner, "Ada").await;
    call(&world.owner, &ada).await;
    let coming = &waiting(&world.owner).await[0];
    assert_eq!((&coming["due_on"], &coming["zone"]), (&json!("2026-11-21"), &json!("Asia/Dhaka")));
    assert_eq!(coming["fire_at"], "2026-11-21T14:00:00+00:00");
    // A day off moves it on: to Sunday, which ends before eight in the evening, so to the next day as work begins.
    world
        .owner
        .post("/v1/holidays", json!({"day": "2025-11-21", "name": "Founders", "yearly": true}))
        .await
        .expect(201);
    let bob = contact(&world, &world.owner, "Bob").await;
    call(&world.owner, &bob).await;
    assert_eq!(waiting(&world.owner).await[1]["fire_at"], "2026-11-28T02:00:00+00:00");
}

#[tokio::test]
async fn hours_that_mean_nothing_are_refused() {
    let world = World::start().await;
    let refused = async |spans: serde_json::Value, code: &str| {
        let answer = world.owner.put("/v1/working-time", json!({"spans": spans})).await;
        assert_eq!(answer.expect(422)["errors"][0]["code"], code);
    };
    refused(json!([]), "required").await;
    refused(json!([{"day": 1, "from": "17:00", "until": "09:00"}]), "span_empty").await;
    refused(json!([{"day": 1, "from": "nine", "until": "17:00"}]), "time_invalid").await;
    let twice = json!([{"day": 1, "from": "09:00", "until": "12:00"}, {"day": 1, "from": "11:00", "until": "13:00"}]);
    refused(twice, "spans_overlap").await;
    let nowhere = json!({"zone": "Mars", "spans": [{"day": 1, "from": "09:00", "until": "12:00"}]});
    assert_eq!(world.owner.put("/v1/working-time", nowhere).await.expect(422)["errors"][0]["code"], "zone_unknown");
    let (reader, _) = crate::contacts::member_with(&world, "Ida", json!({"followups.*": "team"})).await;
    let hours = json!({"spans": [{"day": 1, "from": "09:00", "until": "12:00"}]});
    reader.put("/v1/working-time", hours.clone()).await.problem(403, "level_all_needed");
    assert_eq!(owner(&world).await.put("/v1/working-time", hours).await.expect(200)["version"], 2);
}
