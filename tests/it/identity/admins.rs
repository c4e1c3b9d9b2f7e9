use super::*;
use identity::admins::{self, AdminCredentials, NewAdmin};
use identity::impersonations::{actions as impersonations, model::NewImpersonation};
use kernel::http::RequestInfo;
use totp_rs::{Builder, Secret};

const SECRET: &[u8] = b"twenty bytes of seed";

async fn admin(world: &World, role: &str) {
    let new = NewAdmin {
        email: "Root@Example.com".into(),
        name: "Root".into(),
        password: PASSWORD.into(),
        role: role.into(),
        totp_secret: Some(SECRET.to_vec()),
    };
    let app = &world.app.app;
    let made = app.control(app.system("test"), async |tx| admins::create(tx, new).await).await.expect("an admin");
    assert!(made.enrolment.uri.starts_with("otpauth://totp/"));
}

fn code(world: &World) -> String {
    let totp =
        Builder::new().with_secret(Secret::from(SECRET.to_vec())).with_account_name("a").build().expect("a generator");
    totp.generate(u64::try_from(world.app.clock.now().timestamp()).expect("after 1970")).to_string()
}

async fn sign_in(world: &World, password: &str, code: &str) -> kernel::Result<admins::AdminTokens> {
    let given = AdminCredentials {
        email: "root@example.com".into(),
        password: password.into(),
        code: code.into(),
        cookie: false,
    };
    let request = RequestInfo::of(&poem::Request::default());
    admins::sign_in(&world.app.app, &request, given).await
}

#[tokio::test]
async fn password_and_code_are_both_needed_and_a_code_works_once() {
    let world = World::start().await;
    admin(&world, "platform_admin").await;
    let code = code(&world);
    for (password, code) in [(OTHER, code.as_str()), (PASSWORD, "000000"), (PASSWORD, "")] {
        let refused = sign_in(&world, password, code).await.err().expect("refused");
        assert_eq!(refused.code(), "credentials_wrong");
    }
    let tokens = sign_in(&world, PASSWORD, &code).await.expect("signed in");
    assert_eq!(sign_in(&world, PASSWORD, &code).await.err().expect("refused").code(), "credentials_wrong");
    let principal = admins::authenticate(&world.app.app, &tokens.access_token).await.expect("an admin");
    assert_eq!(principal.role, "platform_admin");
    // An admin token opens the administration only.
    world.anonymous().bearer(&tokens.access_token).get("/v1/me").await.problem(401, "access_token_invalid");
    let app = &world.app.app;
    app.control(app.system("test"), async |tx| admins::sign_out(tx, &principal).await).await.expect("signed out");
    let gone = admins::authenticate(app, &tokens.access_token).await.expect_err("refused");
    assert_eq!(gone.code(), "session_ended");
}

#[tokio::test]
async fn a_session_ends_after_four_hours() {
    let world = World::start().await;
    admin(&world, "platform_support").await;
    let tokens = sign_in(&world, PASSWORD, &code(&world)).await.expect("signed in");
    world.advance(4 * 3600);
    assert!(admins::authenticate(&world.app.app, &tokens.access_token).await.is_err());
}

#[tokio::test]
async fn an_impersonation_by_the_platform_names_both_and_ends_with_its_session() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    admin(&world, "platform_admin").await;
    let tokens = sign_in(&world, PASSWORD, &code(&world)).await.expect("signed in");
    let app = &world.app.app;
    let principal = admins::authenticate(app, &tokens.access_token).await.expect("an admin");
    let who = impersonations::Impersonator {
        id: principal.id.0,
        name: principal.name.clone(),
        session: principal.session,
        home: None,
    };
    let new = NewImpersonation {
        tenant: mira.tenant,
        member: Some(mira.id),
        reason: "Support case 77".into(),
        may_act: true,
        minutes: 10,
    };
    let started = app.control(app.system("test"), async |tx| impersonations::start(tx, who, new).await);
    let client = world.anonymous().bearer(&started.await.expect("started").access_token);
    assert_eq!(client.get("/v1/me").await.expect(200)["user"]["id"], mira.id.to_string());
    client.post("/v1/teams", json!({"name": "By support"})).await.expect(201);
    let both = "select count(*) from control.audit_events where kind = 'team.created' and actor_kind = 'admin' and on_behalf_of is not null";
    assert_eq!(world.count(both).await, 1);
    client
        .put("/v1/password", json!({"current": PASSWORD, "new": OTHER}))
        .await
        .problem(403, "impersonation_forbidden");
    assert_eq!(mira.client.get("/v1/impersonations").await.expect(200)["items"][0]["impersonator_kind"], "admin");
    app.control(app.system("test"), async |tx| admins::sign_out(tx, &principal).await).await.expect("signed out");
    world.advance(5);
    client.get("/v1/me").await.problem(401, "impersonation_ended");
}
