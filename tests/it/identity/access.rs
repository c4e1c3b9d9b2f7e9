use super::*;

fn codes(access: &Answer) -> Vec<String> {
    let because = access.expect(200)["because"].as_array().expect("reasons").clone();
    because.iter().map(|r| r["code"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn every_role_is_a_reason() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let access = mira.client.get("/v1/access?permission=identity.members.write").await;
    assert_eq!(access.expect(200)["allowed"], true);
    assert_eq!(access.body["because"][0]["pattern"], "*");
    assert_eq!(codes(&access), ["role"]);
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    let other = mira.client.get(&format!("/v1/access?permission=identity.members.write&user={}", sven.id)).await;
    assert_eq!(other.expect(200)["allowed"], false);
    assert_eq!(other.body["because"][0]["level"], "no");
    let denied = mira.client.get(&format!("/v1/access?permission=identity.api_keys.read&user={}", sven.id)).await;
    assert_eq!(denied.expect(200)["because"][0]["pattern"], "identity.api_keys.*");
}

#[tokio::test]
async fn ownership_and_teams_are_reasons() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let shop = world.client(mira.tenant, "Shop").await;
    let admin = world.member(shop, "client_admin", "Admin").await;
    let body = json!({"key": "seller", "name": "Seller", "grants": {"tenants.write": "team"}});
    admin.client.post("/v1/roles", body).await.expect(201);
    let (ann, ben) = (world.member(shop, "seller", "Ann").await, world.member(shop, "seller", "Ben").await);
    let ask = async |owner: UserId| {
        let path = format!("/v1/access?permission=tenants.write&user={}&owner={owner}", ann.id);
        admin.client.get(&path).await
    };
    assert_eq!(codes(&ask(ann.id).await), ["role", "owner_self"]);
    let other = ask(ben.id).await;
    assert_eq!((codes(&other), &other.body["allowed"]), (vec!["role".into(), "owner_other".into()], &json!(false)));
    let members = json!({"name": "Sellers", "members": [ann.id.to_string(), ben.id.to_string()]});
    admin.client.post("/v1/teams", members).await.expect(201);
    let mate = ask(ben.id).await;
    assert_eq!((codes(&mate), &mate.body["allowed"]), (vec!["role".into(), "owner_same_team".into()], &json!(true)));
}

#[tokio::test]
async fn an_agencys_people_reach_its_clients_through_the_agency() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let shop = world.client(mira.tenant, "Shop").await;
    let clerk = world.member(shop, "client_admin", "Clerk").await;
    let path = "/v1/access?permission=identity.members.write";
    assert_eq!(codes(&mira.acting_in(shop).get(path).await), ["role", "through_agency"]);
    let asked = clerk.client.get(&format!("{path}&user={}", mira.id)).await;
    assert_eq!(codes(&asked), ["through_agency", "role"]);
    assert_eq!(asked.body["allowed"], true);
}

#[tokio::test]
async fn it_matches_what_really_happens() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    for (permission, path) in [("identity.members.read", "/v1/members"), ("identity.api_keys.read", "/v1/api-keys")] {
        let access = sven.client.get(&format!("/v1/access?permission={permission}")).await;
        let real = sven.client.get(path).await.status == 200;
        assert_eq!(access.expect(200)["allowed"], real, "{permission}");
    }
}

#[tokio::test]
async fn strangers_and_unknown_permissions_are_refused() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let foreign = format!("/v1/access?permission=tenants.read&user={}", noor.id);
    mira.client.get(&foreign).await.problem(404, "not_found");
    mira.client.get("/v1/access?permission=contacts.fly").await.problem(422, "invalid");
    let shop = world.client(mira.tenant, "Shop").await;
    let admin = world.member(shop, "client_admin", "Admin").await;
    let body = json!({"key": "blind", "name": "Blind", "grants": {"tenants.read": "all"}});
    admin.client.post("/v1/roles", body).await.expect(201);
    let blind = world.member(shop, "blind", "Bo").await;
    let other = format!("/v1/access?permission=tenants.read&user={}", admin.id);
    blind.client.get(&other).await.problem(403, "permission_missing");
    blind.client.get("/v1/access?permission=tenants.read").await.expect(200);
}
