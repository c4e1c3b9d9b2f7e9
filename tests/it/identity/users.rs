use super::*;

#[tokio::test]
async fn somebody_changes_his_own_name() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let before = mira.client.get("/v1/me").await;
    assert_eq!(before.expect(200)["user"]["name"], "Mira Owner");
    let changes = json!({"name": "Mira L.", "locale": "sv"});
    let after = mira.client.with("if-match", before.etag()).patch("/v1/me", changes).await;
    assert_eq!(after.expect(200)["user"]["name"], "Mira L.");
    assert_eq!(after.body["user"]["locale"], "sv");
    let stale = mira.client.with("if-match", before.etag()).patch("/v1/me", json!({"name": "X"})).await;
    stale.problem(412, "stale");
    let bad = mira.client.patch("/v1/me", json!({"name": "", "locale": "swedish!"})).await;
    assert_eq!(refused(&bad).len(), 2);
    assert_eq!(mira.client.patch("/v1/me", json!({"email": "x@example.com"})).await.status, 400);
    assert!(world.recorded(mira.tenant).await.contains(&"user.updated".to_owned()));
}

#[tokio::test]
async fn how_the_dashboard_looks_follows_the_person() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let before = mira.client.get("/v1/me").await;
    let look = |answer: &Answer| (answer.body["user"]["theme"].clone(), answer.body["user"]["density"].clone());
    assert_eq!(look(&before), (json!("auto"), json!("comfortable")));
    mira.client.patch("/v1/me", json!({"theme": "light"})).await.expect(200);
    mira.client.patch("/v1/me", json!({"density": "compact"})).await.expect(200);
    let elsewhere = world.sign_in(&mira.email).await;
    assert_eq!(look(&elsewhere.client.get("/v1/me").await), (json!("light"), json!("compact")));
    assert_eq!(mira.client.patch("/v1/me", json!({"theme": "neon"})).await.status, 400);
}

#[tokio::test]
async fn no_answer_or_event_holds_a_secret() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    for path in ["/v1/me", "/v1/members", "/v1/sessions", "/v1/api-keys"] {
        let answer = mira.client.get(path).await;
        answer.expect(200);
        for secret in ["argon2", "password", "hash", &mira.refresh] {
            assert!(!answer.text.contains(secret), "{path} shows {secret}: {}", answer.text);
        }
    }
    let told = world.count("select count(*) from control.audit_events where payload::text || title like '%@%'").await;
    assert_eq!(told, 0, "events carry no addresses");
}

#[tokio::test]
async fn two_people_cannot_have_one_address() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let new = NewAgencyOwner {
        agency: "Again".into(),
        name: "Mira".into(),
        email: mira.email.to_uppercase(),
        password: PASSWORD.into(),
    };
    let again = world
        .app
        .app
        .control(world.app.app.system("test"), async |tx| actions::create_agency_with_owner(tx, new).await);
    assert_eq!(again.await.expect_err("refused").code(), "user_exists");
    assert_eq!(world.count("select count(*) from control.tenants where kind is not null").await, 1);
}

#[tokio::test]
async fn a_blocked_person_is_out_everywhere() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let app = &world.app.app;
    let block = async |blocked| {
        app.control(app.system("test"), async |tx| actions::set_blocked(tx, mira.id, blocked).await).await
    };
    block(true).await.expect("blocked");
    world.advance(5);
    mira.client.get("/v1/me").await.problem(401, "session_ended");
    let body = json!({"email": mira.email, "password": PASSWORD});
    world.anonymous().post("/v1/sessions", body.clone()).await.problem(403, "account_blocked");
    let wrong = json!({"email": mira.email, "password": OTHER});
    world.anonymous().post("/v1/sessions", wrong).await.problem(401, "credentials_wrong");
    block(false).await.expect("unblocked");
    world.anonymous().post("/v1/sessions", body).await.expect(201);
}
