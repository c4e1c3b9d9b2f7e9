//! What plans allow.
use super::World;
use ::tenants::plans::{entitlements, flag};
use chrono::TimeDelta;
use serde_json::{Value, json};

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

#[tokio::test]
async fn what_the_account_does_not_have_is_granted_to_nobody() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let whole = owner.client.get("/v1/me").await.expect(200).clone();
    assert_eq!(whole["modules_off"], serde_json::json!([]));
    let count = |me: &serde_json::Value, module: &str| {
        let names = me["grants"].as_object().unwrap().keys();
        names.filter(|name| name.split('.').next() == Some(module)).count()
    };
    for module in ["contacts", "deals", "tasks", "forms"] {
        assert!(count(&whole, module) > 0, "{module}");
    }
    // The plan has two modules; one of them was switched off for this account, and another one on.
    world
        .sql(&format!(
            "with tiny as (insert into control.plans (id, key, name, description, level, limits, modules, price_minor, currency, \
             trial_days) select gen_random_uuid(), 'tiny', 'Tiny', '', 1, '{{}}', '[\"contacts\", \"forms\"]', 0, 'EUR', 0 \
             returning id) update control.tenants set plan_id = (select id from tiny) where id = '{0}'",
            owner.tenant.0
        ))
        .await;
    world
        .sql(&format!(
            "insert into control.tenant_modules (tenant_id, module, enabled, updated_at) values ('{0}', 'forms', false, now()), \
             ('{0}', 'tasks', true, now())",
            owner.tenant.0
        ))
        .await;
    world.app.advance(TimeDelta::seconds(6));
    let me = owner.client.get("/v1/me").await.expect(200).clone();
    let off: Vec<_> = me["modules_off"].as_array().unwrap().iter().map(|m| m.as_str().unwrap()).collect();
    assert!(off.contains(&"deals") && off.contains(&"forms") && off.is_sorted(), "{off:?}");
    for module in ["contacts", "tasks", "identity", "tenants", "notifications", "files", "privacy"] {
        assert!(!off.contains(&module), "{module} of {off:?}");
        assert_eq!(count(&me, module), count(&whole, module), "{module}");
    }
    for module in off {
        assert_eq!(count(&me, module), 0, "{module}");
    }
    owner.client.get("/v1/deals").await.problem(403, "module_off");
    owner.client.get("/v1/tasks").await.expect(200);
    // Whoever acts in a client sees what the client has.
    let client = world.client(&owner, "Dental").await;
    let there = owner.acting_in(client).get("/v1/me").await.expect(200).clone();
    assert!(there["modules_off"].as_array().unwrap().iter().any(|m| m == "deals"), "its agency's plan: {there}");
    assert!(
        !there["modules_off"].as_array().unwrap().iter().any(|m| m == "forms"),
        "switched off for the agency alone"
    );
}

/// What a meter says: how much there is, and how much there may be.
fn meter(usage: &Value, limit: &str) -> (Value, Value) {
    let meters = usage["meters"].as_array().expect("meters");
    let found = meters.iter().find(|meter| meter["limit"] == limit).unwrap_or_else(|| panic!("no {limit}: {usage}"));
    (found["used"].clone(), found["most"].clone())
}

#[tokio::test]
async fn what_is_used_is_one_answer_for_the_account_and_for_its_agency() {
    let world = World::start().await;
    let (owner, stranger) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let client = world.client(&owner, "Dental").await;
    let staff = world.member(client, "client_staff", "Kim").await;
    world
        .sql("update control.tenants set plan_id = (select id from control.plans where key = 'normal') where kind = 'agency'")
        .await;
    let inside = owner.acting_in(client);
    let mut last = String::new();
    for name in ["Ada", "Bob", "Cleo"] {
        last = inside.post("/v1/contacts", json!({"first_name": name})).await.text_of("id");
    }
    inside.delete(&format!("/v1/contacts/{last}")).await.expect(204);
    world.app.settle().await;
    world.app.advance(TimeDelta::seconds(6));

    let own = inside.get("/v1/plans/current/usage").await.expect(200).clone();
    assert_eq!(own["plan"], "Normal");
    assert_eq!(meter(&own, "contacts"), (json!(2), json!(10_000)));
    assert_eq!((meter(&own, "members").0, meter(&own, "widgets").0), (json!(1), json!(0)));
    assert!(own["meters"].as_array().unwrap().iter().all(|meter| meter["limit"] != "clients"), "a client has none");
    let address = format!("/v1/clients/{client}/usage");
    assert_eq!(owner.client.get(&address).await.expect(200), &own, "its agency sees the same figures");
    stranger.client.get(&address).await.problem(404, "not_found");
    inside.get(&address).await.problem(403, "agency_only");

    // Who sees his team's contacts does not learn how many others there are.
    let part = staff.client.get("/v1/plans/current/usage").await.expect(200).clone();
    assert_eq!(meter(&part, "contacts"), (json!(null), json!(10_000)));
    assert_eq!(meter(&part, "members").0, json!(1));

    // However many there are, they are counted to the end.
    world.sql("update ops.activity_heads set contacts = 123456").await;
    let many = inside.get("/v1/plans/current/usage").await.expect(200).clone();
    assert_eq!(meter(&many, "contacts").0, json!(123_456));
    let agency = owner.client.get("/v1/plans/current/usage").await.expect(200).clone();
    assert_eq!(meter(&agency, "clients").0, json!(1));
}
