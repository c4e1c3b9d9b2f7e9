//! Plans and module switches, seen where a module is called.
use super::{Platform, edge::Edge};
use serde_json::{Value, json};

fn plan(key: &str, more: Value) -> Value {
    let mut plan = json!({"key": key, "name": "Tiny", "level": 1, "price_minor": 900, "currency": "EUR", "trial_days": 0,
        "active": true});
    for (name, value) in more.as_object().unwrap() {
        plan[name] = value.clone();
    }
    plan
}

#[tokio::test]
async fn a_plan_decides_which_modules_answer_and_how_much_there_may_be() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let admin = platform.admin().await;
    for (wrong, status) in [
        (plan("Tiny!", json!({})), 400),
        (plan("tiny", json!({"currency": "euro"})), 400),
        (plan("tiny", json!({"level": 9})), 400),
        (plan("tiny", json!({"limits": {"contacts": -1}})), 422),
        (plan("tiny", json!({"colour": "red"})), 400),
    ] {
        admin.post("/v1/plans", wrong).await.expect(status);
    }
    let wish = plan("tiny", json!({"modules": ["contacts"], "limits": {"clients": 1}}));
    let made = admin.with("idempotency-key", "p1").post("/v1/plans", wish.clone()).await;
    made.expect(201);
    assert_eq!(admin.with("idempotency-key", "p1").post("/v1/plans", wish.clone()).await.body["id"], made.body["id"]);
    admin.post("/v1/plans", wish).await.problem(409, "plan_key_taken");

    let choice = format!("/v1/accounts/{}/plan", owner.tenant);
    let given = admin.put(&choice, json!({"plan_id": made.body["id"]})).await;
    assert_eq!(given.expect(200)["plan_id"], made.body["id"]);
    platform.pass();
    owner.client.get("/v1/forms").await.problem(403, "module_off");
    owner.client.post("/v1/clients", json!({"name": "Ann"})).await.expect(201);
    owner.client.post("/v1/clients", json!({"name": "Ben"})).await.problem(403, "plan_limit");
    let off = async || owner.client.get("/v1/me").await.expect(200)["modules_off"].as_array().unwrap().clone();
    let less = off().await;
    assert!(less.contains(&json!("forms")) && !less.contains(&json!("contacts")), "{less:?}");

    // The plan grows, and everybody who has it with it.
    let path = format!("/v1/plans/{}", made.text_of("id"));
    let larger = plan("tiny", json!({"modules": ["contacts", "forms"], "limits": {"clients": 2}}));
    admin.with("if-match", "\"v7\"").put(&path, larger.clone()).await.problem(412, "stale");
    let changed = admin.with("if-match", "\"v1\"").put(&path, larger).await;
    changed.expect(200);
    assert_eq!(changed.etag(), "\"v2\"");
    platform.pass();
    owner.client.get("/v1/forms").await.expect(200);
    assert!(!off().await.contains(&json!("forms")));
    owner.client.post("/v1/clients", json!({"name": "Ben"})).await.expect(201);
    assert!(admin.get("/v1/plans").await.expect(200).as_array().unwrap().iter().any(|p| p["key"] == "tiny"));
    admin.put(&choice, json!({"plan_id": "pln_00000000000000000000000000"})).await.problem(422, "invalid");
    admin.put(&choice, json!({"plan_id": null})).await.expect(200);
    platform.pass();
    owner.client.post("/v1/clients", json!({"name": "Cem"})).await.expect(201);
}

#[tokio::test]
async fn a_switch_wins_over_the_plan_for_members_and_visitors() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let (shop, admin) = (platform.shop(&owner).await, platform.admin().await);
    let edge = Edge::start(&platform).await;
    let session = edge.session(&shop).await;
    let path = format!("/v1/accounts/{}/modules/forms", shop.tenant);
    admin.put(&path, json!({"enabled": false})).await.expect(204);
    platform.pass();
    shop.kim.client.get("/v1/forms").await.problem(403, "module_off");
    owner.client.get("/v1/forms").await.expect(200);
    assert_eq!(edge.submit(&session, "off").await, (409, "unavailable".into()));
    admin.put(&path, json!({"enabled": null})).await.expect(204);
    platform.pass();
    shop.kim.client.get("/v1/forms").await.expect(200);
    assert_eq!(edge.submit(&session, "on").await.0, 201);
    let odd = format!("/v1/accounts/{}/modules/No-Module", shop.tenant);
    admin.put(&odd, json!({"enabled": true})).await.problem(422, "invalid");
    edge.stop().await;
}
