//! Making, changing and testing webhooks.
use super::{Hooked, header, verifies};
use crate::forms::World;
use serde_json::{Value, json};
use wiremock::{Mock, ResponseTemplate, matchers::any};

#[tokio::test]
async fn a_secret_is_shown_once_and_never_kept_readable() {
    let world = World::start().await;
    let new = json!({"name": "ERP", "url": "https://example.com/hook", "kinds": ["contact.*"]});
    let keyed = world.owner.with("idempotency-key", "w1");
    let made = keyed.post("/v1/webhooks", new.clone()).await;
    made.expect(201);
    let secret = made.text_of("secret");
    assert!(secret.starts_with("whsec_"));
    let again = keyed.post("/v1/webhooks", new).await;
    assert_eq!(again.expect(201)["webhook"], made.body["webhook"]);
    assert_eq!(again.body["secret"], Value::Null);
    let id = made.body["webhook"]["id"].as_str().unwrap();
    assert!(!world.owner.get(&format!("/v1/webhooks/{id}")).await.text.contains("whsec_"));
    let file = world.owner.get("/v1/webhooks/export?filter=name:contains:ERP").await;
    file.expect(200);
    assert!(file.text.starts_with("id,name,url,kinds,enabled,disabled_reason,failing_since,"), "{}", file.text);
    assert!(file.text.contains(&format!("\r\n{id},ERP,https://example.com/hook,contact.*,true,")), "{}", file.text);
    assert!(!file.text.contains("whsec_"));
    assert_eq!(world.owner.get("/v1/webhooks/export?filter=enabled:eq:false").await.text.lines().count(), 1);
    world.owner.get("/v1/webhooks/export?filter=nonsense:eq:1").await.problem(422, "invalid");
    assert_eq!(world.stranger().await.get("/v1/webhooks/export").await.text.lines().count(), 1);
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "webhook.exported").count(), 2);
    let kept = world.app.db.superuser().await;
    let rows = kept.query("select body::text from ops.idempotency_keys", &[]).await.unwrap();
    assert!(rows.iter().all(|row| !row.get::<_, String>(0).contains(&secret)));
    let stored = world.tenant_query("select secret from webhooks").await;
    assert!(!String::from_utf8_lossy(stored[0].get::<_, &[u8]>(0)).contains("whsec_"));
}

#[tokio::test]
async fn what_cannot_be_called_is_refused() {
    let world = World::start().await;
    for url in [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://[fd00::1]/",
        "ftp://example.com/",
        "x",
        "http://u:p@example.com/",
    ] {
        let refused = world.owner.post("/v1/webhooks", json!({"name": "x", "url": url, "kinds": ["*"]})).await;
        assert_eq!(refused.problem(422, "invalid")["errors"][0]["field"], "/url", "{url}");
    }
    let bad = json!({"name": "", "url": "https://example.com/", "kinds": ["contact", "contact.*"]});
    let refused = world.owner.post("/v1/webhooks", bad).await;
    let errors = refused.problem(422, "invalid")["errors"].as_array().unwrap();
    assert_eq!(errors.iter().map(|e| e["field"].as_str().unwrap()).collect::<Vec<_>>(), ["/name", "/kinds/0"]);
}

#[tokio::test]
async fn rotation_signs_with_both_secrets_for_a_day() {
    let hooked = Hooked::start(json!(["webhook.tested"])).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&hooked.receiver).await;
    let path = format!("/v1/webhooks/{}", hooked.id);
    let rotated = hooked.world.owner.post(&format!("{path}/secrets"), json!({})).await;
    rotated.expect(201);
    let newest = rotated.text_of("secret");
    assert_ne!(newest, hooked.secret);
    hooked.world.owner.post(&format!("{path}/test"), json!({})).await.expect(201);
    hooked.world.app.settle().await;
    let calls = hooked.calls().await;
    assert_eq!(calls.len(), 1, "a test goes out once");
    assert!(verifies(&calls[0], &newest) && verifies(&calls[0], &hooked.secret));
    hooked.world.app.advance(chrono::TimeDelta::hours(25));
    let owner = crate::forms::sign_in(&hooked.world.app, "northlight@example.com").await.0;
    owner.post(&format!("{path}/test"), json!({})).await.expect(201);
    hooked.world.app.settle().await;
    let calls = hooked.calls().await;
    assert!(verifies(&calls[1], &newest) && !verifies(&calls[1], &hooked.secret));
    assert_eq!(header(&calls[1], "upzento-event"), "webhook.tested");
}

#[tokio::test]
async fn changes_and_strangers() {
    let hooked = Hooked::start(json!(["contact.created"])).await;
    let path = format!("/v1/webhooks/{}", hooked.id);
    let owner = &hooked.world.owner;
    let tag = owner.get(&path).await.etag();
    owner.with("if-match", &*tag).patch(&path, json!({"enabled": false})).await.expect(200);
    owner.with("if-match", &*tag).patch(&path, json!({"enabled": true})).await.problem(412, "stale");
    assert_eq!(owner.get(&path).await.expect(200)["disabled_reason"], "manual");
    owner.post(&format!("{path}/test"), json!({})).await.problem(409, "webhook_disabled");
    hooked.contact("Ada").await;
    assert!(hooked.calls().await.is_empty(), "switched off means silent");
    assert!(hooked.deliveries().await.is_empty());
    let stranger = hooked.world.stranger().await;
    stranger.get(&path).await.problem(404, "not_found");
    stranger.patch(&path, json!({"name": "x"})).await.problem(404, "not_found");
    stranger.post(&format!("{path}/secrets"), json!({})).await.problem(404, "not_found");
    stranger.delete(&path).await.problem(404, "not_found");
    owner.delete(&path).await.expect(204);
    owner.get(&path).await.problem(404, "not_found");
}
