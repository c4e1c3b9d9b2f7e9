//! Agencies and clients, and what stopping, moving and ending them does to their people and visitors.
use super::{Platform, column, edge::Edge};
use chrono::TimeDelta;
use serde_json::{Value, json};

#[tokio::test]
async fn accounts_are_listed_searched_and_counted() {
    let platform = Platform::start().await;
    platform.world.app.db.warm(5).await;
    let (north, harbour) = (platform.world.agency("Northlight").await, platform.world.agency("Harbour").await);
    for (agency, name) in [(&north, "Alpha"), (&north, "beta 100%"), (&harbour, "Gamma")] {
        platform.world.client(agency, name).await;
    }
    let admin = platform.admin().await;
    let names = async |path: &str| column(&admin.get(path).await, "name");
    assert_eq!(names("/v1/agencies").await, ["Harbour Studio", "Northlight Studio"]);
    assert_eq!(names("/v1/agencies?search=NORTH").await, ["Northlight Studio"]);
    assert_eq!(names("/v1/clients?search=100%25").await, ["beta 100%"], "a sign of the search language is a sign");
    assert_eq!(names("/v1/clients?search=_").await, [""; 0]);
    assert_eq!(
        names(&format!("/v1/clients?filter=parent_id:eq:{}&sort=-name", north.tenant)).await,
        ["beta 100%", "Alpha"]
    );
    let first = admin.get("/v1/clients?limit=2").await;
    let rest = names(&format!("/v1/clients?limit=2&cursor={}", first.text_of("next_cursor"))).await;
    assert_eq!((column(&first, "name"), rest), (vec!["Alpha".into(), "beta 100%".into()], vec!["Gamma".into()]));
    let one = admin.get(&format!("/v1/accounts/{}", north.tenant)).await;
    let body = one.expect(200);
    assert_eq!(
        (&body["kind"], &body["state"], &body["clients"], &body["members"]),
        (&json!("agency"), &json!("active"), &json!(2), &json!(1))
    );
}

#[tokio::test]
async fn a_suspended_account_is_closed_for_members_and_visitors_until_it_is_resumed() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let (shop, admin) = (platform.shop(&owner).await, platform.admin().await);
    let edge = Edge::start(&platform).await;
    let session = edge.session(&shop).await;
    assert_eq!(edge.submit(&session, "before").await.0, 201);
    let path = format!("/v1/accounts/{}/suspension", shop.tenant);
    admin.put(&path, json!({"state": "asleep", "reason": "Abuse"})).await.expect(400);
    admin.put(&path, json!({"state": "suspended", "reason": ""})).await.expect(400);
    let stopped = admin.put(&path, json!({"state": "suspended", "reason": "Abuse"})).await;
    assert_eq!(stopped.expect(200)["state"], "suspended");
    platform.pass();
    shop.kim.client.get("/v1/contacts").await.problem(403, "tenant_suspended");
    owner.acting_in(shop.tenant).get("/v1/contacts").await.problem(403, "tenant_suspended");
    owner.client.get("/v1/contacts").await.expect(200);
    edge.until(&session, (403, "revoked")).await;
    assert_eq!(edge.frame(&shop).await.0, 403);
    let own = format!("/v1/clients/{}/suspension", shop.tenant);
    owner.client.delete(&own).await.problem(403, "suspended_by_platform");

    let looks = admin.put(&path, json!({"state": "read_only", "reason": "Looking only"})).await;
    assert_eq!(looks.expect(200)["state"], "read_only");
    platform.pass();
    shop.kim.client.get("/v1/contacts").await.expect(200);
    shop.kim.client.post("/v1/contacts", json!({"first_name": "Ann"})).await.problem(403, "tenant_read_only");

    admin.delete(&path).await.expect(204);
    platform.pass();
    shop.kim.client.post("/v1/contacts", json!({"first_name": "Ann"})).await.expect(201);
    edge.until(&session, (201, "")).await;
    assert_eq!(edge.frame(&shop).await.0, 200);
    let log = platform.world.log(shop.tenant).await;
    for kind in ["tenant.suspended", "tenant.made_read_only", "tenant.resumed"] {
        assert_eq!(log.iter().filter(|k| *k == kind).count(), 1, "{kind} in {log:?}");
    }
    edge.stop().await;
}

#[tokio::test]
async fn a_client_is_given_to_another_agency_with_everything_in_it() {
    let platform = Platform::start().await;
    let (from, to) = (platform.world.agency("Northlight").await, platform.world.agency("Harbour").await);
    let client = platform.world.client(&from, "Dental").await;
    from.acting_in(client).post("/v1/contacts", json!({"first_name": "Ann"})).await.expect(201);
    let admin = platform.admin().await;
    let path = format!("/v1/accounts/{client}/transfer");
    let give = async |to: String| admin.put(&path, json!({"agency_id": to})).await;
    give(from.tenant.to_string()).await.problem(409, "same_agency");
    give(client.to_string()).await.problem(409, "transfer_kinds");
    give("ten_00000000000000000000000000".into()).await.problem(404, "not_found");
    assert_eq!(give(to.tenant.to_string()).await.expect(200)["parent_id"], to.tenant.to_string());
    platform.pass();
    let gone = from.acting_in(client).get("/v1/contacts").await;
    assert!(matches!(gone.status, 403 | 404), "{}", gone.text);
    from.client.get(&format!("/v1/clients/{client}")).await.problem(404, "not_found");
    assert_eq!(column(&to.acting_in(client).get("/v1/contacts").await, "display_name"), ["Ann"]);
    for (tenant, kind) in
        [(client, "client.transferred"), (from.tenant, "client.transferred"), (to.tenant, "client.received")]
    {
        assert!(platform.world.log(tenant).await.iter().any(|k| k == kind), "{kind}");
    }
}

#[tokio::test]
async fn a_deletion_stands_still_first_and_destroys_on_its_day() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let shop = platform.shop(&owner).await;
    let admin = platform.admin().await;
    let agency = format!("/v1/accounts/{}/deletion", owner.tenant);
    admin.put(&agency, json!({"reason": "left", "days": 1})).await.problem(409, "has_clients");
    let path = format!("/v1/accounts/{}/deletion", shop.tenant);
    admin.put(&path, json!({"reason": "left", "days": 91})).await.expect(400);
    admin.delete(&path).await.problem(404, "not_found");
    let asked = admin.put(&path, json!({"reason": "left", "days": 3})).await;
    assert!(asked.expect(200)["due_at"].as_str().unwrap().starts_with("2026-11-23T12:00:00"));
    admin.put(&path, json!({"reason": "left", "days": 3})).await.problem(409, "deletion_requested");
    platform.pass();
    shop.kim.client.get("/v1/contacts").await.problem(403, "tenant_suspended");
    admin.delete(&path).await.expect(204);
    platform.pass();
    shop.kim.client.get("/v1/contacts").await.expect(200);

    admin.put(&path, json!({"reason": "left", "days": 0})).await.expect(200);
    platform.world.app.advance(TimeDelta::hours(2));
    platform.world.app.settle().await;
    let account = format!("/v1/accounts/{}", shop.tenant);
    assert_eq!(admin.get(&account).await.expect(200)["state"], "deleting");
    admin.delete(&path).await.problem(404, "not_found");
    let schema =
        "select count(*) from pg_namespace n join control.tenants t on t.schema_name = n.nspname where t.id = $1";
    let count = async || -> i64 {
        platform.world.app.db.superuser().await.query_one(schema, &[&shop.tenant.0]).await.unwrap().get(0)
    };
    assert_eq!(count().await, 1);
    // The core's keeper of schemas does this every few seconds.
    let mut keeper = tenant_migrations::connect_owner(platform.world.app.db.superuser_url()).await.unwrap();
    tenant_migrations::deletion::delete_started(&mut keeper, None, |_| std::future::ready(Ok(()))).await.unwrap();
    assert_eq!(count().await, 0);
    let after = admin.get(&account).await;
    assert!(after.status == 404 || after.body["state"] == "deleted", "{}", after.text);
    assert_eq!(after.body["members"], if after.status == 404 { Value::Null } else { json!(0) });
}

#[tokio::test]
async fn every_list_of_the_platform_is_a_file() {
    let platform = Platform::start().await;
    let north = platform.world.agency("Northlight").await;
    platform.world.client(&north, "=Alpha").await;
    let admin = platform.admin().await;
    let file = async |path: &str| {
        let answer = admin.get(path).await;
        answer.expect(200);
        assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
        answer.text
    };
    let agencies = file("/v1/agencies/export?search=north").await;
    assert!(agencies.contains(",agency,Northlight Studio,"), "{agencies}");
    assert!(file("/v1/clients/export").await.contains(",client,'=Alpha,"));
    assert_eq!(file("/v1/clients/export?search=nobody").await.lines().count(), 1);
    assert!(file("/v1/schemas/export").await.contains(",Northlight Studio,agency,"));
    assert!(file("/v1/jobs/export").await.starts_with("id,tenant_id,tenant_name,kind,"));
    assert_eq!(file("/v1/impersonations/export").await.lines().count(), 1);
    let plans = file("/v1/plans/export").await;
    assert!(plans.starts_with("id,key,name,description,level,limits,modules,price_minor,"), "{plans}");
    let listed = admin.get("/v1/plans").await;
    assert_eq!(plans.lines().count(), 1 + listed.expect(200).as_array().map_or(0, Vec::len), "{plans}");
    let flag = json!({"description": "=1+1", "enabled": true, "percent": 25});
    admin.put("/v1/flags/new_inbox", flag.clone()).await.expect(200);
    let flags = file("/v1/flags/export").await;
    let expected = "key,description,enabled,percent,tenants,updated_at\r\nnew_inbox,'=1+1,true,25,0,";
    assert!(flags.starts_with(expected), "{flags}");
    admin.put("/v1/flags/export", flag).await.expect(405);
    let audit = file("/v1/audit/export").await;
    for kind in ["agency.exported,agencies exported,", "client.exported,", "plan.exported,", "flag.exported,"] {
        assert!(audit.contains(&format!(",{kind}")), "{kind} in {audit}");
    }
    admin.get("/v1/audit/export?filter=nonsense:eq:1").await.expect(422);
}

#[tokio::test]
async fn the_platform_says_how_long_an_agency_tries_its_plan() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let admin = platform.admin().await;
    let path = format!("/v1/accounts/{}/trial", owner.tenant);
    let given = admin.put(&path, json!({"days": 14})).await;
    assert_eq!(given.expect(200)["trial_ends_at"], "2026-12-04T12:00:00+00:00");
    assert_eq!(given.body["trial_days"], 14);
    // The agency sees its own end, and the platform sees it in the list.
    let own = owner.client.get("/v1/tenants/current").await;
    assert_eq!(own.expect(200)["trial_ends_at"], "2026-12-04T12:00:00+00:00");
    let listed = admin.get("/v1/agencies").await;
    assert_eq!(listed.expect(200)["items"][0]["trial_ends_at"], "2026-12-04T12:00:00+00:00");
    admin.put(&path, json!({"days": 366})).await.expect(400);
    assert_eq!(admin.put(&path, json!({"days": null})).await.expect(200)["trial_ends_at"], json!(null));
    let missing = "/v1/accounts/ten_00000000000000000000000000/trial";
    admin.put(missing, json!({"days": 1})).await.problem(404, "not_found");
}

#[tokio::test]
async fn own_domains_of_accounts_are_seen_and_taken_away() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let added = owner.client.post("/v1/domains", json!({"host": "crm.north.example"})).await;
    added.expect(201);
    let looked = "update control.domains set state = 'active', next_look_at = null, found = '{\"texts\": [\"hello\"]}'";
    platform.world.sql(looked).await;
    let (admin, host) = (platform.admin().await, "crm.north.example");
    let listed = admin.get(&format!("/v1/domains?filter=tenant_id:eq:{}", owner.tenant)).await;
    assert_eq!(
        (column(&listed, "host"), column(&listed, "tenant")),
        (vec![host.into()], vec!["Northlight Studio".into()])
    );
    let file = admin.get("/v1/domains/export?filter=state:eq:active").await;
    file.expect(200);
    assert!(file.text.starts_with("id,host,tenant_id,tenant,state,is_primary,"), "{}", file.text);
    assert!(
        file.text.contains(&format!(",crm.north.example,{},Northlight Studio,active,", owner.tenant)),
        "{}",
        file.text
    );
    let proof = &listed.body["items"][0]["records"][0];
    assert_eq!((&proof["result"], &proof["found"]), (&json!("wrong"), &json!(["hello"])));
    assert_eq!(column(&admin.get("/v1/domains?filter=state:in:pending,failing,removed").await, "host"), [""; 0]);
    let there = platform.world.app.anonymous().with("host", host);
    assert_eq!(there.get("/v1/me").await.status, 401);
    let path = format!("/v1/domains/{}", added.text_of("id"));
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.problem(404, "not_found");
    platform.pass();
    assert_eq!(there.get("/v1/me").await.status, 421);
    assert!(platform.world.log(owner.tenant).await.contains(&"domain.removed".to_owned()));
}
