use super::*;

fn new(email: &str) -> Value {
    json!({"agency": "Northlight Studio", "name": "Mira Lindqvist", "email": email, "password": PASSWORD})
}

#[tokio::test]
async fn a_proven_address_founds_an_agency_with_its_owner() {
    let world = World::start().await;
    world.anonymous().post("/v1/sign-ups", new(" Mira@Example.com ")).await.expect(202);
    assert_eq!(world.count("select count(*) from control.users").await, 0, "nothing exists before the proof");
    let token = world.token("mira@example.com").await;
    // Who only reads the mail did not choose the password.
    let stranger = json!({"token": token, "password": "a password of somebody else"});
    let refusal = world.anonymous().post("/v1/sign-ups/verification", stranger).await;
    assert_eq!(refused(&refusal), [("/password".into(), "password_wrong".into())]);
    assert_eq!(world.count("select count(*) from control.users").await, 0);
    let founded =
        world.anonymous().post("/v1/sign-ups/verification", json!({"token": token, "password": PASSWORD})).await;
    founded.expect(201);
    let mira = world.sign_in("mira@example.com").await;
    assert_eq!(mira.tenant.to_string(), founded.text_of("tenant"));
    let me = mira.client.get("/v1/me").await;
    assert_eq!(me.expect(200)["tenant"]["kind"], "agency");
    assert_eq!(me.body["memberships"][0]["roles"], json!(["Owner"]));
    assert_eq!(me.body["grants"]["identity.impersonate"], "all");
    let recorded = world.recorded(mira.tenant).await;
    for kind in ["tenant.opened", "user.created", "member.added"] {
        assert!(recorded.contains(&kind.to_owned()), "{kind}: {recorded:?}");
    }
    let again =
        world.anonymous().post("/v1/sign-ups/verification", json!({"token": token, "password": PASSWORD})).await;
    assert_eq!(refused(&again), [("/token".into(), "token_invalid".into())]);
}

#[tokio::test]
async fn a_known_address_gets_the_same_answer_and_another_mail() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let unknown = world.anonymous().post("/v1/sign-ups", new("nobody@example.com")).await;
    let known = world.anonymous().post("/v1/sign-ups", new(&mira.email)).await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let mails = world.mails(&mira.email).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].0.contains("already have an account") && !mails[0].1.contains("#token="), "{mails:?}");
}

#[tokio::test]
async fn a_link_gets_old_and_works_for_one_only() {
    let world = World::start().await;
    world.anonymous().post("/v1/sign-ups", new("a@example.com")).await.expect(202);
    let token = world.token("a@example.com").await;
    world.advance(24 * 3600);
    world
        .anonymous()
        .post("/v1/sign-ups/verification", json!({"token": token, "password": PASSWORD}))
        .await
        .problem(422, "invalid");

    world.anonymous().post("/v1/sign-ups", new("a@example.com")).await.expect(202);
    let (client, body) =
        (world.anonymous(), json!({"token": world.token("a@example.com").await, "password": PASSWORD}));
    let (one, two) = tokio::join!(
        client.post("/v1/sign-ups/verification", body.clone()),
        client.post("/v1/sign-ups/verification", body.clone())
    );
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [201, 422]);
    assert_eq!(world.count("select count(*) from control.tenants where kind is not null").await, 1);
}

#[tokio::test]
async fn bad_input_is_named_all_at_once() {
    let world = World::start().await;
    let body = json!({"agency": " ", "name": "", "email": "x", "password": "short"});
    let answer = world.anonymous().post("/v1/sign-ups", body).await;
    let fields: Vec<_> = refused(&answer).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["/agency", "/name", "/email", "/password"]);
    let mut extra = new("a@example.com");
    extra["plan"] = "free".into();
    assert_eq!(world.anonymous().post("/v1/sign-ups", extra).await.status, 400);
}
