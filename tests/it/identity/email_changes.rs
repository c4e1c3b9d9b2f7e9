use super::*;

const NEW: &str = "mira@northlight.example";

async fn ask(person: &Person, email: &str) -> Answer {
    person.client.post("/v1/email-changes", json!({"email": email, "password": PASSWORD})).await
}

async fn confirm(world: &World, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "password": password});
    world.anonymous().post("/v1/email-changes/confirmation", body).await
}

async fn revert(world: &World, token: &str) -> Answer {
    world.anonymous().post("/v1/email-changes/reversion", json!({"token": token, "password": OTHER})).await
}

async fn signs_in(world: &World, email: &str, password: &str) -> bool {
    world.anonymous().post("/v1/sessions", json!({"email": email, "password": password})).await.status == 201
}

#[tokio::test]
async fn an_address_changes_once_its_link_is_followed_with_the_password() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let staff = role(&noor.client, "agency_staff").await;
    noor.client.post("/v1/invitations", json!({"email": mira.email, "roles": [staff]})).await.expect(201);
    let invitation = world.token(&mira.email).await;
    world.anonymous().post("/v1/password-resets", json!({"email": mira.email})).await.expect(202);
    let reset = world.token(&mira.email).await;

    let wrong = json!({"email": NEW, "password": OTHER});
    mira.client.post("/v1/email-changes", wrong).await.problem(403, "password_wrong");
    assert_eq!(refused(&ask(&mira, "nowhere").await), [("/email".into(), "email_invalid".into())]);
    assert_eq!(refused(&ask(&mira, " MIRA@example.com").await), [("/email".into(), "email_same".into())]);
    let asked = ask(&mira, " Mira@Northlight.example ").await;
    assert_eq!((&asked.expect(201)["state"], &asked.body["new_email"]), (&json!("pending"), &json!(NEW)));
    assert_eq!(mira.client.get("/v1/email-changes").await.expect(200)[0]["id"], asked.body["id"]);
    let link = world.token(NEW).await;
    // Until then nothing has changed; a stranger who reads the mail changes nothing either.
    assert!(signs_in(&world, &mira.email, PASSWORD).await && !signs_in(&world, NEW, PASSWORD).await);
    assert_eq!(refused(&confirm(&world, &link, OTHER).await), [("/password".into(), "password_wrong".into())]);
    assert_eq!(refused(&confirm(&world, "upe_x", PASSWORD).await), [("/token".into(), "token_invalid".into())]);
    let (one, two) = tokio::join!(confirm(&world, &link, PASSWORD), confirm(&world, &link, PASSWORD));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [204, 422], "it is used once");

    assert!(signs_in(&world, NEW, PASSWORD).await && !signs_in(&world, &mira.email, PASSWORD).await);
    assert_eq!(mira.client.get("/v1/me").await.expect(200)["user"]["email"], NEW, "whoever is signed in stays so");
    let told = world.mails(&mira.email).await;
    assert!(told.iter().any(|(subject, _)| subject == "Your address was changed"), "{told:?}");
    // What was sent to the address before: a link to a password is over, an invitation is still his.
    let body = json!({"token": reset, "password": OTHER});
    let late = world.anonymous().post("/v1/password-resets/confirmation", body).await;
    assert_eq!(refused(&late), [("/token".into(), "token_invalid".into())]);
    let body = json!({"token": invitation, "name": "Mira", "password": PASSWORD});
    let joined = world.anonymous().post("/v1/invitations/acceptance", body).await;
    assert_eq!(joined.expect(201)["user"], mira.id.to_string());
    let recorded = world.recorded(mira.tenant).await;
    for kind in ["user.email_change_asked", "user.email_changed"] {
        assert!(recorded.contains(&kind.to_owned()), "{kind}: {recorded:?}");
    }
}

#[tokio::test]
async fn a_link_gets_old_and_is_replaced_and_a_wish_is_taken_back() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let id = ask(&mira, NEW).await.text_of("id");
    let first = world.token(NEW).await;
    let path = format!("/v1/email-changes/{id}");
    noor.client.post(&format!("{path}/mails"), json!({})).await.problem(404, "not_found");
    noor.client.delete(&path).await.problem(404, "not_found");
    world.advance(23 * 3600);
    let mira = world.sign_in(&mira.email).await;
    mira.client.post(&format!("{path}/mails"), json!({})).await.expect(201);
    let second = world.token(NEW).await;
    assert_eq!(refused(&confirm(&world, &first, PASSWORD).await), [("/token".into(), "token_invalid".into())]);
    world.advance(24 * 3600);
    assert_eq!(refused(&confirm(&world, &second, PASSWORD).await), [("/token".into(), "token_invalid".into())]);
    let mira = world.sign_in(&mira.email).await;
    mira.client.post(&format!("{path}/mails"), json!({})).await.problem(404, "not_found");
    assert_eq!(mira.client.get("/v1/email-changes").await.expect(200), &json!([]));
    // Another wish takes the place of the one before; taken back, its link is over.
    let id = ask(&mira, NEW).await.text_of("id");
    ask(&mira, "mira@elsewhere.example").await.expect(201);
    mira.client.delete(&format!("/v1/email-changes/{id}")).await.problem(404, "not_found");
    let third = world.token("mira@elsewhere.example").await;
    let now = mira.client.get("/v1/email-changes").await;
    let id = now.expect(200)[0]["id"].as_str().expect("an id").to_owned();
    mira.client.delete(&format!("/v1/email-changes/{id}")).await.expect(204);
    assert_eq!(refused(&confirm(&world, &third, PASSWORD).await), [("/token".into(), "token_invalid".into())]);
    assert!(signs_in(&world, &mira.email, PASSWORD).await);
}

#[tokio::test]
async fn of_two_who_want_one_address_one_gets_it_and_nobody_hears_whether_it_is_taken() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let shown = |answer: &Answer| {
        let mut body = answer.expect(201).clone();
        for field in ["id", "old_email", "new_email"] {
            body[field] = json!(null);
        }
        body
    };
    let taken = ask(&mira, &noor.email).await;
    world.app.settle().await;
    let free = ask(&mira, NEW).await;
    assert_eq!(shown(&taken), shown(&free));
    let mails = world.mails(&noor.email).await;
    assert!(mails[0].0.contains("has an account already") && !mails[0].1.contains("#token="), "{mails:?}");
    let hers = world.token(NEW).await;
    ask(&noor, NEW).await.expect(201);
    let his = world.token(NEW).await;
    assert_ne!(hers, his);
    let (one, two) = tokio::join!(confirm(&world, &hers, PASSWORD), confirm(&world, &his, PASSWORD));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [204, 409], "{} {}", one.text, two.text);
    let lost = if one.status == 409 { one } else { two };
    lost.problem(409, "email_taken");
    assert_eq!(world.count("select count(*) from control.users where email = 'mira@northlight.example'").await, 1);
}

#[tokio::test]
async fn the_address_before_comes_back_for_whoever_reads_its_mail() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    // Somebody who found her password takes her account over, and then once more.
    ask(&mira, "thief@mail.example").await.expect(201);
    let back = world.token(&mira.email).await;
    confirm(&world, &world.token("thief@mail.example").await, PASSWORD).await.expect(204);
    ask(&mira, "thief@other.example").await.expect(201);
    let thief_back = world.token("thief@mail.example").await;
    confirm(&world, &world.token("thief@other.example").await, PASSWORD).await.expect(204);
    world.advance(7 * 24 * 3600);
    let weak = json!({"token": back, "password": "short"});
    let weak = world.anonymous().post("/v1/email-changes/reversion", weak).await;
    assert_eq!(refused(&weak), [("/password".into(), "password_short".into())]);
    let thief = world.person("thief@other.example", &{
        let body = json!({"email": "thief@other.example", "password": PASSWORD});
        world.anonymous().post("/v1/sessions", body).await
    });
    ask(&thief, "thief@third.example").await.expect(201);
    let third = world.token("thief@third.example").await;
    let (one, two) = tokio::join!(revert(&world, &back), revert(&world, &back));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [204, 422], "it is used once");
    assert!(signs_in(&world, &mira.email, OTHER).await && !signs_in(&world, &mira.email, PASSWORD).await);
    thief.client.get("/v1/me").await.problem(401, "session_ended");
    // None of the links that came after it works.
    assert_eq!(refused(&revert(&world, &thief_back).await), [("/token".into(), "token_invalid".into())]);
    assert_eq!(refused(&confirm(&world, &third, PASSWORD).await), [("/token".into(), "token_invalid".into())]);
    let recorded = world.recorded(mira.tenant).await;
    for kind in ["user.email_reverted", "user.password_changed", "session.ended"] {
        assert!(recorded.contains(&kind.to_owned()), "{kind}: {recorded:?}");
    }
    // A week is enough, and then it is over; what is over is forgotten.
    let mira = world.person(&mira.email, &{
        let body = json!({"email": mira.email, "password": OTHER});
        world.anonymous().post("/v1/sessions", body).await
    });
    mira.client.post("/v1/email-changes", json!({"email": NEW, "password": OTHER})).await.expect(201);
    let late = world.token(&mira.email).await;
    confirm(&world, &world.token(NEW).await, OTHER).await.expect(204);
    world.advance(8 * 24 * 3600);
    assert_eq!(refused(&revert(&world, &late).await), [("/token".into(), "token_invalid".into())]);
    assert!(signs_in(&world, NEW, OTHER).await);
    world.advance(3600);
    let (app, sweep) = (&world.app.app, identity::sessions::SweepIdentity {});
    app.control(app.system("test"), async |tx| tx.enqueue(&sweep, Default::default()).await.map(drop))
        .await
        .expect("a job");
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from control.email_changes").await, 0);
}

#[tokio::test]
async fn mails_are_in_the_language_of_whoever_reads_them() {
    let world = World::start().await;
    let new = |email: &str| json!({"agency": "Qamar", "name": "Salma", "email": email, "password": PASSWORD});
    let arabic = world.anonymous().with("accept-language", "ar-EG,ar;q=0.9,en;q=0.5");
    arabic.post("/v1/sign-ups", new("salma@example.com")).await.expect(202);
    let mut said = new("said@example.com");
    said["locale"] = json!("en-GB");
    arabic.post("/v1/sign-ups", said).await.expect(202);
    assert_eq!(world.mails("salma@example.com").await[0].0, "أكّد عنوان بريدك الإلكتروني");
    assert_eq!(world.mails("said@example.com").await[0].0, "Confirm your e-mail address");
    let mut wrong = new("x@example.com");
    wrong["locale"] = json!("not a language");
    let wrong = arabic.post("/v1/sign-ups", wrong).await;
    assert_eq!(refused(&wrong), [("/locale".into(), "locale_invalid".into())]);
    let body = json!({"token": world.token("salma@example.com").await, "password": PASSWORD});
    world.anonymous().post("/v1/sign-ups/verification", body).await.expect(201);
    let salma = world.sign_in("salma@example.com").await;
    assert_eq!(salma.client.get("/v1/me").await.expect(200)["user"]["locale"], "ar-EG");
    world.anonymous().post("/v1/password-resets", json!({"email": salma.email})).await.expect(202);
    ask(&salma, NEW).await.expect(201);
    let subjects = |mails: Vec<(String, String)>| mails.into_iter().map(|mail| mail.0).collect::<Vec<_>>();
    let got = subjects(world.mails(&salma.email).await);
    assert!(["اختر كلمة مرور جديدة", "عنوان آخر لحسابك"].iter().all(|s| got.iter().any(|g| g == s)), "{got:?}");
    assert_eq!(subjects(world.mails(NEW).await), ["أكّد عنوانك الجديد"]);
    // An agency says in which language it invites; whoever has an account is written to in his own.
    let mira = world.agency("Mira").await;
    let staff = role(&mira.client, "agency_staff").await;
    for (email, locale, subject) in [
        ("noor@example.com", json!("ar"), "يدعوك Mira Owner إلى Mira Studio"),
        ("sven@example.com", Value::Null, "Mira Owner invites you to Mira Studio"),
        (salma.email.as_str(), json!("en"), "يدعوك Mira Owner إلى Mira Studio"),
    ] {
        let mut body = json!({"email": email, "roles": [staff]});
        if !locale.is_null() {
            body["locale"] = locale;
        }
        mira.client.post("/v1/invitations", body).await.expect(201);
        assert_eq!(world.mails(email).await.last().expect("a mail").0, subject, "{email}");
    }
    let body = json!({"token": world.token("noor@example.com").await, "name": "Noor", "password": PASSWORD});
    world.anonymous().post("/v1/invitations/acceptance", body).await.expect(201);
    let noor = world.sign_in("noor@example.com").await;
    assert_eq!(noor.client.get("/v1/me").await.expect(200)["user"]["locale"], "ar");
}

/// The answer of somebody's device to a new challenge.
async fn answer(world: &World, device: &mut device::Device) -> Value {
    let begun = passkeys::challenge(world).await;
    json!({"ceremony": begun["ceremony"], "credential": device.get(&begun["options"])})
}

#[tokio::test]
async fn whoever_has_a_second_factor_gives_it_too_and_a_passkey_stands_for_both() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let enrolled = totp::enrol(&world, &mira).await;
    ask(&mira, NEW).await.problem(403, "second_factor_required");
    let with = async |email: &str, code: &str| {
        let body = json!({"email": email, "password": PASSWORD, "code": code});
        mira.client.post("/v1/email-changes", body).await
    };
    with(NEW, "000000").await.problem(403, "code_wrong");
    world.advance(30);
    let fresh = totp::code(&world, &enrolled.totp);
    // What is refused for another reason spends no code.
    assert_eq!(refused(&with("nowhere", &fresh).await), [("/email".into(), "email_invalid".into())]);
    with(NEW, &fresh).await.expect(201);
    with(NEW, &fresh).await.problem(403, "code_wrong");
    with(NEW, &enrolled.recovery[0]).await.expect(201);

    let (mut own, mut hers) = (passkeys::device(), passkeys::device());
    passkeys::add(&mira, &mut own, "Laptop").await;
    passkeys::add(&noor, &mut hers, "Laptop").await;
    let wish =
        async |passkey: &Value| mira.client.post("/v1/email-changes", json!({"email": NEW, "passkey": passkey})).await;
    wish(&answer(&world, &mut hers).await).await.problem(403, "passkey_refused");
    let proof = answer(&world, &mut own).await;
    wish(&proof).await.expect(201);
    wish(&proof).await.problem(409, "ceremony_over");
    let bare = mira.client.post("/v1/email-changes", json!({"email": NEW})).await;
    assert_eq!(refused(&bare), [("/password".into(), "required".into())]);

    let link = world.token(NEW).await;
    let confirm = async |passkey: Value| {
        let body = json!({"token": link, "passkey": passkey});
        world.anonymous().post("/v1/email-changes/confirmation", body).await
    };
    confirm(answer(&world, &mut hers).await).await.problem(403, "passkey_refused");
    confirm(answer(&world, &mut own).await).await.expect(204);
    assert_eq!(mira.client.get("/v1/me").await.expect(200)["user"]["email"], NEW);
}
