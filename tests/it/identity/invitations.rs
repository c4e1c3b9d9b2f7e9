use super::*;

async fn invite(person: &Person, email: &str, key: &str) -> Answer {
    let role = role(&person.client, key).await;
    person.client.post("/v1/invitations", json!({"email": email, "roles": [role]})).await
}

async fn accept(world: &World, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "name": "Sven Berg", "password": password});
    world.anonymous().post("/v1/invitations/acceptance", body).await
}

#[tokio::test]
async fn an_invited_person_becomes_a_member() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let invited = invite(&mira, "Sven@Example.com", "agency_staff").await;
    assert_eq!(invited.expect(201)["state"], "pending");
    assert!(!invited.text.contains("token"));
    let mails = world.mails("sven@example.com").await;
    assert!(mails[0].1.contains("Mira Studio") && mails[0].1.contains("Staff"), "{mails:?}");
    let token = world.token("sven@example.com").await;
    let accepted = accept(&world, &token, PASSWORD).await;
    assert_eq!(accepted.expect(201)["tenant"], mira.tenant.to_string());
    let sven = world.sign_in("sven@example.com").await;
    assert_eq!(sven.client.get("/v1/me").await.expect(200)["memberships"][0]["roles"], json!(["Staff"]));
    accept(&world, &token, PASSWORD).await.problem(422, "invalid");
    let path = format!("/v1/invitations/{}", invited.text_of("id"));
    assert_eq!(mira.client.get(&path).await.expect(200)["state"], "accepted");
    mira.client.delete(&path).await.problem(404, "not_found");
    let recorded = world.recorded(mira.tenant).await;
    assert!(
        recorded.contains(&"invitation.created".to_owned()) && recorded.contains(&"invitation.accepted".to_owned())
    );
}

#[tokio::test]
async fn somebody_with_an_account_proves_it_with_his_password() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    invite(&mira, &noor.email, "agency_staff").await.expect(201);
    let token = world.token(&noor.email).await;
    let wrong = accept(&world, &token, OTHER).await;
    assert_eq!(refused(&wrong), [("/password".into(), "password_wrong".into())]);
    accept(&world, &token, PASSWORD).await.expect(201);
    let me = noor.client.get("/v1/me").await;
    assert_eq!(me.expect(200)["memberships"].as_array().map(Vec::len), Some(2));
    assert_eq!(world.count("select count(*) from control.users").await, 2);
}

#[tokio::test]
async fn of_two_acceptances_at_once_one_makes_a_member() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    invite(&mira, "sven@example.com", "agency_staff").await.expect(201);
    let token = world.token("sven@example.com").await;
    let (one, two) = tokio::join!(accept(&world, &token, PASSWORD), accept(&world, &token, OTHER));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [201, 422]);
    assert_eq!(world.count("select count(*) from control.memberships").await, 2);
    assert_eq!(world.count("select count(*) from control.users").await, 2);
}

#[tokio::test]
async fn old_taken_back_and_invented_invitations_do_nothing() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let invited = invite(&mira, "sven@example.com", "agency_staff").await;
    invite(&mira, "sven@example.com", "agency_staff").await.problem(409, "invitation_pending");
    let token = world.token("sven@example.com").await;
    mira.client.delete(&format!("/v1/invitations/{}", invited.text_of("id"))).await.expect(204);
    accept(&world, &token, PASSWORD).await.problem(422, "invalid");
    accept(&world, "upi_invented", PASSWORD).await.problem(422, "invalid");
    invite(&mira, "sven@example.com", "agency_staff").await.expect(201);
    let token = world.token("sven@example.com").await;
    world.advance(7 * 86_400);
    accept(&world, &token, PASSWORD).await.problem(422, "invalid");
    let mira = world.sign_in(&mira.email).await;
    invite(&mira, "sven@example.com", "agency_staff").await.expect(201);
    let list = mira.client.get("/v1/invitations?filter=state:eq:pending").await;
    assert_eq!(list.expect(200)["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_invitation_that_is_sent_again_has_one_link_that_works() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let invited = invite(&mira, "sven@example.com", "agency_staff").await;
    let path = format!("/v1/invitations/{}", invited.text_of("id"));
    let again = format!("{path}/mails");
    let first = world.token("sven@example.com").await;
    world.advance(3 * 86_400);
    let mira = world.sign_in(&mira.email).await;
    let sent = mira.client.post(&again, json!({})).await;
    assert_eq!((&sent.expect(201)["id"], &sent.body["state"]), (&invited.body["id"], &json!("pending")));
    assert_ne!(sent.body["expires_at"], invited.body["expires_at"]);
    assert!(!sent.text.contains("token"));
    accept(&world, &first, PASSWORD).await.problem(422, "invalid");
    // Of two at once, one has the link that works.
    let (one, two) = tokio::join!(mira.client.post(&again, json!({})), mira.client.post(&again, json!({})));
    one.expect(201);
    two.expect(201);
    let mails = world.mails("sven@example.com").await;
    assert_eq!(mails.len(), 4);
    let links = mails
        .iter()
        .filter_map(|(_, text)| text.split("#token=").nth(1))
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect::<String>());
    let mut answers = vec![];
    for token in links {
        answers.push(accept(&world, &token, PASSWORD).await.status);
    }
    answers.sort_unstable();
    assert_eq!(answers, [201, 422, 422, 422]);
    mira.client.post(&again, json!({})).await.problem(404, "not_found");
    let recorded = world.recorded(mira.tenant).await;
    assert_eq!(recorded.iter().filter(|kind| *kind == "invitation.resent").count(), 3);

    // Expired ones come to life; those of others are not there, and nobody sends what is above him.
    let late = invite(&mira, "late@example.com", "agency_owner").await;
    let again = format!("/v1/invitations/{}/mails", late.text_of("id"));
    world.advance(8 * 86_400);
    let mira = world.sign_in(&mira.email).await;
    let admin = world.member(mira.tenant, "agency_admin", "Ada").await;
    let refused_one = admin.client.post(&again, json!({})).await;
    assert_eq!(refused(&refused_one), [("/roles".into(), "grant_exceeds_own".into())]);
    let noor = world.agency("Noor").await;
    noor.client.post(&again, json!({})).await.problem(404, "not_found");
    mira.client.post(&again, json!({})).await.expect(201);
    let token = world.token("late@example.com").await;
    accept(&world, &token, PASSWORD).await.expect(201);
}

#[tokio::test]
async fn an_invitation_is_not_sent_again_and_again() {
    let world = World::start_with(|config| config.limits.auth_per_15_minutes = 3).await;
    let mira = world.agency("Mira").await;
    let invited = invite(&mira, "sven@example.com", "agency_staff").await;
    let again = format!("/v1/invitations/{}/mails", invited.text_of("id"));
    let mut token = String::new();
    for _ in 0..3 {
        mira.client.post(&again, json!({})).await.expect(201);
        token = world.token("sven@example.com").await;
    }
    mira.client.post(&again, json!({})).await.problem(429, "rate_limited");
    accept(&world, &token, PASSWORD).await.expect(201);
}

#[tokio::test]
async fn nobody_invites_somebody_above_himself_or_a_member() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let admin = world.member(mira.tenant, "agency_admin", "Ada").await;
    let answer = invite(&admin, "x@example.com", "agency_owner").await;
    assert_eq!(refused(&answer), [("/roles".into(), "grant_exceeds_own".into())]);
    invite(&mira, &admin.email, "agency_staff").await.problem(409, "member_exists");
    let bad = mira.client.post("/v1/invitations", json!({"email": "nonsense", "roles": []})).await;
    bad.problem(422, "invalid");
    let role = role(&mira.client, "agency_staff").await;
    let team = noor.client.post("/v1/teams", json!({"name": "North"})).await.text_of("id");
    let foreign =
        mira.client.post("/v1/invitations", json!({"email": "x@example.com", "roles": [role], "teams": [team]})).await;
    assert_eq!(refused(&foreign), [("/teams".into(), "team_unknown".into())]);
    let staff = world.member(mira.tenant, "agency_staff", "Sven").await;
    let body = json!({"email": "x@example.com", "roles": [role]});
    staff.client.post("/v1/invitations", body).await.problem(403, "permission_missing");
}

#[tokio::test]
async fn an_agency_invites_into_its_client() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let shop = world.client(mira.tenant, "Shop").await;
    let inside = mira.acting_in(shop);
    let role = role(&inside, "client_admin").await;
    inside.post("/v1/invitations", json!({"email": "clerk@example.com", "roles": [role]})).await.expect(201);
    let mails = world.mails("clerk@example.com").await;
    assert!(mails[0].1.contains("Mira Owner") && mails[0].1.contains("Shop"), "{mails:?}");
    let token = world.token("clerk@example.com").await;
    assert_eq!(accept(&world, &token, PASSWORD).await.expect(201)["tenant"], shop.to_string());
    let list = mira.client.get("/v1/invitations").await;
    assert_eq!(list.expect(200)["items"].as_array().map(Vec::len), Some(0), "the client's, not the agency's");
}
