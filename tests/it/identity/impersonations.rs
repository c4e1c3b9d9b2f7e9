use super::*;

struct Scene {
    world: World,
    mira: Person,
    shop: TenantId,
    clerk: Person,
}

async fn scene() -> Scene {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let shop = world.client(mira.tenant, "Shop").await;
    let clerk = world.member(shop, "client_admin", "Clerk").await;
    Scene { world, mira, shop, clerk }
}

impl Scene {
    fn body(&self, changes: Value) -> Value {
        let mut body = json!({"tenant": self.shop.to_string(), "reason": "Ticket 4711: form broken", "minutes": 30});
        for (key, value) in changes.as_object().expect("an object") {
            body[key] = value.clone();
        }
        body
    }
    async fn start(&self, changes: Value) -> (String, Client) {
        let started = self.mira.client.post("/v1/impersonations", self.body(changes)).await;
        started.expect(201);
        let id = started.body["impersonation"]["id"].as_str().expect("an id").to_owned();
        (id, self.world.anonymous().bearer(&started.text_of("access_token")))
    }
}

#[tokio::test]
async fn looking_is_all_it_allows_by_default() {
    let scene = scene().await;
    let (id, client) = scene.start(json!({"member": scene.clerk.id.to_string()})).await;
    let me = client.get("/v1/me").await;
    assert_eq!(me.expect(200)["user"]["email"], scene.clerk.email);
    assert_eq!(me.body["impersonation"]["id"], id);
    assert_eq!(me.body["impersonation"]["impersonator"], "Mira Owner");
    assert_eq!(me.body["impersonation"]["read_only"], true);
    client.get("/v1/members").await.expect(200);
    client.post("/v1/teams", json!({"name": "X"})).await.problem(403, "impersonation_read_only");
    let access = client.get("/v1/access?permission=identity.teams.write").await;
    assert_eq!(access.expect(200)["allowed"], false);
}

#[tokio::test]
async fn whoever_may_act_leaves_both_names() {
    let scene = scene().await;
    let (_, client) = scene.start(json!({"member": scene.clerk.id.to_string(), "may_act": true})).await;
    let team = client.post("/v1/teams", json!({"name": "Made for you"})).await;
    team.expect(201);
    let database = scene.world.app.db.superuser().await;
    let row = database
        .query_one("select actor_kind, actor_id, on_behalf_of, tenant_id from control.audit_events where kind = 'team.created'", &[])
        .await
        .expect("the event");
    let ids: [kernel::uuid::Uuid; 3] = [row.get(1), row.get(2), row.get(3)];
    assert_eq!((row.get::<_, &str>(0), ids), ("user", [scene.mira.id.0, scene.clerk.id.0, scene.shop.0]));
}

#[tokio::test]
async fn credentials_and_further_impersonations_are_out_of_reach() {
    let scene = scene().await;
    let (_, client) = scene.start(json!({"member": scene.clerk.id.to_string(), "may_act": true})).await;
    for (method, path, body) in [
        ("PUT", "/v1/password", json!({"current": PASSWORD, "new": OTHER})),
        ("POST", "/v1/totp", json!({"password": PASSWORD})),
        ("POST", "/v1/totp/confirmation", json!({"code": "123456"})),
        ("DELETE", "/v1/totp", json!({"password": PASSWORD})),
        ("POST", "/v1/recovery-codes", json!({"password": PASSWORD})),
        ("POST", "/v1/api-keys", json!({"name": "Back door", "scopes": {"*": "all"}})),
        ("GET", "/v1/sessions", json!({})),
        ("DELETE", "/v1/sessions", json!({})),
        ("DELETE", "/v1/sessions/current", json!({})),
        ("POST", "/v1/sessions/switch", json!({"tenant": scene.mira.tenant.to_string()})),
        ("PATCH", "/v1/me", json!({"name": "X"})),
        ("GET", "/v1/email-changes", json!({})),
        ("POST", "/v1/email-changes", json!({"email": "x@example.com", "password": PASSWORD})),
    ] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = client.send(method, path, Some("application/json"), body.to_string().into()).await;
        answer.problem(403, "impersonation_forbidden");
    }
    let nested = client.post("/v1/impersonations", scene.body(json!({}))).await;
    assert_eq!(nested.status, 403);
    client.with("upzento-tenant", scene.mira.tenant.to_string()).get("/v1/me").await.problem(403, "tenant_foreign");
    scene.mira.client.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn it_ends_by_itself_by_hand_and_with_the_own_session() {
    let scene = scene().await;
    let (_, client) = scene.start(json!({"minutes": 5})).await;
    client.get("/v1/me").await.expect(200);
    scene.world.advance(300);
    client.get("/v1/me").await.problem(401, "access_token_invalid");

    let (id, client) = scene.start(json!({})).await;
    client.get("/v1/me").await.expect(200);
    scene.clerk.client.delete(&format!("/v1/impersonations/{id}")).await.expect(204);
    client.get("/v1/me").await.problem(401, "impersonation_ended");
    scene.clerk.client.delete(&format!("/v1/impersonations/{id}")).await.problem(404, "not_found");

    let (id, client) = scene.start(json!({})).await;
    scene.mira.client.delete(&format!("/v1/impersonations/{id}")).await.expect(204);
    client.get("/v1/me").await.problem(401, "impersonation_ended");

    let (_, client) = scene.start(json!({})).await;
    client.get("/v1/me").await.expect(200);
    scene.mira.client.delete("/v1/sessions/current").await.expect(204);
    client.get("/v1/me").await.problem(401, "impersonation_ended");
}

#[tokio::test]
async fn whoever_is_inside_can_leave_with_the_token_he_has() {
    let scene = scene().await;
    let (other, _) = scene.start(json!({})).await;
    for changes in [json!({}), json!({"may_act": true, "member": scene.clerk.id.to_string()})] {
        let (id, client) = scene.start(changes).await;
        // Somebody else's visit is not his to end from in here.
        client.delete(&format!("/v1/impersonations/{other}")).await.problem(403, "impersonation_forbidden");
        client.delete(&format!("/v1/impersonations/{id}")).await.expect(204);
        client.get("/v1/me").await.problem(401, "impersonation_ended");
    }
    scene.mira.client.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_client_sees_who_was_there_and_why() {
    let scene = scene().await;
    scene.start(json!({"may_act": true})).await;
    for client in [&scene.clerk.client, &scene.mira.client] {
        let list = client.get("/v1/impersonations").await;
        let first = &list.expect(200)["items"][0];
        assert_eq!(first["impersonator"], "Mira Owner");
        assert_eq!(first["reason"], "Ticket 4711: form broken");
        assert_eq!(first["may_act"], true);
        assert_eq!(first["home"], scene.mira.tenant.to_string());
        let file = client.get("/v1/impersonations/export").await;
        file.expect(200);
        assert!(file.text.contains(",user,Mira Owner,,Ticket 4711: form broken,true,"), "{}", file.text);
    }
    let other = scene.world.agency("Noor").await;
    assert_eq!(other.client.get("/v1/impersonations").await.expect(200)["items"].as_array().map(Vec::len), Some(0));
    assert_eq!(other.client.get("/v1/impersonations/export").await.text.lines().count(), 1);
    for tenant in [scene.shop, scene.mira.tenant] {
        let recorded = scene.world.recorded(tenant).await;
        for kind in ["impersonation.started", "impersonation.exported"] {
            assert!(recorded.iter().any(|known| known == kind), "{kind} in {recorded:?}");
        }
    }
}

#[tokio::test]
async fn neither_upward_nor_sideways_nor_without_a_reason() {
    let scene = scene().await;
    let noor = scene.world.agency("Noor").await;
    let foreign = scene.world.client(noor.tenant, "Foreign").await;
    let start =
        async |person: &Person, changes: Value| person.client.post("/v1/impersonations", scene.body(changes)).await;
    for tenant in [foreign, noor.tenant, scene.mira.tenant] {
        start(&scene.mira, json!({"tenant": tenant.to_string()})).await.problem(404, "not_found");
    }
    start(&scene.clerk, json!({"tenant": scene.mira.tenant.to_string()})).await.problem(403, "permission_missing");
    let staff = scene.world.member(scene.mira.tenant, "agency_staff", "Sven").await;
    start(&staff, json!({})).await.problem(403, "permission_missing");
    let bad = start(&scene.mira, json!({"reason": "because", "minutes": 61})).await;
    let fields: Vec<_> = refused(&bad).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["/reason", "/minutes"]);
    let stranger = start(&scene.mira, json!({"member": noor.id.to_string()})).await;
    assert_eq!(refused(&stranger), [("/member".into(), "member_unknown".into())]);
    let inside = scene.mira.acting_in(scene.shop).post("/v1/impersonations", scene.body(json!({}))).await;
    inside.problem(403, "tenant_foreign");
}

#[tokio::test]
async fn it_reaches_no_further_than_either_of_the_two() {
    let scene = scene().await;
    let body = json!({"key": "helper", "name": "Helper",
        "grants": {"identity.impersonate": "all", "identity.members.read": "all"}});
    scene.mira.client.post("/v1/roles", body).await.expect(201);
    let helper = scene.world.member(scene.mira.tenant, "helper", "Hal").await;
    let body = scene.body(json!({"member": scene.clerk.id.to_string(), "may_act": true}));
    let started = helper.client.post("/v1/impersonations", body).await;
    started.expect(201);
    let client = scene.world.anonymous().bearer(&started.text_of("access_token"));
    client.get("/v1/members").await.expect(200);
    client.post("/v1/teams", json!({"name": "X"})).await.problem(403, "permission_missing");
    // Whoever loses the right to impersonate is out.
    let staff = role(&scene.mira.client, "agency_staff").await;
    let path = format!("/v1/members/{}", helper.id);
    scene.mira.client.patch(&path, json!({"roles": [staff]})).await.expect(200);
    client.get("/v1/me").await.problem(401, "impersonation_ended");
}

#[tokio::test]
async fn the_agencys_log_keeps_what_the_client_was_called_when_nothing_is_left_of_it() {
    let scene = scene().await;
    let (id, _) = scene.start(json!({"member": scene.clerk.id.to_string()})).await;
    scene.mira.client.delete(&format!("/v1/impersonations/{id}")).await.expect(204);
    scene.world.app.settle().await;
    let told = async |kind: &str| {
        let page = scene.mira.client.get(&format!("/v1/audit?filter=kind:eq:{kind}")).await;
        page.expect(200)["items"][0]["client"].clone()
    };
    let name = told("impersonation.started").await["name"].clone();
    assert!(name.is_string());
    let end = "update control.tenants set state = 'deleted', name = '' where id = $1";
    scene.world.app.db.superuser().await.execute(end, &[&scene.shop.0]).await.expect("its end");
    for kind in ["impersonation.started", "impersonation.ended"] {
        let client = json!({"id": scene.shop.to_string(), "name": name, "gone": "destroyed"});
        assert_eq!(told(kind).await, client, "{kind}");
    }
}
