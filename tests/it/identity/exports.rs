//! Who may come in and what he may do, as files: with the filters and the reach of the lists, and never with a secret.
use super::*;

const LISTS: [&str; 4] = ["invitations", "api-keys", "roles", "teams"];

#[tokio::test]
async fn invitations_keys_roles_and_teams_are_files_without_secrets() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let desk = json!({"key": "front_desk", "name": "=Desk", "description": "",
        "grants": {"identity.api_keys.*": "own", "identity.members.read": "team"}});
    let made = mira.client.post("/v1/roles", desk).await;
    made.expect(201);
    let desk = made.text_of("id");
    let sven = world.member(mira.tenant, "front_desk", "Sven").await;
    mira.client.post("/v1/teams", json!({"name": "@North", "members": [sven.id.to_string()]})).await.expect(201);
    let mut invited = vec![];
    for email in ["ada@example.com", "bo@example.com"] {
        let answer = mira.client.post("/v1/invitations", json!({"email": email, "roles": [desk]})).await;
        answer.expect(201);
        invited.push(answer.text_of("id"));
    }
    let token = world.token("ada@example.com").await;
    mira.client.delete(&format!("/v1/invitations/{}", invited[1])).await.expect(204);
    let mut secrets = vec![];
    for (person, name) in [(&mira, "=Website"), (&sven, "Own")] {
        let body = json!({"name": name, "scopes": {"identity.members.read": "team"}});
        let key = person.client.post("/v1/api-keys", body).await;
        key.expect(201);
        secrets.push(key.text_of("secret"));
    }

    let file = async |client: &Client, path: &str| {
        let answer = client.get(path).await;
        answer.expect(200);
        assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
        answer.text
    };
    let waiting = file(&mira.client, "/v1/invitations/export?filter=state:eq:pending").await;
    assert!(waiting.starts_with(&format!("id,email,roles,teams,state,locale,invited_by,created_at,expires_at,accepted_at\r\n{},ada@example.com,{desk},,pending,", invited[0])), "{waiting}");
    assert_eq!(waiting.lines().count(), 2);
    let all = file(&mira.client, "/v1/invitations/export").await;
    assert!(all.lines().count() == 3 && !all.contains(&token), "{all}");

    let keys = file(&mira.client, "/v1/api-keys/export").await;
    assert!(keys.starts_with("id,name,hint,scopes,addresses,"), "{keys}");
    let hint = &secrets[0][..10];
    assert!(
        keys.contains(&format!(",'=Website,{hint},\"{{\"\"identity.members.read\"\":\"\"team\"\"}}\",,")),
        "{keys}"
    );
    assert!(keys.lines().count() == 3 && !secrets.iter().any(|secret| keys.contains(secret)), "{keys}");
    assert_eq!(file(&mira.client, "/v1/api-keys/export?filter=revoked_at:empty:false").await.lines().count(), 1);
    let own = file(&sven.client, "/v1/api-keys/export").await;
    assert!(own.lines().count() == 2 && own.contains(",Own,"), "whose keys he may see: {own}");

    let roles = file(&mira.client, "/v1/roles/export").await;
    let grants = "\"{\"\"identity.api_keys.*\"\":\"\"own\"\",\"\"identity.members.read\"\":\"\"team\"\"}\"";
    assert!(roles.contains(&format!("{desk},front_desk,'=Desk,,{grants},false,")), "{roles}");
    assert_eq!(roles.lines().count(), 5, "{roles}");
    assert_eq!(file(&mira.client, "/v1/roles/export?filter=key:eq:front_desk").await.lines().count(), 2);
    let teams = file(&mira.client, "/v1/teams/export").await;
    assert!(teams.contains(&format!(",'@North,{},", sven.id)), "{teams}");

    for (list, lines) in LISTS.into_iter().zip([1, 1, 4, 1]) {
        mira.client.get(&format!("/v1/{list}/export?filter=nonsense:eq:1")).await.problem(422, "invalid");
        let theirs = file(&noor.client, &format!("/v1/{list}/export")).await;
        assert_eq!(theirs.lines().count(), lines, "another tenant has its own: {theirs}");
    }
    let staff = world.member(mira.tenant, "agency_staff", "Olaf").await;
    staff.client.get("/v1/api-keys/export").await.problem(403, "permission_missing");
    let recorded = world.recorded(mira.tenant).await;
    for kind in ["invitation.exported", "api_key.exported", "role.exported", "team.exported"] {
        assert!(recorded.contains(&kind.to_owned()), "{kind}: {recorded:?}");
    }
}
