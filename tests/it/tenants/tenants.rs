//! The tenant one works in.
use super::{World, refused};
use serde_json::json;

#[tokio::test]
async fn settings_are_read_and_changed() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let before = owner.client.get("/v1/tenants/current").await;
    assert_eq!(before.expect(200)["name"], "Northlight Studio");
    assert_eq!(before.body["kind"], "agency");
    let patch =
        json!({"name": " Northlight ", "zone": "Europe/Berlin", "country": "DE", "currency": "EUR", "locale": "de-DE"});
    let after = owner.client.with("if-match", before.etag()).patch("/v1/tenants/current", patch.clone()).await;
    assert_eq!(after.expect(200)["name"], "Northlight");
    assert_eq!(after.body["zone"], "Europe/Berlin");
    assert_ne!(after.etag(), before.etag());
    owner.client.with("if-match", before.etag()).patch("/v1/tenants/current", patch).await.problem(412, "stale");
    let none = owner.client.patch("/v1/tenants/current", json!({"country": null})).await;
    assert!(none.expect(200)["country"].is_null());
    // Nothing to change is no change.
    let same = owner.client.patch("/v1/tenants/current", json!({})).await;
    assert_eq!(same.etag(), none.etag());
    assert_eq!(world.log(owner.tenant).await.iter().filter(|kind| *kind == "tenant.updated").count(), 2);
}

#[tokio::test]
async fn wrong_settings_are_all_named() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let answer = owner.client.patch("/v1/tenants/current", json!({"slug": "A", "zone": "Mars", "currency": "x"})).await;
    let codes: Vec<_> = refused(&answer).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["slug_invalid", "zone_unknown", "currency_invalid"]);
    owner.client.patch("/v1/tenants/current", json!({"colour": 1})).await.expect(400);
    let other = world.agency("Harbour").await;
    other.client.patch("/v1/tenants/current", json!({"slug": "harbour-x"})).await.expect(200);
    owner.client.patch("/v1/tenants/current", json!({"slug": "harbour-x"})).await.problem(409, "slug_taken");
}

#[tokio::test]
async fn who_may_not_is_refused() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let staff = world.member(client, "client_staff", "Kim").await;
    staff.client.get("/v1/tenants/current").await.expect(200);
    staff.client.patch("/v1/tenants/current", json!({"name": "Mine"})).await.problem(403, "permission_missing");
    world.app.anonymous().get("/v1/tenants/current").await.problem(401, "credential_missing");
    // An agency's owner changes his client's settings with the header; somebody else's owner does not even see it.
    owner.acting_in(client).patch("/v1/tenants/current", json!({"name": "Dental Care"})).await.expect(200);
    let stranger = world.agency("Harbour").await;
    let answer = stranger.acting_in(client).get("/v1/tenants/current").await;
    assert!(matches!(answer.status, 403 | 404), "{}", answer.text);
}
