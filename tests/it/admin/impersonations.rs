//! The platform works in an account in somebody's place: with a reason, looking only, for a while, both names on it.
use super::{Platform, column};
use chrono::TimeDelta;
use serde_json::{Value, json};

fn body(tenant: impl ToString, more: Value) -> Value {
    let mut body = json!({"tenant": tenant.to_string(), "reason": "Ticket 4711: form broken", "minutes": 10});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

#[tokio::test]
async fn it_needs_a_reason_looks_only_and_ends() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let support = platform.support().await;
    let start = async |more: Value| support.post("/v1/impersonations", body(owner.tenant, more)).await;
    start(json!({"reason": "because"})).await.problem(422, "invalid");
    start(json!({"minutes": 61})).await.problem(422, "invalid");
    start(json!({"tenant": "ten_00000000000000000000000000"})).await.problem(404, "not_found");
    let started = start(json!({"member": owner.id.to_string()})).await;
    assert_eq!(
        (&started.expect(201)["impersonation"]["may_act"], &started.body["expires_in"]),
        (&json!(false), &json!(600))
    );
    let client = platform.world.app.anonymous().bearer(&started.text_of("access_token"));
    client.get("/v1/contacts").await.expect(200);
    client.post("/v1/contacts", json!({"first_name": "Ann"})).await.problem(403, "impersonation_read_only");
    // The account can read who was there and why.
    let seen = owner.client.get("/v1/impersonations").await;
    let entry = seen.expect(200)["items"][0].clone();
    assert_eq!(
        (&entry["impersonator"], &entry["impersonator_kind"]),
        (&json!("Robin platform_support"), &json!("admin"))
    );
    assert_eq!(
        (&entry["member"], &entry["reason"]),
        (&json!(owner.id.to_string()), &json!("Ticket 4711: form broken"))
    );
    let token = started.text_of("access_token");
    support.bearer(&token).get("/v1/agencies").await.problem(401, "session_ended");
    platform.world.app.advance(TimeDelta::minutes(10));
    client.get("/v1/contacts").await.expect(401);
}

#[tokio::test]
async fn whoever_may_act_leaves_both_names_on_every_event_and_can_be_stopped() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let admin = platform.admin().await;
    let wish = body(owner.tenant, json!({"member": owner.id.to_string(), "may_act": true}));
    let started = admin.post("/v1/impersonations", wish).await;
    started.expect(201);
    let client = platform.world.app.anonymous().bearer(&started.text_of("access_token"));
    client.post("/v1/contacts", json!({"first_name": "Ann"})).await.expect(201);
    client.put("/v1/password", json!({"current": "x", "new": "y"})).await.problem(403, "impersonation_forbidden");
    platform.world.app.settle().await;
    let made = owner.client.get("/v1/audit?filter=kind:eq:contact.created").await;
    let entry = made.expect(200)["items"][0].clone();
    assert_eq!((&entry["actor_kind"], &entry["on_behalf_of"]), (&json!("admin"), &json!(owner.id.to_string())));
    assert!(entry["actor"].is_string(), "{entry}");
    let platform_log = admin.get("/v1/audit?filter=kind:eq:impersonation.started").await;
    assert_eq!(column(&platform_log, "actor_kind"), ["admin"]);

    let id = started.body["impersonation"]["id"].as_str().unwrap().to_owned();
    let end = format!("/v1/accounts/{}/impersonations/{id}", owner.tenant);
    let elsewhere = platform.world.agency("Harbour").await;
    let wrong = format!("/v1/accounts/{}/impersonations/{id}", elsewhere.tenant);
    admin.delete(&wrong).await.problem(404, "not_found");
    admin.delete(&end).await.expect(204);
    platform.pass();
    client.get("/v1/contacts").await.problem(401, "impersonation_ended");
}
