//! The console of the administration: its own origin and policy, its session, and what its screens read.
use super::{PASSWORD, Platform, column};
use serde_json::{Value, json};
use tests::TestApp;

fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("index.html"), "<!doctype html><title>Upzento</title>").expect("written");
    std::fs::create_dir(folder.path().join("assets")).expect("made");
    std::fs::write(folder.path().join("assets/main-1.js"), "1;").expect("written");
    folder
}

#[tokio::test]
async fn the_console_is_served_below_admin_and_nowhere_else() {
    let folder = built();
    let path = folder.path().display().to_string();
    let app = TestApp::start_with(|config| {
        config.server.dashboard.clone_from(&path);
        config.admin.dashboard.clone_from(&path);
    });
    let platform = Platform::over(app.await).await;
    let browser = platform.anonymous().with("accept", "text/html,*/*;q=0.8");
    for page in ["/admin", "/admin/clients?state=suspended", "/admin/accounts/ten_1"] {
        let answer = browser.get(page).await;
        answer.expect(200);
        assert!(answer.text.contains("<title>Upzento</title>"), "{page}");
        let policy = answer.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.contains("connect-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("frame-src") && !policy.contains("http"), "it talks to nobody else: {policy}");
    }
    platform.anonymous().get("/assets/main-1.js").await.expect(200);
    browser.get("/contacts").await.problem(404, "not_found");
    browser.get("/administration").await.problem(404, "not_found");
    assert!(browser.get("/docs").await.text.contains("openapi"));
    // Agencies and clients have another origin, on which there is no administration.
    let core = platform.world.app.anonymous().with("accept", "text/html,*/*;q=0.8");
    core.get("/contacts").await.expect(200);
    let policy = core.get("/").await.headers["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("connect-src 'self';"), "{policy}");
    for page in ["/admin", "/admin/", "/admin/clients"] {
        core.get(page).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_browser_goes_on_with_its_session_after_a_reload_until_it_ends() {
    let platform = Platform::start().await;
    let email = platform.hire("platform_support").await;
    let anonymous = platform.anonymous();
    anonymous.post("/v1/sessions/resume", json!({})).await.problem(401, "credential_missing");
    let body = json!({"email": email, "password": PASSWORD, "code": platform.code(), "cookie": true});
    let signed_in = anonymous.post("/v1/sessions", body).await;
    signed_in.expect(201);
    let cookie = signed_in.headers["set-cookie"].to_str().expect("text").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/v1/sessions"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().expect("a pair").to_owned();
    platform.world.app.advance(chrono::TimeDelta::minutes(60));
    let again = anonymous.clone().with("cookie", pair.clone()).post("/v1/sessions/resume", json!({})).await;
    assert_eq!(again.expect(200)["access_token"], signed_in.body["access_token"]);
    assert_eq!(again.body["expires_in"], 10_800, "it is not prolonged");
    let support = anonymous.clone().bearer(&again.text_of("access_token"));
    let current = support.get("/v1/sessions/current").await;
    assert_eq!(current.expect(200)["admin"]["email"], json!(email));
    let permissions = current.body["permissions"].as_array().expect("a list").clone();
    assert!(permissions.contains(&json!("platform.read")) && !permissions.contains(&json!("platform.keys.write")));
    assert_eq!(current.body["console_url"], json!(platform.world.app.app.config.server.dashboard_url));

    let out = support.clone().with("cookie", pair.clone()).delete("/v1/sessions/current").await;
    out.expect(204);
    assert!(out.headers["set-cookie"].to_str().expect("text").contains("Max-Age=0"));
    let gone = anonymous.with("cookie", pair).post("/v1/sessions/resume", json!({})).await;
    gone.problem(401, "session_ended");
}

#[tokio::test]
async fn an_account_says_what_it_has_and_who_works_there() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let client = platform.world.client(&owner, "Dental").await;
    let kim = platform.world.member(client, "client_admin", "Kim").await;
    let admin = platform.admin().await;
    admin.put("/v1/flags/new_inbox", json!({"enabled": true, "percent": 0})).await.expect(200);
    admin.put(&format!("/v1/flags/new_inbox/tenants/{client}"), json!({"enabled": true})).await.expect(204);
    admin.put(&format!("/v1/accounts/{client}/modules/forms"), json!({"enabled": false})).await.expect(204);
    let plans = admin.get("/v1/plans").await;
    let free = plans.expect(200).as_array().expect("a list").iter().find(|p| p["key"] == "free").expect("free").clone();
    admin.put(&format!("/v1/accounts/{}/plan", owner.tenant), json!({"plan_id": free["id"]})).await.expect(200);

    let has = admin.get(&format!("/v1/accounts/{client}/entitlements")).await;
    assert_eq!((&has.expect(200)["plan"], &has.body["limits"]["contacts"]), (&json!("Free"), &json!(500)));
    let module = |name: &str| {
        has.body["modules"].as_array().expect("a list").iter().find(|m| m["module"] == name).expect("known").clone()
    };
    assert_eq!((&module("forms")["on"], &module("forms")["switched"]), (&json!(false), &json!(false)));
    assert_eq!((&module("contacts")["on"], &module("contacts")["in_plan"]), (&json!(true), &json!(true)));
    assert_eq!(has.body["flags"][0]["on"], true);
    let people = admin.get(&format!("/v1/accounts/{client}/members")).await;
    let found =
        people.expect(200).as_array().expect("a list").iter().find(|p| p["user_id"] == json!(kim.id.to_string()));
    assert_eq!(found.expect("Kim")["name"], "Kim");
    let nobody = "ten_00000000000000000000000000";
    admin.get(&format!("/v1/accounts/{nobody}/members")).await.problem(404, "not_found");
    admin.get(&format!("/v1/accounts/{nobody}/entitlements")).await.problem(404, "not_found");

    let one = admin.get(&format!("/v1/accounts/{client}")).await;
    assert_eq!(
        (&one.expect(200)["parent_name"], &one.body["plan_name"]),
        (&json!("Northlight Studio"), &json!("Free"))
    );
    let path = format!("/v1/accounts/{client}/suspension");
    admin.put(&path, json!({"state": "suspended", "reason": "Abuse"})).await.expect(200);
    let listed = admin
        .get(&format!(
            "/v1/clients?filter=state:eq:suspended&filter=plan_id:eq:{}",
            free["id"].as_str().expect("an id")
        ))
        .await;
    assert_eq!(column(&listed, "stop_reason"), ["Abuse"]);
    let named = admin.get("/v1/flags/new_inbox/tenants").await;
    assert_eq!((&named.expect(200)[0]["name"], &named.body[0]["enabled"]), (&json!("Dental"), &json!(true)));
    assert_eq!(admin.get("/v1/flags").await.expect(200)[0]["tenants"], 1);
    let plans = admin.get("/v1/plans").await;
    assert_eq!(
        plans.expect(200).as_array().expect("a list").iter().find(|p| p["key"] == "free").expect("free")["accounts"],
        1
    );
    // The log tells names, for whoever reads it.
    let log = admin.get("/v1/audit?filter=kind:eq:tenant.suspended").await;
    assert!(column(&log, "actor").iter().all(|actor| *actor == json!("Robin platform_admin")), "{}", log.text);
    assert!(column(&log, "tenant").iter().any(|tenant| *tenant == json!("Dental")), "{}", log.text);
    // The agency's log tells it too, and whose it is.
    let told = |entry: &Value| entry["tenant"] == "Northlight Studio" && entry["about"] == "Dental";
    assert!(log.body["items"].as_array().expect("a list").iter().any(told), "{}", log.text);
}

#[tokio::test]
async fn every_module_that_a_plan_can_leave_out_can_be_switched() {
    let always = ["tenants", "identity", "notifications", "files", "privacy", "views", "search"];
    let mut known: Vec<_> = server::modules::all().iter().map(|m| m.name).filter(|m| !always.contains(m)).collect();
    let mut switched = admin_api::accounts::model::SWITCHED.to_vec();
    known.sort_unstable();
    switched.sort_unstable();
    assert_eq!(switched, known);
}

#[tokio::test]
async fn what_the_whole_fleet_does_is_seen_at_a_glance() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let shop = platform.shop(&owner).await;
    let admin = platform.admin().await;
    let map = admin.get("/v1/schemas/map").await;
    let dots = map.expect(200).as_array().expect("a list").clone();
    let dot = |id: &str| dots.iter().find(|d| d["tenant_id"] == json!(id)).cloned();
    assert_eq!(dot(&owner.tenant.to_string()).expect("the agency")["kind"], "agency");
    assert_eq!(dot(&shop.tenant.to_string()).expect("the client")["name"], "Dental");
    assert!(dots.iter().any(|d| d["kind"].is_null()), "those that wait for somebody");
    let found = column(&admin.get("/v1/schemas?filter=name:contains:dent").await, "schema_name");
    assert!(found.len() == 1 && found[0].starts_with("t_"), "{found:?}");

    let health = admin.get("/v1/health").await;
    let program = |name: &str| {
        health.body["programs"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|p| p["program"] == name)
            .expect("known")
            .clone()
    };
    health.expect(200);
    assert_eq!((&program("core")["instances"], &program("admin-api")["instances"]), (&json!(1), &json!(1)));
    assert_eq!(program("embed-edge")["connections"], 0);
    assert_eq!(health.body["problems"], json!(["edge_away"]), "there is a widget, and no edge");

    let day = platform.world.app.clock.now().date_naive();
    for (origin, outcome, count) in [("https://client.example", "seen", 3), ("https://copy.example", "refused", 2)] {
        let sql = format!(
            "insert into control.embed_sightings (tenant_id, widget_id, origin, outcome, day, count, first_at, last_at)
             values ('{}', '{}', '{origin}', '{outcome}', '{day}', {count}, now(), now())",
            shop.tenant.0, shop.widget
        );
        platform.world.sql(&sql).await;
    }
    let seen = admin.get("/v1/sightings").await;
    assert_eq!((&seen.expect(200)["days"][0]["seen"], &seen.body["days"][0]["refused"]), (&json!(3), &json!(2)));
    let refused = &seen.body["refused"];
    assert_eq!((&refused[0]["origin"], &refused[0]["tenant"]), (&json!("https://copy.example"), &json!("Dental")));
    assert_eq!(refused.as_array().expect("a list").len(), 1);
}

#[tokio::test]
async fn who_is_in_whose_place_is_listed_for_the_platform() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    let support = platform.support().await;
    let body = json!({"tenant": owner.tenant.to_string(), "reason": "Ticket 4711: form broken", "minutes": 10,
        "member": owner.id.to_string()});
    let started = support.post("/v1/impersonations", body).await;
    let id = started.expect(201)["impersonation"]["id"].as_str().expect("an id").to_owned();
    let now = support.get("/v1/impersonations?filter=ended_at:empty:true").await;
    assert_eq!((column(&now, "id"), column(&now, "tenant_name")), (vec![id.clone()], vec!["Northlight Studio".into()]));
    assert!(now.body["items"][0]["member"].is_string());
    support.delete(&format!("/v1/accounts/{}/impersonations/{id}", owner.tenant)).await.expect(204);
    assert!(column(&support.get("/v1/impersonations?filter=ended_at:empty:true").await, "id").is_empty());
    assert_eq!(column(&support.get("/v1/impersonations").await, "id"), [id]);
}
