use super::*;
use totp_rs::{Builder, Secret, Totp};

fn generator(base32: &str) -> Totp {
    let secret = Secret::try_from_base32(base32).expect("base32");
    Builder::new().with_secret(secret).with_account_name("a").build().expect("a generator")
}

pub(super) struct Enrolled {
    pub(super) totp: Totp,
    pub(super) recovery: Vec<String>,
}

pub(super) async fn enrol(world: &World, person: &Person) -> Enrolled {
    let begun = person.client.post("/v1/totp", json!({"password": PASSWORD})).await;
    begun.expect(201);
    let totp = generator(&begun.text_of("secret"));
    let confirmed = person.client.post("/v1/totp/confirmation", json!({"code": code(world, &totp)})).await;
    let recovery = confirmed.expect(200)["recovery_codes"].as_array().expect("codes").clone();
    Enrolled { totp, recovery: recovery.iter().map(|c| c.as_str().expect("a code").to_owned()).collect() }
}

pub(super) fn code(world: &World, totp: &Totp) -> String {
    totp.generate(u64::try_from(world.app.clock.now().timestamp()).expect("after 1970")).to_string()
}

async fn challenge(world: &World, email: &str) -> String {
    let answer = world.anonymous().post("/v1/sessions", json!({"email": email, "password": PASSWORD})).await;
    answer.expect(202);
    assert!(!answer.text.contains("access_token"));
    answer.text_of("challenge")
}

async fn second(world: &World, challenge: &str, code: &str) -> Answer {
    world.anonymous().post("/v1/sessions/second-factor", json!({"challenge": challenge, "code": code})).await
}

#[tokio::test]
async fn sign_in_asks_for_a_code_and_each_code_works_once() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let phone = world.sign_in(&mira.email).await;
    let enrolled = enrol(&world, &mira).await;
    assert_eq!(enrolled.recovery.len(), 10);
    mira.client.get("/v1/me").await.expect(200);
    phone.client.get("/v1/me").await.problem(401, "session_ended");
    let asked = challenge(&world, &mira.email).await;
    // The code that confirmed the enrolment is spent.
    second(&world, &asked, &code(&world, &enrolled.totp)).await.problem(401, "code_wrong");
    second(&world, &asked, "000000").await.problem(401, "code_wrong");
    world.advance(30);
    let fresh = code(&world, &enrolled.totp);
    second(&world, &asked, &fresh).await.expect(201);
    second(&world, &asked, &fresh).await.problem(401, "code_wrong");
    let mails = world.mails(&mira.email).await;
    assert!(mails.iter().any(|(subject, text)| format!("{subject}{text}").contains("second factor")), "{mails:?}");
}

#[tokio::test]
async fn a_code_tried_twice_at_once_works_once() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let enrolled = enrol(&world, &mira).await;
    world.advance(60);
    let (asked, fresh) = (challenge(&world, &mira.email).await, code(&world, &enrolled.totp));
    let (one, two) = tokio::join!(second(&world, &asked, &fresh), second(&world, &asked, &fresh));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [201, 401]);
}

#[tokio::test]
async fn recovery_codes_work_once_each_and_can_be_replaced() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let enrolled = enrol(&world, &mira).await;
    let asked = challenge(&world, &mira.email).await;
    let first = &enrolled.recovery[0];
    second(&world, &asked, &first.to_uppercase().replace('-', " ")).await.expect(201);
    second(&world, &asked, first).await.problem(401, "code_wrong");
    let renewed = mira.client.post("/v1/recovery-codes", json!({"password": PASSWORD})).await;
    let codes = renewed.expect(201)["recovery_codes"].as_array().expect("codes").clone();
    second(&world, &asked, &enrolled.recovery[1]).await.problem(401, "code_wrong");
    second(&world, &asked, codes[0].as_str().expect("a code")).await.expect(201);
}

#[tokio::test]
async fn a_challenge_gets_old_and_is_no_access_token() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let enrolled = enrol(&world, &mira).await;
    let asked = challenge(&world, &mira.email).await;
    world.anonymous().bearer(&asked).get("/v1/me").await.problem(401, "access_token_invalid");
    world.advance(300);
    second(&world, &asked, &code(&world, &enrolled.totp)).await.problem(401, "challenge_invalid");
    second(&world, "nonsense", "123456").await.problem(401, "challenge_invalid");
}

#[tokio::test]
async fn the_password_is_needed_to_begin_and_to_switch_off() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let wrong = json!({"password": OTHER});
    mira.client.post("/v1/totp", wrong.clone()).await.problem(403, "password_wrong");
    mira.client.post("/v1/totp/confirmation", json!({"code": "123456"})).await.problem(409, "second_factor_not_begun");
    mira.client.post("/v1/recovery-codes", json!({"password": PASSWORD})).await.problem(409, "second_factor_off");
    enrol(&world, &mira).await;
    mira.client.post("/v1/totp", json!({"password": PASSWORD})).await.problem(409, "second_factor_active");
    let delete = async |body: Value| {
        mira.client.send(reqwest::Method::DELETE, "/v1/totp", Some("application/json"), body.to_string().into()).await
    };
    delete(wrong).await.problem(403, "password_wrong");
    delete(json!({"password": PASSWORD})).await.expect(204);
    delete(json!({"password": PASSWORD})).await.problem(404, "not_found");
    world.sign_in(&mira.email).await;
    assert_eq!(world.count("select count(*) from control.recovery_codes").await, 0);
}

#[tokio::test]
async fn a_repeated_enrolment_shows_the_same_secret_and_stores_none_in_the_clear() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let keyed = mira.client.with("idempotency-key", "enrol-1");
    let first = keyed.post("/v1/totp", json!({"password": PASSWORD})).await;
    first.expect(201);
    let replayed = keyed.post("/v1/totp", json!({"password": PASSWORD})).await;
    assert_eq!(replayed.expect(201), &first.body);
    assert!(replayed.headers.contains_key("idempotency-replayed"));
    let again = mira.client.post("/v1/totp", json!({"password": PASSWORD})).await;
    assert_eq!(again.expect(201)["secret"], first.body["secret"]);
    let leaked =
        format!("select count(*) from ops.idempotency_keys where body::text like '%{}%'", first.text_of("secret"));
    assert_eq!(world.count(&leaked).await, 0);
    mira.client.post("/v1/totp/confirmation", json!({"code": "000000"})).await.problem(422, "invalid");
}

#[tokio::test]
async fn guessing_codes_is_limited_whatever_the_challenge() {
    let app = TestApp::start_with(|config| config.limits.auth_per_15_minutes = 4).await;
    let world = World { app, mailbox: Arc::default() };
    let mira = world.agency("Mira").await;
    enrol(&world, &mira).await;
    let asked = challenge(&world, &mira.email).await;
    for _ in 0..4 {
        second(&world, &asked, "000000").await.problem(401, "code_wrong");
    }
    let other = challenge(&world, &mira.email).await;
    second(&world, &other, "000000").await.problem(429, "rate_limited");
}
