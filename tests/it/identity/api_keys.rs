use super::*;

async fn make(person: &Person, scopes: Value) -> Answer {
    person.client.post("/v1/api-keys", json!({"name": "Website", "scopes": scopes})).await
}

fn with_key(world: &World, secret: &str) -> Client {
    world.anonymous().with("x-api-key", secret)
}

#[tokio::test]
async fn a_key_works_within_its_scopes_and_is_shown_once() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let made = make(&mira, json!({"identity.members.read": "all"})).await;
    made.expect(201);
    let secret = made.text_of("secret");
    let program = with_key(&world, &secret);
    program.get("/v1/members").await.expect(200);
    program.get("/v1/api-keys").await.problem(403, "permission_missing");
    let me = program.get("/v1/me").await;
    assert!(me.expect(200).get("user").is_none_or(Value::is_null));
    let path = format!("/v1/api-keys/{}", made.body["api_key"]["id"].as_str().expect("an id"));
    let key = mira.client.get(&path).await;
    assert!(!key.text.contains(&secret));
    assert!(key.expect(200)["last_used_at"].is_string());
    assert!(secret.starts_with(key.body["hint"].as_str().expect("a hint")));
    assert_eq!(world.count("select count(*) from control.api_keys where encode(hash, 'escape') like 'upk%'").await, 0);
}

#[tokio::test]
async fn a_revoked_or_expired_key_stops() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let made = make(&mira, json!({"*.read": "all"})).await;
    let program = with_key(&world, &made.text_of("secret"));
    program.get("/v1/members").await.expect(200);
    let path = format!("/v1/api-keys/{}", made.body["api_key"]["id"].as_str().expect("an id"));
    mira.client.delete(&path).await.expect(204);
    program.get("/v1/members").await.problem(401, "api_key_invalid");
    mira.client.delete(&path).await.problem(404, "not_found");
    let expires = world.app.clock.now() + TimeDelta::seconds(3);
    let body = json!({"name": "Short", "scopes": {"*.read": "all"}, "expires_at": expires});
    let short = with_key(&world, &mira.client.post("/v1/api-keys", body).await.text_of("secret"));
    short.get("/v1/members").await.expect(200);
    world.advance(3);
    short.get("/v1/members").await.problem(401, "api_key_invalid");
    world.advance(3);
    short.get("/v1/members").await.problem(401, "api_key_invalid");
    with_key(&world, "upk_invented").get("/v1/members").await.problem(401, "api_key_invalid");
}

#[tokio::test]
async fn a_key_never_reaches_further_than_its_maker() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let shop = world.client(mira.tenant, "Shop").await;
    let admin = world.member(shop, "client_admin", "Admin").await;
    let body = json!({"key": "maker", "name": "Maker",
        "grants": {"identity.api_keys.*": "all", "identity.members.read": "team", "tenants.write": "own"}});
    admin.client.post("/v1/roles", body).await.expect(201);
    let maker = world.member(shop, "maker", "Mo").await;
    let made = make(&maker, json!({"*": "all"})).await;
    let scopes = &made.expect(201)["api_key"]["scopes"];
    assert_eq!(scopes["identity.members.read"], "team");
    assert!(scopes.get("identity.members.write").is_none() && scopes.get("tenants.write").is_none(), "{scopes}");
    let seen = with_key(&world, &made.text_of("secret")).get("/v1/members").await;
    assert_eq!(seen.expect(200)["items"].as_array().map(Vec::len), Some(1), "the maker's team is himself");
    let none = make(&maker, json!({"tenants.write": "all"})).await;
    assert_eq!(refused(&none), [("/scopes".into(), "scopes_empty".into())]);
}

#[tokio::test]
async fn a_key_can_be_bound_to_addresses() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let bound = async |nets: Value| {
        let body = json!({"name": "Bound", "scopes": {"*.read": "all"}, "addresses": nets});
        mira.client.post("/v1/api-keys", body).await
    };
    let here = with_key(&world, &bound(json!(["127.0.0.0/8"])).await.text_of("secret"));
    here.get("/v1/members").await.expect(200);
    let elsewhere = with_key(&world, &bound(json!(["203.0.113.7"])).await.text_of("secret"));
    elsewhere.get("/v1/members").await.problem(403, "address_not_allowed");
    let bad = bound(json!(["127.0.0.1", "home"])).await;
    assert_eq!(refused(&bad), [("/addresses/1".into(), "address_invalid".into())]);
}

#[tokio::test]
async fn a_program_cannot_touch_credentials() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let program = with_key(&world, &make(&mira, json!({"*": "all"})).await.text_of("secret"));
    for (method, path, body) in [
        ("POST", "/v1/api-keys", json!({"name": "More", "scopes": {"*": "all"}})),
        ("PUT", "/v1/password", json!({"current": PASSWORD, "new": OTHER})),
        ("POST", "/v1/totp", json!({"password": PASSWORD})),
        ("GET", "/v1/sessions", json!({})),
        ("DELETE", "/v1/sessions", json!({})),
        ("POST", "/v1/sessions/switch", json!({"tenant": mira.tenant.to_string()})),
    ] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = program.send(method, path, Some("application/json"), body.to_string().into()).await;
        answer.problem(403, "person_required");
    }
}

#[tokio::test]
async fn an_agencys_key_acts_in_its_clients_only() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let (own, foreign) = (world.client(mira.tenant, "Own").await, world.client(noor.tenant, "Foreign").await);
    let program = with_key(&world, &make(&mira, json!({"*.read": "all"})).await.text_of("secret"));
    let acting = |tenant: TenantId| program.with("upzento-tenant", tenant.to_string());
    assert_eq!(acting(own).get("/v1/me").await.expect(200)["tenant"]["id"], own.to_string());
    acting(foreign).get("/v1/me").await.problem(403, "tenant_foreign");
    acting(noor.tenant).get("/v1/me").await.problem(403, "tenant_foreign");
}

#[tokio::test]
async fn keys_are_listed_renamed_and_foreign_ones_are_not_there() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let made = make(&mira, json!({"*.read": "all"})).await;
    let path = format!("/v1/api-keys/{}", made.body["api_key"]["id"].as_str().expect("an id"));
    let before = mira.client.get(&path).await;
    let renamed = mira.client.with("if-match", before.etag()).patch(&path, json!({"name": "Shop"})).await;
    assert_eq!(renamed.expect(200)["name"], "Shop");
    mira.client.with("if-match", before.etag()).patch(&path, json!({"name": "X"})).await.problem(412, "stale");
    assert_eq!(mira.client.get("/v1/api-keys").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(noor.client.get("/v1/api-keys").await.expect(200)["items"].as_array().map(Vec::len), Some(0));
    noor.client.get(&path).await.problem(404, "not_found");
    noor.client.patch(&path, json!({"name": "X"})).await.problem(404, "not_found");
    noor.client.delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_repeat_gets_the_same_secret_which_is_stored_sealed() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let keyed = mira.client.with("idempotency-key", "key-1");
    let body = json!({"name": "Website", "scopes": {"*.read": "all"}});
    let (one, two) = (keyed.post("/v1/api-keys", body.clone()).await, keyed.post("/v1/api-keys", body).await);
    assert_eq!(one.expect(201), two.expect(201));
    assert_eq!(world.count("select count(*) from control.api_keys").await, 1);
    assert_eq!(world.count("select count(*) from ops.idempotency_keys where body::text like '%upk_%'").await, 0);
}
