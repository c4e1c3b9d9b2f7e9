//! Versions and migrations of the tenants' schemas.
use super::{Platform, column};

#[tokio::test]
async fn the_fleet_tells_which_schema_is_where_and_what_failed() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let admin = platform.admin().await;
    let groups = admin.get("/v1/fleet").await;
    let [all] = groups.expect(200).as_array().unwrap().as_slice() else { panic!("{}", groups.text) };
    assert_eq!((all["state"].as_str(), all["count"].as_i64()), (Some("current"), Some(tests::database::WARM as i64)));
    let version = all["version"].as_i64().unwrap();
    let mine = admin.get("/v1/schemas?filter=tenant_state:eq:active").await;
    assert_eq!(
        (column(&mine, "name"), column(&mine, "state")),
        (vec!["Northlight Studio".into()], vec!["current".into()])
    );
    assert_eq!(mine.body["items"][0]["version"], version);
    // As a migration leaves it that failed here.
    let sql = format!(
        "update control.tenant_schemas set state = 'failed', version = version - 1, attempts = 3,
           error = 'lock timeout on contacts' where tenant_id = '{}'",
        owner.tenant.0
    );
    platform.world.sql(&sql).await;
    let failed = admin.get("/v1/schemas?filter=state:eq:failed&sort=version").await;
    let item = failed.expect(200)["items"][0].clone();
    assert_eq!(
        (item["tenant_id"].as_str(), item["attempts"].as_i64()),
        (Some(owner.tenant.to_string().as_str()), Some(3))
    );
    assert_eq!(item["error"], "lock timeout on contacts");
    assert_eq!(admin.get("/v1/fleet").await.expect(200).as_array().unwrap().len(), 2);
    assert_eq!(admin.get("/v1/health").await.expect(200)["problems"], serde_json::json!(["migrations_failed"]));
    let page = admin.get("/v1/schemas?limit=3").await;
    assert_eq!(column(&page, "state").len(), 3);
    assert!(page.body["next_cursor"].is_string());
}
