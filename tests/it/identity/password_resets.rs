use super::*;

#[tokio::test]
async fn a_link_sets_a_new_password_once() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    world.anonymous().post("/v1/password-resets", json!({"email": mira.email})).await.expect(202);
    let token = world.token(&mira.email).await;
    let confirm = json!({"token": token, "password": OTHER});
    world.anonymous().post("/v1/password-resets/confirmation", confirm.clone()).await.expect(204);
    mira.client.get("/v1/me").await.problem(401, "session_ended");
    let new = json!({"email": mira.email, "password": OTHER});
    world.anonymous().post("/v1/sessions", new).await.expect(201);
    let again = world.anonymous().post("/v1/password-resets/confirmation", confirm).await;
    assert_eq!(refused(&again), [("/token".into(), "token_invalid".into())]);
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let known = world.anonymous().post("/v1/password-resets", json!({"email": mira.email})).await;
    let unknown = world.anonymous().post("/v1/password-resets", json!({"email": "x@example.com"})).await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(world.mails("x@example.com").await.len(), 0);
    assert_eq!(world.mails(&mira.email).await.len(), 1);
}

#[tokio::test]
async fn a_newer_link_replaces_an_older_one_and_both_get_old() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let ask = async || world.anonymous().post("/v1/password-resets", json!({"email": mira.email})).await;
    let confirm = async |token: &str| {
        let body = json!({"token": token, "password": OTHER});
        world.anonymous().post("/v1/password-resets/confirmation", body).await
    };
    ask().await.expect(202);
    let first = world.token(&mira.email).await;
    ask().await.expect(202);
    let second = world.token(&mira.email).await;
    assert_ne!(first, second);
    confirm(&first).await.problem(422, "invalid");
    world.advance(30 * 60);
    confirm(&second).await.problem(422, "invalid");
    world.sign_in(&mira.email).await;
}

#[tokio::test]
async fn of_two_confirmations_one_counts() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    world.anonymous().post("/v1/password-resets", json!({"email": mira.email})).await.expect(202);
    let token = world.token(&mira.email).await;
    let body = |password: &str| json!({"token": token, "password": password});
    let client = world.anonymous();
    let (one, two) = tokio::join!(
        client.post("/v1/password-resets/confirmation", body(OTHER)),
        client.post("/v1/password-resets/confirmation", body("x7Kp!0vQe#m2"))
    );
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [204, 422]);
}
