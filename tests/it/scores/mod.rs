//! Scores: how they are counted, why, and that they stay right.
mod follow;
mod scoring;

use crate::forms::World;
use serde_json::{Value, json};
use tests::Client;

/// A rule of what is known.
pub fn fit(id: &str, points: i32, definition: Value) -> Value {
    json!({"id": id, "name": id, "active": true, "kind": "fit", "points": points, "most": 1, "definition": definition})
}

/// A rule of what happened; `more` says how it counts.
pub fn behaviour(id: &str, points: i32, most: u32, definition: Value, more: Value) -> Value {
    let mut rule = fit(id, points, definition);
    rule["kind"] = json!("behaviour");
    rule["most"] = json!(most);
    rule.as_object_mut().expect("a rule").extend(more.as_object().expect("more").clone());
    rule
}

/// Replaces the rules.
pub async fn set(client: &Client, rules: Value, warm: i32, hot: i32) {
    let body = json!({"rules": rules, "warm_from": warm, "hot_from": hot});
    client.put("/v1/scoring", body).await.expect(200);
}

/// The kept score and band of a contact, after everything has been done, which is what counting it anew gives.
pub async fn score(world: &World, client: &Client, contact: &str) -> (i64, String) {
    world.app.settle().await;
    let kept = client.get(&format!("/v1/contacts/{contact}")).await.expect(200).clone();
    let counted = client.get(&format!("/v1/contacts/{contact}/score")).await.expect(200).clone();
    assert_eq!((&kept["score"], &kept["band"]), (&counted["score"], &counted["band"]), "{counted}");
    (kept["score"].as_i64().expect("a score"), kept["band"].as_str().expect("a band").to_owned())
}
