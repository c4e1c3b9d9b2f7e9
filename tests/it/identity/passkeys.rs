use super::{device::*, *};

/// As the tests are configured.
const ORIGIN: &str = "http://console.test";

pub(super) fn device() -> Device {
    Device::new(ORIGIN, "console.test")
}

async fn options(person: &Person) -> Value {
    let begun = person.client.post("/v1/passkeys/options", json!({"password": PASSWORD})).await;
    begun.expect(201).clone()
}

/// Somebody adds a passkey.
pub(super) async fn add(person: &Person, device: &mut Device, name: &str) -> Value {
    let begun = options(person).await;
    let credential = device.create(&begun["options"]);
    let body = json!({"ceremony": begun["ceremony"], "name": name, "credential": credential});
    person.client.post("/v1/passkeys", body).await.expect(201).clone()
}

pub(super) async fn challenge(world: &World) -> Value {
    world.anonymous().post("/v1/sessions/passkey-options", json!({})).await.expect(201).clone()
}

async fn prove(world: &World, begun: &Value, credential: Value) -> Answer {
    let body = json!({"ceremony": begun["ceremony"], "credential": credential});
    world.anonymous().post("/v1/sessions/passkey", body).await
}

#[tokio::test]
async fn somebody_signs_in_without_an_address_or_a_password() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let mut device = device();
    let begun = options(&mira).await;
    assert_eq!(begun["options"]["rp"]["id"], "console.test");
    assert_eq!(begun["options"]["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(begun["options"]["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(begun["options"]["user"]["name"], mira.email);
    let passkey = add(&mira, &mut device, "Laptop").await;
    assert_eq!(
        (&passkey["name"], &passkey["synced"], &passkey["last_used_at"]),
        (&json!("Laptop"), &json!(false), &Value::Null)
    );

    let begun = challenge(&world).await;
    assert_eq!(begun["options"]["allowCredentials"], json!([]), "nobody learns whose passkeys there are");
    assert_eq!(begun["options"]["userVerification"], "required");
    let tokens = prove(&world, &begun, device.get(&begun["options"])).await.expect(201).clone();
    assert_eq!(tokens["user"], mira.id.to_string());
    let me = world.app.anonymous().bearer(tokens["access_token"].as_str().unwrap()).get("/v1/me").await;
    assert_eq!(me.expect(200)["user"]["email"], mira.email);
    let listed = mira.client.get("/v1/passkeys").await.expect(200).clone();
    assert!(listed[0]["last_used_at"].is_string() && listed.as_array().unwrap().len() == 1);
    let sessions = mira.client.get("/v1/sessions").await.expect(200).clone();
    let with_second = |s: &&Value| s["second_factor"] == true;
    assert_eq!(sessions["items"].as_array().unwrap().iter().filter(with_second).count(), 1);
    assert!(world.mails(&mira.email).await.iter().any(|(subject, _)| subject.contains("passkey")), "the owner is told");
}

#[tokio::test]
async fn adding_one_takes_the_password_and_a_person() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let wrong = mira.client.post("/v1/passkeys/options", json!({"password": OTHER})).await;
    wrong.problem(403, "password_wrong");
    let mut device = device();
    add(&mira, &mut device, "Laptop").await;
    let begun = options(&mira).await;
    assert_eq!(begun["options"]["excludeCredentials"].as_array().unwrap().len(), 1, "not twice on one device");
    // The same credential again, by a device that does not care.
    let again = json!({"ceremony": begun["ceremony"], "name": "Again", "credential": device.create(&begun["options"])});
    mira.client.post("/v1/passkeys", again).await.problem(409, "passkey_known");
    let begun = options(&mira).await;
    let nameless = json!({"ceremony": begun["ceremony"], "name": " ", "credential": {}});
    assert_eq!(mira.client.post("/v1/passkeys", nameless).await.status, 422);
}

/// A name for the failure, and what the device does wrong.
type Lie = (&'static str, fn(&mut Device));

#[tokio::test]
async fn a_registration_that_does_not_fit_is_refused_and_spends_its_challenge() {
    let world = World::start().await;
    let (mira, odd) = (world.agency("Mira").await, world.agency("Odd").await);
    let lies: [Lie; 5] = [
        ("another website", |d| d.origin = "https://console.test.evil.example".into()),
        ("another scheme", |d| d.origin = "https://console.test".into()),
        ("another domain", |d| d.domain = "evil.example".into()),
        ("nobody was checked", |d| d.flags = PRESENT),
        ("nobody was there", |d| d.flags = VERIFIED),
    ];
    for (lie, tell) in lies {
        let begun = options(&mira).await;
        let mut device = device();
        tell(&mut device);
        let body = json!({"ceremony": begun["ceremony"], "name": "X", "credential": device.create(&begun["options"])});
        assert_eq!(mira.client.post("/v1/passkeys", body).await.status, 422, "{lie}");
        let mut honest = Device::new(ORIGIN, "console.test");
        let body = json!({"ceremony": begun["ceremony"], "name": "X", "credential": honest.create(&begun["options"])});
        mira.client.post("/v1/passkeys", body).await.problem(409, "ceremony_over");
    }
    // Somebody else's challenge, and one that is too old.
    let begun = options(&odd).await;
    let mut other = device();
    let body = json!({"ceremony": begun["ceremony"], "name": "X", "credential": other.create(&begun["options"])});
    mira.client.post("/v1/passkeys", body.clone()).await.problem(409, "ceremony_over");
    world.advance(360);
    odd.client.post("/v1/passkeys", body).await.problem(409, "ceremony_over");
    assert_eq!(mira.client.get("/v1/passkeys").await.expect(200), &json!([]));
}

#[tokio::test]
async fn a_proof_that_does_not_fit_is_refused() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let mut device = device();
    add(&mira, &mut device, "Laptop").await;
    let stranger = Device::new(ORIGIN, "console.test");
    type Lie = fn(&mut Device);
    let lies: [(&str, Lie, Lie); 5] = [
        ("another website", |d| d.origin = "https://evil.example".into(), |d| d.origin = ORIGIN.into()),
        ("another domain", |d| d.domain = "evil.example".into(), |d| d.domain = "console.test".into()),
        ("nobody was checked", |d| d.flags = PRESENT, |d| d.flags = PRESENT | VERIFIED),
        ("nobody was there", |d| d.flags = VERIFIED, |d| d.flags = PRESENT | VERIFIED),
        ("for somebody else", |d| d.handle[0] ^= 1, |d| d.handle[0] ^= 1),
    ];
    for (lie, tell, repent) in lies {
        let begun = challenge(&world).await;
        tell(&mut device);
        assert_eq!(prove(&world, &begun, device.get(&begun["options"])).await.status, 401, "{lie}");
        repent(&mut device);
        // Also a wrong answer spends the challenge.
        let late = prove(&world, &begun, device.get(&begun["options"])).await;
        late.problem(401, "challenge_invalid");
    }
    let begun = challenge(&world).await;
    prove(&world, &begun, stranger.get(&begun["options"])).await.problem(401, "passkey_refused");
    let begun = challenge(&world).await;
    let mut forged = stranger.get(&begun["options"]);
    forged["rawId"] = device.get(&begun["options"])["rawId"].clone();
    forged["response"]["userHandle"] = device.get(&begun["options"])["response"]["userHandle"].clone();
    prove(&world, &begun, forged).await.problem(401, "passkey_refused");
    let begun = challenge(&world).await;
    let other = challenge(&world).await;
    prove(&world, &begun, device.get(&other["options"])).await.problem(401, "passkey_refused");
    let begun = challenge(&world).await;
    assert_eq!(prove(&world, &begun, json!({"rawId": 7})).await.status, 422);
    let begun = challenge(&world).await;
    world.advance(360);
    prove(&world, &begun, device.get(&begun["options"])).await.problem(401, "challenge_invalid");
}

#[tokio::test]
async fn an_answer_works_once() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let mut device = device();
    add(&mira, &mut device, "Laptop").await;
    let begun = challenge(&world).await;
    let credential = device.get(&begun["options"]);
    prove(&world, &begun, credential.clone()).await.expect(201);
    prove(&world, &begun, credential).await.problem(401, "challenge_invalid");
    let begun = challenge(&world).await;
    let credential = device.get(&begun["options"]);
    let (one, two) = tokio::join!(prove(&world, &begun, credential.clone()), prove(&world, &begun, credential));
    let mut both = [one.status, two.status];
    both.sort_unstable();
    assert_eq!(both, [201, 401], "two at the same moment");
}

#[tokio::test]
async fn a_counter_that_goes_back_is_a_copy_and_its_owner_is_told() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let mut device = device();
    device.counter = 5;
    add(&mira, &mut device, "Stick").await;
    for (counter, status) in [(6, 201), (6, 401), (4, 401), (7, 201)] {
        device.counter = counter;
        let begun = challenge(&world).await;
        assert_eq!(prove(&world, &begun, device.get(&begun["options"])).await.status, status, "{counter}");
    }
    assert!(world.mails(&mira.email).await.iter().any(|(_, text)| text.contains("copy")));
    let events = world.count("select count(*) from control.audit_events where kind = 'passkey.copied'").await;
    assert_eq!(events, 2);
}

#[tokio::test]
async fn several_are_named_renamed_and_removed() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let (mut laptop, mut phone) = (device(), device());
    let first = add(&mira, &mut laptop, "Laptop").await;
    add(&mira, &mut phone, "Phone").await;
    let path = format!("/v1/passkeys/{}", first["id"].as_str().unwrap());
    let renamed = mira.client.with("if-match", "\"v1\"").patch(&path, json!({"name": " Old laptop "})).await;
    assert_eq!(renamed.expect(200)["name"], "Old laptop");
    let stale = mira.client.with("if-match", "\"v1\"").patch(&path, json!({"name": "X"})).await;
    stale.problem(412, "stale");
    assert_eq!(mira.client.patch(&path, json!({"name": ""})).await.status, 422);
    let odd = world.agency("Odd").await;
    odd.client.patch(&path, json!({"name": "Mine"})).await.problem(404, "not_found");
    odd.client.delete(&path).await.problem(404, "not_found");
    assert_eq!(mira.client.delete(&path).await.status, 204);
    mira.client.delete(&path).await.problem(404, "not_found");
    let begun = challenge(&world).await;
    prove(&world, &begun, laptop.get(&begun["options"])).await.problem(401, "passkey_refused");
    let begun = challenge(&world).await;
    prove(&world, &begun, phone.get(&begun["options"])).await.expect(201);
    let recorded = world.recorded(mira.tenant).await;
    for kind in ["passkey.added", "passkey.renamed", "passkey.removed"] {
        assert!(recorded.contains(&kind.to_owned()), "{kind}");
    }
}

#[tokio::test]
async fn whoever_is_kept_out_stays_out() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let mut device = device();
    add(&mira, &mut device, "Laptop").await;
    let block = async |blocked| {
        let system = world.app.app.system("test");
        let done = world.app.app.control(system, async |tx| actions::set_blocked(tx, mira.id, blocked).await);
        done.await.expect("blocked");
    };
    block(true).await;
    let begun = challenge(&world).await;
    prove(&world, &begun, device.get(&begun["options"])).await.problem(403, "account_blocked");
    block(false).await;
    let begun = challenge(&world).await;
    prove(&world, &begun, device.get(&begun["options"])).await.expect(201);
}

#[tokio::test]
async fn without_a_domain_there_are_none() {
    let world = World::start_with(|config| config.passkeys.rp_id = String::new()).await;
    let mira = world.agency("Mira").await;
    let begun = mira.client.post("/v1/passkeys/options", json!({"password": PASSWORD})).await;
    begun.problem(409, "passkeys_unavailable");
    let begun = world.anonymous().post("/v1/sessions/passkey-options", json!({})).await;
    begun.problem(409, "passkeys_unavailable");
}
