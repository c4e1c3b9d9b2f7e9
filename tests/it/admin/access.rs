//! Who may do what: every operation of the document, asked by everybody who may not.
use super::Platform;
use reqwest::Method;
use serde_json::{Value, json};

/// Every operation with an id in its path where one belongs.
async fn operations(platform: &Platform) -> Vec<(Method, String)> {
    let document = platform.anonymous().get("/openapi.json").await.expect(200).clone();
    let mut found = vec![];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let mut path = path.replace("{module}", "forms").replace("{kid}", "1").replace("{key}", "sign_up.open");
            let kind = if path.contains("/jobs/") {
                "job"
            } else if path.contains("/plans/") {
                "pln"
            } else {
                "ten"
            };
            path = path.replace("{tenant}", "ten_00000000000000000000000000");
            path = path.replace("impersonations/{id}", "impersonations/imp_00000000000000000000000000");
            path = path.replace("domains/{id}", "domains/dom_00000000000000000000000000");
            path = path.replace("{id}", &format!("{kind}_00000000000000000000000000"));
            assert!(!path.contains('{'), "{path}");
            found.push((method.to_uppercase().parse().unwrap(), path));
        }
    }
    assert!(found.len() >= 30, "{found:?}");
    found
}

#[tokio::test]
async fn strangers_and_members_are_refused_everywhere() {
    let platform = Platform::start().await;
    let owner = platform.world.agency("Northlight").await;
    for (method, path) in operations(&platform).await {
        if path == "/v1/sessions" || path == "/v1/sessions/resume" {
            continue;
        }
        let empty = b"{}".to_vec();
        for (who, code) in [
            (platform.anonymous(), "credential_missing"),
            (platform.anonymous().bearer(&owner.access), "session_ended"),
            (platform.anonymous().bearer("x.y.z"), "session_ended"),
        ] {
            let answer = who.send(method.clone(), &path, Some("application/json"), empty.clone()).await;
            answer.problem(401, code);
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
    }
    // And an admin's token opens no agency.
    let admin = platform.admin().await;
    let token = admin.get("/v1/agencies").await;
    token.expect(200);
}

#[tokio::test]
async fn a_role_that_allows_nothing_only_signs_out() {
    let platform = Platform::start().await;
    let role = "insert into control.roles (id, tenant_kind, key, name) values (gen_random_uuid(), 'platform', 'platform_idle', 'Idle')";
    platform.world.sql(role).await;
    let email = platform.hire("platform_idle").await;
    let idle = platform.sign_in(&email).await;
    for (method, path) in operations(&platform).await {
        if path.starts_with("/v1/sessions") {
            continue;
        }
        let answer = idle.send(method, &path, Some("application/json"), b"{}".to_vec()).await;
        answer.problem(403, "permission_missing");
    }
    idle.delete("/v1/sessions/current").await.expect(204);
}

#[tokio::test]
async fn support_looks_and_helps_and_changes_nothing_of_the_platform() {
    let platform = Platform::start().await;
    let (owner, support) = (platform.world.agency("Northlight").await, platform.support().await);
    for path in [
        "/v1/agencies",
        "/v1/clients",
        "/v1/plans",
        "/v1/plans/export",
        "/v1/revenue",
        "/v1/flags",
        "/v1/flags/export",
        "/v1/settings",
        "/v1/jobs",
        "/v1/queues",
        "/v1/schemas",
        "/v1/fleet",
        "/v1/embed-keys",
        "/v1/health",
        "/v1/audit",
    ] {
        support.get(path).await.expect(200);
    }
    let account = format!("/v1/accounts/{}", owner.tenant);
    for (path, body) in [
        (format!("{account}/plan"), json!({"plan_id": null})),
        (format!("{account}/trial"), json!({"days": 30})),
        (format!("{account}/modules/forms"), json!({"enabled": false})),
        ("/v1/flags/new_inbox".to_owned(), json!({"enabled": true, "percent": 100})),
        ("/v1/settings/sign_up.open".to_owned(), json!({"value": false})),
    ] {
        support.put(&path, body).await.problem(403, "permission_missing");
    }
    support.post("/v1/embed-keys", json!({})).await.problem(403, "permission_missing");
    support.delete("/v1/embed-keys/1").await.problem(403, "permission_missing");
}

#[tokio::test]
async fn bad_input_is_a_problem_that_names_itself() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let status = async |path: &str| admin.get(path).await.status;
    for path in [
        "/v1/agencies?cursor=zzz",
        "/v1/agencies?sort=colour",
        "/v1/agencies?filter=colour:eq:x",
        "/v1/agencies?limit=0",
        "/v1/jobs?filter=state",
        "/v1/audit?filter=occurred_at:gt:yesterday",
        "/v1/accounts/ten_x",
        "/v1/agencies?limit=many",
    ] {
        assert!(matches!(status(path).await, 400 | 422), "{path}");
    }
    assert_eq!(status("/v1/nothing").await, 404);
    let missing = "/v1/accounts/ten_00000000000000000000000000";
    admin.get(missing).await.problem(404, "not_found");
    for (path, body) in [
        ("suspension", json!({"state": "suspended", "reason": "Unpaid"})),
        ("deletion", json!({"reason": "left", "days": 1})),
        ("modules/forms", json!({"enabled": false})),
        ("plan", json!({"plan_id": null})),
    ] {
        admin.put(&format!("{missing}/{path}"), body.clone()).await.problem(404, "not_found");
        let mut unknown = body.clone();
        unknown["colour"] = Value::from("red");
        admin.put(&format!("{missing}/{path}"), unknown).await.expect(400);
        let wrong = admin.send(Method::PUT, &format!("{missing}/{path}"), Some("text/plain"), b"x".to_vec()).await;
        assert!(matches!(wrong.status, 400 | 415), "{}", wrong.text);
        assert_eq!(wrong.headers["content-type"], "application/problem+json");
    }
    let large =
        admin.send(Method::PUT, &format!("{missing}/plan"), Some("application/json"), vec![b' '; 2 << 20]).await;
    large.problem(413, "too_large");
}
