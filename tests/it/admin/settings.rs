//! Settings of the platform.
use super::{PASSWORD, Platform};
use serde_json::json;

#[tokio::test]
async fn a_setting_takes_effect_and_keeps_its_type() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let keys: Vec<_> = admin.get("/v1/settings").await.expect(200).as_array().unwrap().clone();
    let keys: Vec<_> = keys.iter().map(|setting| setting["key"].as_str().unwrap().to_owned()).collect();
    assert_eq!(keys, ["sign_up.open", "sign_up.plan"]);
    let sign_up = async |email: &str| {
        let body = json!({"agency": "Harbour Studio", "name": "Ada Lovelace", "email": email, "password": PASSWORD});
        platform.world.app.anonymous().post("/v1/sign-ups", body).await.status
    };
    assert!(matches!(sign_up("a@example.org").await, 200..=299));
    let path = "/v1/settings/sign_up.open";
    assert_eq!(admin.put(path, json!({"value": false})).await.expect(200)["value"], false);
    assert_eq!(sign_up("b@example.org").await, 403);
    admin.put(path, json!({"value": "no"})).await.problem(422, "invalid");
    admin.put(path, json!({"value": 1})).await.problem(422, "invalid");
    admin.put("/v1/settings/unknown", json!({"value": true})).await.problem(404, "not_found");
    admin.put(path, json!({"valve": true})).await.expect(400);
    admin.put(path, json!({"value": true})).await.expect(200);
    assert!(matches!(sign_up("c@example.org").await, 200..=299));

    admin.put(path, json!({"value": null})).await.problem(422, "invalid");
    let refused = admin.put("/v1/settings/sign_up.plan", json!({"value": "platinum"})).await;
    refused.problem(422, "invalid");
    assert_eq!(
        (&refused.body["errors"][0]["field"], &refused.body["errors"][0]["code"]),
        (&json!("/value"), &json!("plan_unknown"))
    );
    let kinds = admin.get("/v1/settings").await;
    assert_eq!((&kinds.expect(200)[0]["kind"], &kinds.body[1]["kind"]), (&json!("switch"), &json!("plan")));
    admin.put("/v1/settings/sign_up.plan", json!({"value": "free"})).await.expect(200);
    let owner = platform.world.agency("Northlight").await;
    assert_eq!(owner.client.get("/v1/plans/current").await.expect(200)["plan"], "Free");
}
