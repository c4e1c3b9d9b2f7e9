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

#[tokio::test]
async fn of_two_who_change_a_flag_the_later_one_hears_of_the_other() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let put = async |key: &str, version: &str, percent: i32| {
        let body = json!({"enabled": true, "percent": percent});
        admin.with("if-match", version).put(&format!("/v1/flags/{key}"), body).await
    };
    let made = put("new_inbox", "\"v0\"", 10).await;
    assert_eq!((&made.expect(200)["version"], made.etag()), (&json!(1), "\"v1\"".to_owned()));
    put("new_inbox", "\"v0\"", 20).await.problem(412, "stale");
    put("new_inbox", "\"v7\"", 20).await.problem(412, "stale");
    put("older", "\"v1\"", 20).await.problem(412, "stale");

    let both = tokio::join!(put("new_inbox", "\"v1\"", 30), put("new_inbox", "\"v1\"", 40));
    let (won, lost) = if both.0.status == 200 { both } else { (both.1, both.0) };
    lost.problem(412, "stale");
    let kept = admin.get("/v1/flags").await;
    assert_eq!(kept.expect(200), &json!([won.expect(200)]), "one of them, and no flag that was refused");
    // Two who mean to make the same one: somebody's is kept, and the other one knows.
    let made = tokio::join!(put("older", "\"v0\"", 1), put("older", "\"v0\"", 2));
    let mut answers = [made.0.status, made.1.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 412]);

    let whatever = admin.put("/v1/flags/new_inbox", json!({"enabled": false, "percent": 0})).await;
    assert_eq!((&whatever.expect(200)["version"], whatever.etag()), (&json!(3), "\"v3\"".to_owned()));
    let log = admin.get("/v1/audit?filter=kind:eq:flag.changed").await;
    assert_eq!(log.expect(200)["items"].as_array().map(Vec::len), Some(4), "what was refused did not happen");
}
