use super::*;

#[tokio::test]
async fn members_are_listed_read_and_changed() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    let list = mira.client.get("/v1/members?sort=name").await;
    let names: Vec<_> =
        list.expect(200)["items"].as_array().expect("members").iter().map(|m| m["name"].clone()).collect();
    assert_eq!(names, ["Mira Owner", "Sven"]);
    let path = format!("/v1/members/{}", sven.id);
    let before = mira.client.get(&path).await;
    let admin = role(&mira.client, "agency_admin").await;
    let changes = json!({"name": "Sven B.", "roles": [admin]});
    let after = mira.client.with("if-match", before.etag()).patch(&path, changes.clone()).await;
    assert_eq!(after.expect(200)["roles"], json!([admin]));
    mira.client.with("if-match", before.etag()).patch(&path, changes).await.problem(412, "stale");
    // The new role counts at once.
    sven.client.get("/v1/api-keys").await.expect(200);
    assert!(world.recorded(mira.tenant).await.contains(&"member.updated".to_owned()));
}

#[tokio::test]
async fn a_disabled_or_removed_member_stops_at_once() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    let path = format!("/v1/members/{}", sven.id);
    mira.client.patch(&path, json!({"state": "disabled"})).await.expect(200);
    sven.client.get("/v1/me").await.problem(401, "session_ended");
    let sign_in = json!({"email": sven.email, "password": PASSWORD});
    world.anonymous().post("/v1/sessions", sign_in.clone()).await.problem(403, "membership_missing");
    let refresh = json!({"refresh_token": sven.refresh});
    world.anonymous().post("/v1/sessions/refresh", refresh).await.problem(403, "membership_missing");
    mira.client.patch(&path, json!({"state": "active"})).await.expect(200);
    world.anonymous().post("/v1/sessions", sign_in).await.expect(201);
    mira.client.delete(&path).await.expect(204);
    sven.client.get("/v1/me").await.problem(401, "session_ended");
    mira.client.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn the_last_owner_stays() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let path = format!("/v1/members/{}", mira.id);
    let staff = role(&mira.client, "agency_staff").await;
    mira.client.delete(&path).await.problem(409, "last_owner");
    mira.client.patch(&path, json!({"roles": [staff]})).await.problem(409, "last_owner");
    mira.client.patch(&path, json!({"state": "disabled"})).await.problem(409, "last_owner");
    let second = world.member(mira.tenant, "agency_owner", "Sven").await;
    mira.client.delete(&path).await.expect(204);
    second.client.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn of_two_owners_who_leave_at_once_one_stays() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let sven = world.member(mira.tenant, "agency_owner", "Sven").await;
    let (one, two) = (format!("/v1/members/{}", mira.id), format!("/v1/members/{}", sven.id));
    let (first, second) = tokio::join!(mira.client.delete(&one), sven.client.delete(&two));
    let mut answers = [first.status, second.status];
    answers.sort_unstable();
    assert_eq!(answers, [204, 409]);
    let owners = "select count(*) from control.member_roles mr join control.roles r on r.id = mr.role_id where r.key = 'agency_owner'";
    assert_eq!(world.count(owners).await, 1);
}

#[tokio::test]
async fn nobody_gives_or_takes_more_than_he_has() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let admin = world.member(mira.tenant, "agency_admin", "Ada").await;
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    let owner = role(&mira.client, "agency_owner").await;
    let (me, other) = (format!("/v1/members/{}", admin.id), format!("/v1/members/{}", sven.id));
    for path in [&me, &other] {
        let answer = admin.client.patch(path, json!({"roles": [owner]})).await;
        assert_eq!(refused(&answer), [("/roles".into(), "grant_exceeds_own".into())]);
    }
    let boss = format!("/v1/members/{}", mira.id);
    let staff = role(&mira.client, "agency_staff").await;
    admin.client.patch(&boss, json!({"roles": [staff]})).await.problem(422, "invalid");
    admin.client.patch(&boss, json!({"state": "disabled"})).await.problem(422, "invalid");
    admin.client.delete(&boss).await.problem(422, "invalid");
    admin.client.delete(&other).await.expect(204);
}

#[tokio::test]
async fn staff_may_look_but_not_change() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    sven.client.get("/v1/members").await.expect(200);
    let path = format!("/v1/members/{}", mira.id);
    sven.client.patch(&path, json!({"name": "X"})).await.problem(403, "permission_missing");
    sven.client.delete(&path).await.problem(403, "permission_missing");
    sven.client.get("/v1/api-keys").await.problem(403, "permission_missing");
}

#[tokio::test]
async fn another_tenants_members_roles_and_teams_are_not_there() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let foreign = format!("/v1/members/{}", noor.id);
    mira.client.get(&foreign).await.problem(404, "not_found");
    mira.client.patch(&foreign, json!({"name": "X"})).await.problem(404, "not_found");
    mira.client.delete(&foreign).await.problem(404, "not_found");
    let team = noor.client.post("/v1/teams", json!({"name": "North"})).await;
    let path = format!("/v1/members/{}", mira.id);
    let answer = mira.client.patch(&path, json!({"teams": [team.text_of("id")]})).await;
    assert_eq!(refused(&answer), [("/teams".into(), "team_unknown".into())]);
    let body = json!({"key": "front_desk", "name": "Front desk", "grants": {"identity.members.read": "all"}});
    let theirs = noor.client.post("/v1/roles", body).await;
    let answer = mira.client.patch(&path, json!({"roles": [theirs.text_of("id")]})).await;
    assert_eq!(refused(&answer), [("/roles".into(), "role_unknown".into())]);
    mira.client.patch(&path, json!({"roles": []})).await.problem(422, "invalid");
}

#[tokio::test]
async fn an_agency_manages_its_clients_people_and_may_remove_the_last_one() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let shop = world.client(mira.tenant, "Shop").await;
    let clerk = world.member(shop, "client_admin", "Clerk").await;
    let inside = mira.acting_in(shop);
    assert_eq!(inside.get("/v1/members").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
    let path = format!("/v1/members/{}", clerk.id);
    clerk.client.delete(&path).await.problem(409, "last_owner");
    inside.delete(&path).await.expect(204);
    clerk.client.get("/v1/me").await.problem(401, "session_ended");
}

#[tokio::test]
async fn the_plan_limits_members_also_for_two_at_once() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let database = world.app.db.superuser().await;
    let plan: kernel::uuid::Uuid = kernel::ids::new_uuid(world.app.clock.now());
    let insert =
        "insert into control.plans (id, key, name, level, limits) values ($1, 'small', 'Small', 1, '{\"members\": 2}')";
    database.execute(insert, &[&plan]).await.expect("a plan");
    database
        .execute("update control.tenants set plan_id = $1 where id = $2", &[&plan, &mira.tenant.0])
        .await
        .expect("set");
    let new = |name: &str| NewMember {
        name: name.into(),
        email: format!("{name}@example.com"),
        password: PASSWORD.into(),
        roles: vec!["agency_staff".into()],
        teams: vec![],
    };
    let app = &world.app.app;
    let add = async |name| {
        app.control(app.system("test"), async |tx| actions::add_member(tx, mira.tenant, new(name)).await).await
    };
    let (one, two) = tokio::join!(add("ann"), add("ben"));
    let refused = [one, two].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(refused.iter().map(kernel::Error::code).collect::<Vec<_>>(), ["plan_limit"]);
    let body = json!({"email": "cas@example.com", "roles": [role(&mira.client, "agency_staff").await]});
    mira.client.post("/v1/invitations", body).await.problem(403, "plan_limit");
}

#[tokio::test]
async fn people_of_the_agency_have_names_in_its_clients() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    let shop = world.client(mira.tenant, "Shop").await;
    let clerk = world.member(shop, "client_admin", "Clerk").await;
    let other = world.agency("Other").await;
    let names = async |client: &Client, people: &[UserId]| {
        let asked: Vec<String> = people.iter().map(|id| format!("id={id}")).collect();
        let found = client.get(&format!("/v1/members/names?{}", asked.join("&"))).await;
        let items = found.expect(200)["items"].as_array().expect("names").clone();
        let mut names: Vec<String> = items.iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect();
        names.sort();
        names
    };
    let all = [mira.id, sven.id, clerk.id, other.id];
    assert_eq!(names(&clerk.client, &all).await, ["Clerk", "Mira Owner", "Sven"], "not those of another agency");
    assert_eq!(names(&mira.client, &all).await, ["Mira Owner", "Sven"], "nor those of a client in its agency");
    assert_eq!(names(&mira.acting_in(shop), &[clerk.id]).await, ["Clerk"]);
    assert!(names(&clerk.client, &[]).await.is_empty());
    mira.client.delete(&format!("/v1/members/{}", sven.id)).await.expect(204);
    assert!(names(&clerk.client, &[sven.id]).await.is_empty(), "whoever has left");
    let many: Vec<String> = (0..101).map(|_| format!("id={}", clerk.id)).collect();
    let path = format!("/v1/members/names?{}", many.join("&"));
    assert_eq!(clerk.client.get(&path).await.problem(422, "invalid")["errors"][0]["code"], "too_many");
}
