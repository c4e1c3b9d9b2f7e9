//! What plans allow.
use super::World;
use ::tenants::plans::{entitlements, flag};
use chrono::TimeDelta;

#[tokio::test]
async fn a_module_that_is_off_is_refused_where_it_is_called() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    owner.client.get("/v1/contacts").await.expect(200);
    world.sql(&format!(
        "insert into control.tenant_modules (tenant_id, module, enabled, updated_at) values ('{}', 'contacts', false, now())",
        owner.tenant.0
    ))
    .await;
    world.app.advance(TimeDelta::seconds(6));
    owner.client.get("/v1/contacts").await.problem(403, "module_off");
    owner.client.get("/v1/tenants/current").await.expect(200);
    world.sql("delete from control.tenant_modules").await;
    world.app.app.changes.forget(kernel::tenancy::memory::Change::Tenant(owner.tenant));
    owner.client.get("/v1/contacts").await.expect(200);
}

#[tokio::test]
async fn a_client_has_its_agencys_plan_or_its_own() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let app = &world.app.app;
    assert_eq!(entitlements(app, client).await.unwrap().plan, None);
    world.sql("update control.tenants set plan_id = (select id from control.plans where key = 'normal') where kind = 'agency'").await;
    world.app.advance(TimeDelta::seconds(6));
    assert_eq!(entitlements(app, client).await.unwrap().plan.as_deref(), Some("Normal"));
    let has = entitlements(app, client).await.unwrap();
    assert!(has.check("contacts", 9_999, 1).is_ok());
    assert_eq!(has.check("contacts", 10_000, 1).unwrap_err().code(), "plan_limit");
    let plans = owner.client.get("/v1/plans").await;
    let premium = plans.expect(200).as_array().unwrap().iter().find(|p| p["key"] == "premium").unwrap();
    // Nobody gives himself more than he has.
    let patch = serde_json::json!({"plan_id": premium["id"]});
    owner.client.patch(&format!("/v1/clients/{client}"), patch).await.expect(400);
    let current = owner.acting_in(client).get("/v1/plans/current").await;
    assert_eq!(current.expect(200)["limits"]["contacts"], 10_000);
}

#[tokio::test]
async fn a_flag_is_on_for_whom_it_names() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let app = &world.app.app;
    assert!(!flag(app, owner.tenant, "new_inbox").await.unwrap());
    world.sql("insert into control.feature_flags (key, enabled, percent) values ('new_inbox', true, 0)").await;
    world.sql(&format!(
        "insert into control.tenant_flags (tenant_id, flag, enabled, updated_at) values ('{}', 'new_inbox', true, now())",
        owner.tenant.0
    ))
    .await;
    world.app.advance(TimeDelta::seconds(6));
    assert!(flag(app, owner.tenant, "new_inbox").await.unwrap());
}

#[tokio::test]
async fn what_is_known_serves_while_the_control_plane_is_away() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let app = &world.app.app;
    entitlements(app, owner.tenant).await.unwrap();
    world.sql("alter table control.plans rename to plans_away").await;
    world.app.advance(TimeDelta::minutes(14));
    assert!(entitlements(app, owner.tenant).await.is_ok());
    world.app.advance(TimeDelta::minutes(2));
    assert!(entitlements(app, owner.tenant).await.is_err());
    world.sql("alter table control.plans_away rename to plans").await;
    assert!(entitlements(app, owner.tenant).await.is_ok());
}

#[tokio::test]
async fn new_agencies_begin_with_the_plan_the_platform_gives_if_it_takes_any() {
    let world = World::start().await;
    world.sql("update control.system_settings set value = '\"free\"' where key = 'sign_up.plan'").await;
    let owner = world.agency("Northlight").await;
    assert_eq!(owner.client.get("/v1/plans/current").await.expect(200)["plan"], "Free");
    let new =
        |email| serde_json::json!({"agency": "Late", "name": "Ida", "email": email, "password": "lantern-ferry-58"});
    world.app.anonymous().post("/v1/sign-ups", new("early@example.com")).await.expect(202);
    world.sql("update control.system_settings set value = 'false' where key = 'sign_up.open'").await;
    world.app.anonymous().post("/v1/sign-ups", new("late@example.com")).await.problem(403, "sign_up_closed");
    world.app.settle().await;
}
