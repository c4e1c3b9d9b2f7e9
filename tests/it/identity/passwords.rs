use super::*;

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_is_told() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let phone = world.sign_in(&mira.email).await;
    mira.client.put("/v1/password", json!({"current": PASSWORD, "new": OTHER})).await.expect(204);
    mira.client.get("/v1/me").await.expect(200);
    phone.client.get("/v1/me").await.problem(401, "session_ended");
    let old = json!({"email": mira.email, "password": PASSWORD});
    world.anonymous().post("/v1/sessions", old).await.problem(401, "credentials_wrong");
    let new = json!({"email": mira.email, "password": OTHER});
    world.anonymous().post("/v1/sessions", new).await.expect(201);
    let mails = world.mails(&mira.email).await;
    assert!(
        mails.iter().any(|(subject, text)| format!("{subject}{text}").contains("password was changed")),
        "{mails:?}"
    );
    assert!(world.recorded(mira.tenant).await.contains(&"user.password_changed".to_owned()));
}

#[tokio::test]
async fn the_current_one_is_needed_and_the_new_one_must_be_good() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let wrong = json!({"current": OTHER, "new": "x7Kp!0vQe#m2"});
    mira.client.put("/v1/password", wrong).await.problem(403, "password_wrong");
    for (new, code) in
        [("short", "password_short"), ("aaaaaaaaaaaa", "password_simple"), ("mira@example.com", "password_personal")]
    {
        let answer = mira.client.put("/v1/password", json!({"current": PASSWORD, "new": new})).await;
        assert_eq!(refused(&answer), [("/new".into(), code.into())]);
    }
    world.sign_in(&mira.email).await;
}

#[tokio::test]
async fn guessing_the_current_one_is_limited() {
    let app = TestApp::start_with(|config| config.limits.auth_per_15_minutes = 2).await;
    let world = World { app, mailbox: Arc::default() };
    let mira = world.agency("Mira").await;
    let guess = json!({"current": OTHER, "new": "x7Kp!0vQe#m2"});
    for _ in 0..2 {
        mira.client.put("/v1/password", guess.clone()).await.problem(403, "password_wrong");
    }
    mira.client.put("/v1/password", guess).await.problem(429, "rate_limited");
}
