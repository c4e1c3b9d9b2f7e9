//! Feature flags.
use super::Platform;
use serde_json::json;
use tenants::plans::flag;

#[tokio::test]
async fn a_flag_is_on_for_everybody_for_some_or_for_one() {
    let platform = Platform::start().await;
    let (owner, other) = (platform.world.agency("Northlight").await, platform.world.agency("Harbour").await);
    let admin = platform.admin().await;
    let on = async |who: &crate::tenants::Person| {
        platform.pass();
        flag(&platform.world.app.app, who.tenant, "new_inbox").await.unwrap()
    };
    assert!(!on(&owner).await, "a flag nobody made is off");
    let put = async |body| admin.put("/v1/flags/new_inbox", body).await;
    let made = put(json!({"description": "The new inbox", "enabled": true, "percent": 100})).await;
    assert_eq!((&made.expect(200)["key"], &made.body["percent"]), (&json!("new_inbox"), &json!(100)));
    assert!(on(&owner).await && on(&other).await);
    put(json!({"enabled": true, "percent": 0})).await.expect(200);
    assert!(!on(&owner).await);
    let one = format!("/v1/flags/new_inbox/tenants/{}", owner.tenant);
    admin.put(&one, json!({"enabled": true})).await.expect(204);
    assert!(on(&owner).await && !on(&other).await);
    put(json!({"enabled": true, "percent": 100})).await.expect(200);
    admin.put(&one, json!({"enabled": false})).await.expect(204);
    assert!(!on(&owner).await && on(&other).await);
    admin.put(&one, json!({"enabled": null})).await.expect(204);
    assert!(on(&owner).await, "it follows the share again");
    assert_eq!(admin.get("/v1/flags").await.expect(200).as_array().unwrap().len(), 1);

    put(json!({"enabled": true, "percent": 101})).await.expect(400);
    put(json!({"enabled": "yes", "percent": 1})).await.expect(400);
    admin.put("/v1/flags/Not-A-Key", json!({"enabled": true, "percent": 1})).await.problem(422, "invalid");
    admin.put(&one.replace("new_inbox", "unknown"), json!({"enabled": true})).await.problem(404, "not_found");
    let nobody = "/v1/flags/new_inbox/tenants/ten_00000000000000000000000000";
    admin.put(nobody, json!({"enabled": true})).await.problem(404, "not_found");
}
