use super::*;

#[tokio::test]
async fn a_team_is_made_changed_and_deleted() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let sven = world.member(mira.tenant, "agency_staff", "Sven").await;
    let made = mira.client.post("/v1/teams", json!({"name": "North", "members": [sven.id.to_string()]})).await;
    assert_eq!(made.expect(201)["members"], json!([sven.id.to_string()]));
    let path = format!("/v1/teams/{}", made.text_of("id"));
    let before = mira.client.get(&path).await;
    let changes = json!({"name": "South", "members": [mira.id.to_string(), sven.id.to_string()]});
    let after = mira.client.with("if-match", before.etag()).patch(&path, changes.clone()).await;
    assert_eq!(after.expect(200)["name"], "South");
    assert_eq!(after.body["members"].as_array().map(Vec::len), Some(2));
    mira.client.with("if-match", before.etag()).patch(&path, changes).await.problem(412, "stale");
    let member = mira.client.get(&format!("/v1/members/{}", sven.id)).await;
    assert_eq!(member.body["teams"], json!([made.text_of("id")]));
    assert_eq!(mira.client.get("/v1/teams").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
    mira.client.delete(&path).await.expect(204);
    mira.client.get(&path).await.problem(404, "not_found");
    let recorded = world.recorded(mira.tenant).await;
    for kind in ["team.created", "team.updated", "team.deleted"] {
        assert!(recorded.contains(&kind.to_owned()), "{kind}: {recorded:?}");
    }
}

#[tokio::test]
async fn names_are_unique_and_members_are_the_tenants() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    mira.client.post("/v1/teams", json!({"name": "North"})).await.expect(201);
    mira.client.post("/v1/teams", json!({"name": "north"})).await.problem(409, "team_name_taken");
    let foreign = noor.client.post("/v1/teams", json!({"name": "North"})).await;
    foreign.expect(201);
    let answer = mira.client.post("/v1/teams", json!({"name": "South", "members": [noor.id.to_string()]})).await;
    assert_eq!(refused(&answer), [("/members".into(), "member_unknown".into())]);
    let path = format!("/v1/teams/{}", foreign.text_of("id"));
    mira.client.get(&path).await.problem(404, "not_found");
    mira.client.patch(&path, json!({"name": "X"})).await.problem(404, "not_found");
    mira.client.delete(&path).await.problem(404, "not_found");
    let staff = world.member(mira.tenant, "agency_staff", "Sven").await;
    staff.client.post("/v1/teams", json!({"name": "X"})).await.problem(403, "permission_missing");
}

#[tokio::test]
async fn a_repeated_key_makes_one_team() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let keyed = mira.client.with("idempotency-key", "team-1");
    let one = keyed.post("/v1/teams", json!({"name": "North"})).await;
    let two = keyed.post("/v1/teams", json!({"name": "North"})).await;
    assert_eq!(one.expect(201), two.expect(201));
    let other = keyed.post("/v1/teams", json!({"name": "South"})).await;
    assert_eq!(refused(&other), [("/".into(), "idempotency_key_reused".into())]);
    assert_eq!(world.count("select count(*) from control.teams").await, 1);
}
