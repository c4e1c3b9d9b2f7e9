//! Who did what on the platform.
use super::{Platform, column};
use serde_json::json;

#[tokio::test]
async fn every_change_is_in_the_log_with_who_and_what() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let admin = platform.admin().await;
    let me = admin.get("/v1/audit?filter=kind:eq:admin.signed_in").await.expect(200)["items"][0]["actor_id"].clone();
    assert!(me.is_string());
    let account = format!("/v1/accounts/{}", owner.tenant);
    admin.put(&format!("{account}/suspension"), json!({"state": "suspended", "reason": "Abuse"})).await.expect(200);
    admin.delete(&format!("{account}/suspension")).await.expect(204);
    admin.put(&format!("{account}/modules/forms"), json!({"enabled": false})).await.expect(204);
    admin.put("/v1/flags/new_inbox", json!({"enabled": true, "percent": 10})).await.expect(200);
    admin.put("/v1/settings/sign_up.open", json!({"value": false})).await.expect(200);
    admin.post("/v1/embed-keys", json!({})).await.expect(201);
    let about = admin.get(&format!("/v1/audit?filter=tenant_id:eq:{}&filter=actor_kind:eq:admin", owner.tenant)).await;
    let mut kinds = column(&about, "kind");
    kinds.sort();
    assert_eq!(kinds, ["tenant.module_switched", "tenant.resumed", "tenant.suspended"]);
    assert!(about.body["items"].as_array().unwrap().iter().all(|entry| entry["actor_id"] == me));
    let switched = admin.get("/v1/audit?filter=kind:eq:tenant.module_switched").await;
    assert_eq!(switched.expect(200)["items"][0]["payload"], json!({"module": "forms", "enabled": false}));
    for kind in ["flag.changed", "setting.changed", "embed_key.made"] {
        let found = admin.get(&format!("/v1/audit?filter=kind:eq:{kind}&filter=actor_kind:eq:admin")).await;
        assert_eq!(found.expect(200)["items"].as_array().unwrap().len(), 1, "{kind}");
    }
    // Pages neither repeat nor skip.
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = admin.get(&format!("/v1/audit?limit=3{cursor}")).await;
        all.extend(column(&page, "id"));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
    assert!(count >= 9, "{count}");
}

#[tokio::test]
async fn what_was_tried_in_vain_is_no_fact() {
    let platform = Platform::start().await;
    let support = platform.support().await;
    let before = support.get("/v1/audit?limit=200").await.expect(200)["items"].as_array().unwrap().len();
    support.put("/v1/settings/sign_up.open", json!({"value": false})).await.problem(403, "permission_missing");
    support.put("/v1/flags/A", json!({"enabled": true, "percent": 10})).await.problem(403, "permission_missing");
    let after = support.get("/v1/audit?limit=200").await.expect(200)["items"].as_array().unwrap().len();
    assert_eq!(before, after);
}
