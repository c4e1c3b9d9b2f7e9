//! Root keys of the visitors' tokens: replaced quietly, dropped at once.
use super::{Platform, edge::Edge};
use chrono::TimeDelta;
use serde_json::{Value, json};

fn states(keys: &Value) -> Vec<(i64, String)> {
    let keys = keys.as_array().unwrap().iter();
    keys.map(|key| (key["kid"].as_i64().unwrap(), key["state"].as_str().unwrap().to_owned())).collect()
}

fn kid(token: &str) -> &str {
    token.split('.').nth(1).unwrap()
}

#[tokio::test]
async fn a_rotation_leaves_open_widgets_alone_and_a_revocation_closes_them_at_once() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let shop = platform.shop(&owner).await;
    let email = platform.hire("platform_admin").await;
    let admin = platform.sign_in(&email).await;
    let edge = Edge::start(&platform).await;
    let old = edge.session(&shop).await;
    assert_eq!(kid(&old), "1");

    platform.world.app.advance(TimeDelta::minutes(1));
    let made = admin.with("idempotency-key", "rotate-1").post("/v1/embed-keys", json!({})).await;
    assert_eq!((&made.expect(201)["kid"], &made.body["state"]), (&json!(2), &json!("active")));
    let same = admin.with("idempotency-key", "rotate-1").post("/v1/embed-keys", json!({})).await;
    assert_eq!(same.expect(201)["kid"], 2, "asked twice, rotated once");
    let listed = admin.get("/v1/embed-keys").await;
    assert_eq!(states(listed.expect(200)), [(2, "active".into()), (1, "retired".into())]);
    assert!(!listed.text.contains("seal") && !listed.text.contains("secret"));
    // Every edge has read the new key when it begins to sign.
    platform.world.app.advance(TimeDelta::minutes(2));
    let mut new = edge.session(&shop).await;
    for _ in 0..400 {
        if kid(&new) == "2" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        new = edge.session(&shop).await;
    }
    assert_eq!(kid(&new), "2", "the new key signs");
    assert_eq!(edge.submit(&old, "old").await.0, 201, "open widgets go on");
    assert_eq!(edge.submit(&new, "new").await.0, 201);

    admin.delete("/v1/embed-keys/2").await.expect(204);
    edge.until(&new, (401, "renew")).await;
    admin.delete("/v1/embed-keys/2").await.problem(404, "not_found");
    admin.delete("/v1/embed-keys/77").await.problem(404, "not_found");
    let listed = admin.get("/v1/embed-keys").await;
    let active: Vec<_> = states(listed.expect(200)).into_iter().filter(|(_, state)| state == "active").collect();
    assert_eq!(active.len(), 1, "there is always one that signs: {}", listed.text);
    // Whoever opens the page again is served.
    let fresh = edge.session(&shop).await;
    assert_ne!(kid(&fresh), "2");
    assert_eq!(edge.submit(&fresh, "fresh").await.0, 201);
    edge.stop().await;
}

#[tokio::test]
async fn at_the_end_of_its_time_an_old_token_ends_whatever_the_keys() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let shop = platform.shop(&owner).await;
    let admin = platform.admin().await;
    let edge = Edge::start(&platform).await;
    let session = edge.session(&shop).await;
    admin.post("/v1/embed-keys", json!({})).await.expect(201);
    platform.world.app.advance(TimeDelta::minutes(29));
    assert_eq!(edge.submit(&session, "late").await.0, 201, "valid until its end");
    platform.world.app.advance(TimeDelta::minutes(1));
    assert_eq!(edge.submit(&session, "too late").await, (401, "renew".into()));
    edge.stop().await;
}
