use super::*;

fn front_desk() -> Value {
    json!({"key": "front_desk", "name": "Front desk", "description": "Answers the phone",
        "grants": {"identity.members.read": "all", "*.read": "team"}})
}

#[tokio::test]
async fn a_tenant_has_the_seeded_roles_of_its_kind_and_its_own() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let shop = world.client(mira.tenant, "Shop").await;
    let keys = async |client: &Client| {
        let page = client.get("/v1/roles?sort=key").await;
        let items = page.expect(200)["items"].as_array().expect("roles").clone();
        items.iter().map(|r| r["key"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    mira.client.post("/v1/roles", front_desk()).await.expect(201);
    assert_eq!(keys(&mira.client).await, ["agency_admin", "agency_owner", "agency_staff", "front_desk"]);
    assert_eq!(keys(&noor.client).await, ["agency_admin", "agency_owner", "agency_staff"]);
    assert_eq!(keys(&mira.acting_in(shop)).await, ["client_admin", "client_staff"]);
}

#[tokio::test]
async fn a_role_is_made_changed_and_deleted() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let made = mira.client.post("/v1/roles", front_desk()).await;
    assert_eq!(made.expect(201)["grants"]["*.read"], "team");
    mira.client.post("/v1/roles", front_desk()).await.problem(409, "role_key_taken");
    let path = format!("/v1/roles/{}", made.text_of("id"));
    let before = mira.client.get(&path).await;
    let changes = json!({"name": "Reception", "grants": {"identity.members.read": "all"}});
    let after = mira.client.with("if-match", before.etag()).patch(&path, changes.clone()).await;
    assert_eq!(after.expect(200)["grants"], json!({"identity.members.read": "all"}));
    mira.client.with("if-match", before.etag()).patch(&path, changes).await.problem(412, "stale");
    let sven = world.member(mira.tenant, "front_desk", "Sven").await;
    mira.client.delete(&path).await.problem(409, "role_in_use");
    mira.client.delete(&format!("/v1/members/{}", sven.id)).await.expect(204);
    mira.client.delete(&path).await.expect(204);
    mira.client.get(&path).await.problem(404, "not_found");
    let recorded = world.recorded(mira.tenant).await;
    assert!(recorded.contains(&"role.created".to_owned()) && recorded.contains(&"role.deleted".to_owned()));
}

#[tokio::test]
async fn a_changed_role_counts_at_once_for_whoever_has_it() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let made = mira.client.post("/v1/roles", front_desk()).await;
    let sven = world.member(mira.tenant, "front_desk", "Sven").await;
    sven.client.get("/v1/members").await.expect(200);
    let path = format!("/v1/roles/{}", made.text_of("id"));
    mira.client.patch(&path, json!({"grants": {"tenants.read": "all"}})).await.expect(200);
    sven.client.get("/v1/members").await.problem(403, "permission_missing");
}

#[tokio::test]
async fn roles_merge_to_the_most_permissive() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let made = mira.client.post("/v1/roles", front_desk()).await;
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    let both = json!({"roles": [made.text_of("id"), role(&mira.client, "agency_staff").await]});
    mira.client.patch(&format!("/v1/members/{}", sven.id), both).await.expect(200);
    let me = sven.client.get("/v1/me").await;
    // agency_staff says no to API keys, the front desk says team.
    assert_eq!(me.expect(200)["grants"]["identity.api_keys.read"], "team");
    assert_eq!(me.body["grants"]["identity.members.read"], "all");
}

#[tokio::test]
async fn seeded_roles_stay_and_foreign_ones_are_not_there() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let seeded = format!("/v1/roles/{}", role(&mira.client, "agency_staff").await);
    mira.client.patch(&seeded, json!({"name": "X"})).await.problem(409, "role_seeded");
    mira.client.delete(&seeded).await.problem(409, "role_seeded");
    let theirs = noor.client.post("/v1/roles", front_desk()).await;
    let path = format!("/v1/roles/{}", theirs.text_of("id"));
    mira.client.get(&path).await.problem(404, "not_found");
    mira.client.patch(&path, json!({"name": "X"})).await.problem(404, "not_found");
    mira.client.delete(&path).await.problem(404, "not_found");
    let platform = "/v1/roles/rol_000000000e0040000000000001";
    mira.client.get(platform).await.problem(404, "not_found");
}

#[tokio::test]
async fn unknown_permissions_and_more_than_one_has_are_refused() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let bad = json!({"key": "X", "name": "", "grants": {"contacts.fly": "all", "nothing.*": "all"}});
    let fields: Vec<_> = refused(&mira.client.post("/v1/roles", bad).await).into_iter().map(|(f, _)| f).collect();
    assert_eq!(fields, ["/grants/contacts.fly", "/grants/nothing.*", "/key", "/name"]);
    let level = json!({"key": "xx", "name": "X", "grants": {"*": "some"}});
    assert_eq!(mira.client.post("/v1/roles", level).await.status, 400);
    let admin = world.member(mira.tenant, "agency_admin", "Ada").await;
    let more = json!({"key": "boss", "name": "Boss", "grants": {"*": "all"}});
    let answer = admin.client.post("/v1/roles", more).await;
    assert_eq!(refused(&answer), [("/grants".into(), "grant_exceeds_own".into())]);
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    sven.client.post("/v1/roles", front_desk()).await.problem(403, "permission_missing");
}

#[tokio::test]
async fn the_catalogue_lists_every_permission() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let page = mira.client.get("/v1/permissions").await;
    let items = page.expect(200)["items"].as_array().expect("permissions").clone();
    let find = |name: &str| items.iter().find(|p| p["name"] == name).cloned().unwrap_or_default();
    assert_eq!(find("identity.members.read")["writes"], false);
    assert_eq!(find("tenants.write")["writes"], true);
    assert!(find("identity.impersonate")["description"].as_str().is_some_and(|d| !d.is_empty()));
}
