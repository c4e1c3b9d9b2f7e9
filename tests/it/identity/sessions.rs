use super::*;
use std::collections::HashSet;

#[tokio::test]
async fn sign_in_gives_tokens_that_work() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    mira.client.get("/v1/me").await.expect(200);
    let upper = json!({"email": " MIRA@example.com", "password": PASSWORD});
    world.anonymous().post("/v1/sessions", upper).await.expect(201);
    let sessions = mira.client.get("/v1/sessions").await;
    let items = sessions.expect(200)["items"].as_array().cloned().expect("sessions");
    assert_eq!(items.len(), 2);
    assert_eq!(items.iter().filter(|s| s["current"] == true).count(), 1);
    assert!(world.recorded(mira.tenant).await.contains(&"session.started".to_owned()));
}

#[tokio::test]
async fn wrong_password_and_unknown_address_look_the_same() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let wrong = world.anonymous().post("/v1/sessions", json!({"email": mira.email, "password": OTHER})).await;
    let unknown = world.anonymous().post("/v1/sessions", json!({"email": "x@example.com", "password": OTHER})).await;
    wrong.problem(401, "credentials_wrong");
    assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
}

#[tokio::test]
async fn guessing_is_limited_for_address_and_account() {
    let app = TestApp::start_with(|config| config.limits.auth_per_15_minutes = 5).await;
    let guess = |email: &str| json!({"email": email, "password": OTHER});
    for _ in 0..5 {
        app.anonymous().post("/v1/sessions", guess("mira@example.com")).await.expect(401);
    }
    let limited = app.anonymous().post("/v1/sessions", guess("Mira@example.com")).await;
    limited.problem(429, "rate_limited");
    assert!(limited.headers.contains_key("retry-after"));
    app.anonymous().post("/v1/sessions", guess("other@example.com")).await.expect(401);
    app.advance(TimeDelta::minutes(3));
    app.anonymous().post("/v1/sessions", guess("mira@example.com")).await.expect(401);
}

#[tokio::test]
async fn an_access_token_ends_after_a_quarter_of_an_hour() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    world.advance(15 * 60 - 1);
    mira.client.get("/v1/me").await.expect(200);
    world.advance(1);
    mira.client.get("/v1/me").await.problem(401, "access_token_invalid");
    let tokens = world.anonymous().post("/v1/sessions/refresh", json!({"refresh_token": mira.refresh})).await;
    tokens.expect(200);
    assert_eq!(tokens.text_of("session"), mira.session);
    world.anonymous().bearer(&tokens.text_of("access_token")).get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_its_family() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let other = world.sign_in(&mira.email).await;
    let refresh =
        async |token: &str| world.anonymous().post("/v1/sessions/refresh", json!({"refresh_token": token})).await;
    let next = refresh(&mira.refresh).await;
    let next_refresh = next.expect(200)["refresh_token"].as_str().expect("a token").to_owned();
    refresh(&mira.refresh).await.problem(401, "refresh_token_reused");
    refresh(&next_refresh).await.problem(401, "refresh_token_invalid");
    world.advance(5);
    mira.client.get("/v1/me").await.problem(401, "session_ended");
    world.anonymous().bearer(&next.text_of("access_token")).get("/v1/me").await.problem(401, "session_ended");
    other.client.get("/v1/me").await.expect(200);
    assert!(world.recorded(mira.tenant).await.contains(&"session.reuse_detected".to_owned()));
    refresh("upr_nonsense").await.problem(401, "refresh_token_invalid");
}

#[tokio::test]
async fn of_two_refreshes_at_once_one_wins_and_the_family_ends() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let (client, body) = (world.anonymous(), json!({"refresh_token": mira.refresh}));
    let (one, two) = tokio::join!(
        client.post("/v1/sessions/refresh", body.clone()),
        client.post("/v1/sessions/refresh", body.clone())
    );
    let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
    won.expect(200);
    lost.problem(401, "refresh_token_reused");
    let next = json!({"refresh_token": won.text_of("refresh_token")});
    client.post("/v1/sessions/refresh", next).await.problem(401, "refresh_token_invalid");
}

#[tokio::test]
async fn a_repeat_with_the_same_key_gets_the_same_tokens() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let body = json!({"refresh_token": mira.refresh});
    let client = world.anonymous().with("idempotency-key", "tab-1");
    let (one, two) = tokio::join!(
        client.post("/v1/sessions/refresh", body.clone()),
        client.post("/v1/sessions/refresh", body.clone())
    );
    one.expect(200);
    two.expect(200);
    assert_eq!(one.text_of("refresh_token"), two.text_of("refresh_token"));
    let next = json!({"refresh_token": one.text_of("refresh_token")});
    world.anonymous().post("/v1/sessions/refresh", next).await.expect(200);
    // Once the successor was used, the old one is a theft again, whatever key comes with it.
    client.post("/v1/sessions/refresh", body).await.problem(401, "refresh_token_reused");
}

#[tokio::test]
async fn another_key_or_a_late_repeat_is_a_theft() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let body = |person: &Person| json!({"refresh_token": person.refresh});
    let keyed = |key: &str| world.anonymous().with("idempotency-key", key);
    keyed("a").post("/v1/sessions/refresh", body(&mira)).await.expect(200);
    keyed("b").post("/v1/sessions/refresh", body(&mira)).await.problem(401, "refresh_token_reused");
    let again = world.sign_in(&mira.email).await;
    keyed("c").post("/v1/sessions/refresh", body(&again)).await.expect(200);
    world.advance(11);
    keyed("c").post("/v1/sessions/refresh", body(&again)).await.problem(401, "refresh_token_reused");
}

#[tokio::test]
async fn a_refresh_token_ends_after_a_week_without_use() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let refresh =
        async |token: String| world.anonymous().post("/v1/sessions/refresh", json!({"refresh_token": token})).await;
    world.advance(6 * 86_400);
    let next = refresh(mira.refresh.clone()).await;
    next.expect(200);
    world.advance(7 * 86_400);
    refresh(next.text_of("refresh_token")).await.problem(401, "refresh_token_invalid");
}

#[tokio::test]
async fn signing_out_stops_the_session_at_once_and_elsewhere_within_five_seconds() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let other = world.sign_in(&mira.email).await;
    mira.client.delete("/v1/sessions/current").await.expect(204);
    mira.client.get("/v1/me").await.problem(401, "session_ended");
    let refresh = json!({"refresh_token": mira.refresh});
    world.anonymous().post("/v1/sessions/refresh", refresh).await.problem(401, "refresh_token_invalid");

    // Another process revokes: this one learns of it when its five seconds are over.
    other.client.get("/v1/me").await.expect(200);
    let revoke = "update control.sessions set revoked_at = now(), revoked_because = 'everywhere'";
    world.app.db.superuser().await.execute(revoke, &[]).await.expect("revoked");
    world.advance(5);
    other.client.get("/v1/me").await.problem(401, "session_ended");
}

#[tokio::test]
async fn one_or_all_sessions_can_be_ended_but_only_the_own_ones() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let phone = world.sign_in(&mira.email).await;
    let stranger = world.agency("Noor").await;
    stranger.client.delete(&format!("/v1/sessions/{}", phone.session)).await.problem(404, "not_found");
    mira.client.delete(&format!("/v1/sessions/{}", phone.session)).await.expect(204);
    phone.client.get("/v1/me").await.problem(401, "session_ended");
    mira.client.delete(&format!("/v1/sessions/{}", phone.session)).await.problem(404, "not_found");
    let tablet = world.sign_in(&mira.email).await;
    tablet.client.delete("/v1/sessions").await.expect(204);
    for person in [&mira, &tablet] {
        person.client.get("/v1/me").await.problem(401, "session_ended");
    }
    stranger.client.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_new_device_is_told_by_mail_an_updated_one_is_not() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let body = json!({"email": mira.email, "password": PASSWORD});
    let from = |agent: &str| world.app.anonymous().with("user-agent", agent);
    from("Firefox/141.0 (Linux)").post("/v1/sessions", body.clone()).await.expect(201);
    assert_eq!(world.mails(&mira.email).await.len(), 0, "neither the first device nor an update is news");
    from("Safari (iPhone)").post("/v1/sessions", body.clone()).await.expect(201);
    from("Safari (iPhone)").post("/v1/sessions", body).await.expect(201);
    let mails = world.mails(&mira.email).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].1.contains("Safari (iPhone)"), "{mails:?}");
}

#[tokio::test]
async fn somebody_of_two_tenants_switches_between_them() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let there = world.member(noor.tenant, "agency_staff", "Mira").await;
    assert_eq!((there.id, there.tenant), (mira.id, noor.tenant));
    let me = there.client.get("/v1/me").await;
    let tenants: HashSet<_> =
        me.expect(200)["memberships"].as_array().expect("a list").iter().map(|m| m["tenant"].to_string()).collect();
    assert_eq!(tenants.len(), 2);
    let switched = there.client.post("/v1/sessions/switch", json!({"tenant": mira.tenant.to_string()})).await;
    switched.expect(200);
    let home = world.anonymous().bearer(&switched.text_of("access_token"));
    assert_eq!(home.get("/v1/me").await.expect(200)["tenant"]["id"], mira.tenant.to_string());
    let third = world.agency("Olga").await;
    let foreign = json!({"tenant": third.tenant.to_string()});
    there.client.post("/v1/sessions/switch", foreign).await.problem(403, "membership_missing");
    let refresh = json!({"refresh_token": there.refresh, "tenant": noor.tenant.to_string()});
    let tokens = world.anonymous().post("/v1/sessions/refresh", refresh).await;
    assert_eq!(tokens.expect(200)["tenant"], noor.tenant.to_string());
}

#[tokio::test]
async fn the_tenant_header_reaches_own_clients_only() {
    let world = World::start().await;
    let (mira, noor) = (world.agency("Mira").await, world.agency("Noor").await);
    let (own, foreign) = (world.client(mira.tenant, "Own").await, world.client(noor.tenant, "Foreign").await);
    let me = mira.acting_in(own).get("/v1/me").await;
    assert_eq!(me.expect(200)["tenant"]["id"], own.to_string());
    assert_eq!(me.body["tenant"]["home"], mira.tenant.to_string());
    mira.acting_in(mira.tenant).get("/v1/me").await.expect(200);
    let nowhere = TenantId::new(world.app.clock.now());
    for tenant in [foreign, noor.tenant, nowhere] {
        mira.acting_in(tenant).get("/v1/me").await.problem(403, "tenant_foreign");
    }
    let clerk = world.member(own, "client_admin", "Clerk").await;
    clerk.acting_in(mira.tenant).get("/v1/me").await.problem(403, "tenant_foreign");
    mira.client.with("upzento-tenant", "nonsense").get("/v1/me").await.problem(400, "tenant_header_invalid");
}

#[tokio::test]
async fn members_of_a_suspended_client_stay_out_its_agency_does_not() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let shop = world.client(mira.tenant, "Shop").await;
    let clerk = world.member(shop, "client_admin", "Clerk").await;
    let suspend = "update control.tenants set state = 'suspended' where id = $1";
    world.app.db.superuser().await.execute(suspend, &[&shop.0]).await.expect("suspended");
    world.advance(5);
    clerk.client.get("/v1/me").await.problem(403, "tenant_suspended");
    let body = json!({"email": clerk.email, "password": PASSWORD});
    world.anonymous().post("/v1/sessions", body).await.problem(403, "tenant_suspended");
    mira.acting_in(shop).get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn forged_and_foreign_tokens_are_refused() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let now = world.app.clock.now();
    let claims = json!({"u": mira.id.0, "t": mira.tenant.0, "s": mira.id.0});
    let sign =
        |kind: &str, claims: &Value| world.app.app.keys.sign(kind, claims, now, TimeDelta::hours(1)).expect("a token");
    let other_kind = sign("second-factor", &claims);
    let no_session = sign("access", &claims);
    for (token, code) in [
        ("u1.test..", "access_token_invalid"),
        (other_kind.as_str(), "access_token_invalid"),
        (&mira.refresh, "access_token_invalid"),
        (&no_session, "session_ended"),
        (&format!("{}x", mira.access), "access_token_invalid"),
    ] {
        world.anonymous().bearer(token).get("/v1/me").await.problem(401, code);
    }
    world.anonymous().get("/v1/me").await.problem(401, "credential_missing");
}

#[tokio::test]
async fn what_ended_long_ago_is_swept() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    world.advance(40 * 86_400);
    world
        .app
        .app
        .control(world.app.app.system("test"), async |tx| {
            tx.enqueue(&identity::sessions::SweepIdentity {}, kernel::jobs::Enqueue::default()).await.map(drop)
        })
        .await
        .expect("enqueued");
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from control.sessions").await, 0);
    assert_eq!(world.count("select count(*) from control.refresh_tokens").await, 0);
    world.sign_in(&mira.email).await;
}

/// `Set-Cookie` of an answer, and what a browser sends back for it.
fn cookie(answer: &Answer) -> (String, String) {
    let set = answer.headers["set-cookie"].to_str().expect("ascii").to_owned();
    let pair = set.split(';').next().expect("a pair").to_owned();
    (set, pair)
}

#[tokio::test]
async fn a_browser_keeps_its_refresh_token_where_no_script_can_read_it() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let sign_in = json!({"email": mira.email, "password": PASSWORD, "cookie": true});
    let answer = world.anonymous().post("/v1/sessions", sign_in).await;
    assert!(answer.expect(201).get("refresh_token").is_none(), "{}", answer.text);
    let (set, first) = cookie(&answer);
    assert!(set.ends_with("; Path=/v1/sessions; Max-Age=604800; HttpOnly; SameSite=Strict"), "{set}");
    let browser = |pair: &str| world.anonymous().with("cookie", format!("theme=dark; {pair}"));

    let refreshed = browser(&first).post("/v1/sessions/refresh", json!({})).await;
    assert!(refreshed.expect(200).get("refresh_token").is_none());
    let (_, second) = cookie(&refreshed);
    assert_ne!(first, second);
    let there = browser(&second).bearer(&refreshed.text_of("access_token"));
    there.get("/v1/me").await.expect(200);
    // It is a refresh token like any other: used twice, it ends its session.
    browser(&first).post("/v1/sessions/refresh", json!({})).await.problem(401, "refresh_token_reused");
    browser(&second).post("/v1/sessions/refresh", json!({})).await.problem(401, "refresh_token_invalid");
    world.anonymous().post("/v1/sessions/refresh", json!({})).await.problem(401, "refresh_token_invalid");
}

#[tokio::test]
async fn signing_out_takes_the_cookie_away_and_a_program_never_gets_one() {
    let world = World::start().await;
    let mira = world.agency("Mira").await;
    let plain = world.anonymous().post("/v1/sessions", json!({"email": mira.email, "password": PASSWORD})).await;
    assert!(plain.expect(201)["refresh_token"].is_string() && !plain.headers.contains_key("set-cookie"));
    let sign_in = json!({"email": mira.email, "password": PASSWORD, "cookie": true});
    let answer = world.anonymous().post("/v1/sessions", sign_in).await;
    let browser = world.anonymous().with("cookie", cookie(&answer).1).bearer(&answer.text_of("access_token"));
    let out = browser.delete("/v1/sessions/current").await;
    out.expect(204);
    assert!(cookie(&out).0.starts_with("upz_refresh=; Path=/v1/sessions; Max-Age=0;"));
    browser.post("/v1/sessions/refresh", json!({})).await.problem(401, "refresh_token_invalid");
}
