//! Tokens: frame to session to renewal, and everything that is not one.
use crate::support::{Ask, EDGE_ORIGIN, PAGE, World, eventually};
use kernel::embed::{Claims, TokenType, WidgetId};
use uuid::Uuid;

fn claims(world: &World) -> Claims {
    Claims {
        tenant: world.tenant,
        widget: world.widget,
        origin: PAGE.into(),
        iat: world.unix(),
        exp: world.unix() + 300,
        started: world.unix(),
        sid: [1; 16],
        allow_rev: 1,
        config_rev: 1,
    }
}

#[tokio::test]
async fn a_session_slides_and_begins_again() {
    let world = World::new().await;
    let frame = world.frame_token(PAGE).await;
    let reply = world.send(Ask::own("/v1/session", &frame)).await;
    assert_eq!(reply.status, 200, "without a body too: {reply:?}");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"));
    reply.assert_no_cors();
    assert_eq!(reply.json()["expires_in"], 1800);
    let read = |token: &str| world.ring().verify_late(TokenType::Session, token, world.unix(), 86_400).unwrap();
    let mut token = reply.json()["token"].as_str().unwrap().to_owned();
    let first = read(&token);
    assert_eq!(first.sid, world.ring().verify(TokenType::Frame, &frame, world.unix()).unwrap().sid);
    // Eleven hours and three quarters of renewals.
    for _ in 0..47 {
        world.pass(15 * 60);
        let reply = world.send(Ask::own("/v1/renew", &token).json("{}")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        token = reply.json()["token"].as_str().unwrap().to_owned();
    }
    let last = read(&token);
    assert_eq!((last.started, last.sid), (first.started, first.sid));
    assert_eq!(last.exp, first.started + 12 * 3600, "no further than twelve hours from the beginning");
    // A laptop slept for most of a day: the same visitor begins again.
    world.pass(23 * 3600);
    assert_eq!(world.send(world.submit(&token, "k")).await.status, 401);
    let reply = world.send(Ask::own("/v1/renew", &token)).await;
    assert_eq!(reply.json()["expires_in"], 1800);
    let woken = read(reply.json()["token"].as_str().unwrap());
    assert_eq!((woken.sid, woken.started), (first.sid, world.unix()));
    world.pass(25 * 3600);
    let reply = world.send(Ask::own("/v1/renew", &token)).await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "renew"));
}

#[tokio::test]
async fn a_token_for_something_else_is_refused() {
    let world = World::new().await;
    let session = |token: String| world.send(Ask::own("/v1/session", &token).json("{}"));
    let sign = |claims: &Claims, kind| world.ring().sign(kind, claims, world.unix()).unwrap();
    let good = sign(&claims(&world), TokenType::Frame);
    assert_eq!(session(good.clone()).await.status, 200);
    // Row 21: another type, another tenant's widget, another tenant's key.
    let stranger = world.db.tenant().await;
    let theirs = world.db.widget(stranger).await;
    world.db.allow(stranger, "exact", PAGE).await;
    let crossed = Claims { widget: theirs, ..claims(&world) };
    let spliced = {
        let other = sign(&Claims { tenant: stranger, ..claims(&world) }, TokenType::Frame);
        let (head, _) = other.rsplit_once('.').unwrap();
        format!("{head}.{}", good.rsplit_once('.').unwrap().1)
    };
    // Row 22: future, truncated, other algorithm, nonsense.
    let future = Claims { iat: world.unix() + 600, exp: world.unix() + 900, ..claims(&world) };
    for token in [
        sign(&claims(&world), TokenType::Session),
        sign(&crossed, TokenType::Frame),
        spliced,
        sign(&future, TokenType::Frame),
        good[..good.len() - 2].to_owned(),
        good.replacen("u1.", "u2.", 1),
        good.replacen("u1.1.", "none.", 1),
        "x".repeat(5000),
        String::new(),
    ] {
        let reply = session(token.clone()).await;
        assert_eq!((reply.status, reply.code().as_str()), (403, "token"), "{token}");
    }
    let missing = world.send(Ask::own("/v1/session", "").without("Authorization").json("{}")).await;
    assert_eq!((missing.status, missing.code().as_str()), (403, "token"));
    // Unknown key and expiry: the frame fetches itself again.
    let reply = session(good.replacen("u1.1.", "u1.9.", 1)).await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "renew"));
    world.pass(300);
    let reply = session(good).await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "renew"));
    // The widget or tenant does not exist: there is nothing to be allowed on.
    let ghost = sign(&Claims { widget: WidgetId::random(), ..claims(&world) }, TokenType::Frame);
    assert_eq!(session(ghost).await.code(), "revoked");
    let nobody = sign(&Claims { tenant: Uuid::from_u128(5), ..claims(&world) }, TokenType::Frame);
    assert_eq!(session(nobody).await.code(), "token");
}

#[tokio::test]
async fn only_our_own_frame_may_call() {
    let world = World::new().await;
    let session = world.session().await;
    let call = |origin: Option<&str>, site: Option<&str>| {
        let mut ask = world.submit(&session, "k").without("Origin").without("Sec-Fetch-Site");
        for (name, value) in [("Origin", origin), ("Sec-Fetch-Site", site)] {
            if let Some(value) = value {
                ask = ask.header(name, value);
            }
        }
        ask
    };
    // Row 16: a form, a beacon, a fetch of the host page or of anybody.
    for (origin, site) in [
        (Some(PAGE), Some("cross-site")),
        (Some(PAGE), None),
        (Some("http://edge.test.evil.test"), None),
        (Some("https://edge.test"), None),
        (Some("http://edge.test:80"), None),
        (Some(EDGE_ORIGIN), Some("cross-site")),
        (Some(EDGE_ORIGIN), Some("same-site")),
        (Some(EDGE_ORIGIN), Some("none")),
        (None, Some("same-origin")),
        (None, None),
    ] {
        let reply = world.send(call(origin, site)).await;
        assert_eq!((reply.status, reply.code().as_str()), (403, "origin"), "{origin:?} {site:?}");
        reply.assert_no_cors();
    }
    assert_eq!(world.send(call(Some(EDGE_ORIGIN), None)).await.status, 201, "an old browser");
    assert_eq!(world.core.calls().len(), 1);
}

#[tokio::test]
async fn a_sandboxed_frame_learns_where_to_go_instead() {
    let world = World::new().await;
    let sandboxed = |token: &str| Ask::own("/v1/session", token).without("Origin").header("Origin", "null").json("{}");
    // Row 10.
    let frame = world.frame_token(PAGE).await;
    let reply = world.send(sandboxed(&frame)).await;
    assert_eq!((reply.status, reply.json()), (403, serde_json::json!({ "code": "opaque" })));
    world.db.run("update control.widgets set hosted_url = 'https://book.agency.test/acme'").await;
    eventually("the hosted page", || async {
        world.send(sandboxed(&frame)).await.json()["hosted"] != serde_json::Value::Null
    })
    .await;
    assert_eq!(world.send(sandboxed(&frame)).await.json()["hosted"], "https://book.agency.test/acme");
    assert_eq!(world.send(sandboxed("nonsense")).await.json(), serde_json::json!({ "code": "opaque" }));
}

#[tokio::test]
async fn preflights_and_other_methods_grant_nothing() {
    let world = World::new().await;
    // Row 17.
    for path in ["/v1/session", "/v1/renew", "/v1/challenge", "/v1/a/form", "/v1/a/upload"] {
        for method in ["OPTIONS", "GET", "PUT", "DELETE"] {
            let ask = Ask::new(method, path).header("Origin", PAGE).header("Access-Control-Request-Method", "POST");
            let reply = world.send(ask.header("Access-Control-Request-Headers", "authorization")).await;
            assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")), "{method} {path}");
            reply.assert_no_cors();
        }
    }
    assert_eq!(world.send(Ask::own("/v1/a/book", "x").json("{}")).await.status, 404);
    assert_eq!(world.send(Ask::own("/v1/unknown", "x").json("{}")).await.status, 404);
}

#[tokio::test]
async fn the_conversation_channel_is_closed_to_others_and_not_there_for_us() {
    let world = World::new().await;
    let upgrade = |origin: Option<&str>| {
        let ask = Ask::get("/v1/chat").header("Upgrade", "websocket").header("Sec-WebSocket-Version", "13");
        let ask = ask.header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        origin.map_or(ask.clone(), |origin| ask.header("Origin", origin))
    };
    // Rows 18 and 19.
    assert_eq!(world.send(upgrade(Some(PAGE))).await.status, 403);
    assert_eq!(world.send(upgrade(Some("null"))).await.status, 403);
    assert_eq!(world.send(upgrade(None)).await.status, 403);
    assert_eq!(world.send(upgrade(Some(EDGE_ORIGIN))).await.status, 404);
}

#[tokio::test]
async fn what_was_revoked_stops_within_a_moment() {
    let world = World::new().await;
    let session = world.session().await;
    let frame = world.frame_token(PAGE).await;
    let second = world.db.widget(world.tenant).await;
    assert_eq!(world.send(world.submit(&session, "1")).await.status, 201);
    // Row 34: the domain is removed while the widget is open. The allowlist is asked at every action, so the token of
    // before is of no use, and it works again when the domain comes back.
    world.db.run("update control.embed_origins set enabled = false").await;
    eventually("refusal", || async { world.send(world.submit(&session, "1")).await.code() == "revoked" }).await;
    for ask in [Ask::own("/v1/session", &frame).json("{}"), Ask::own("/v1/renew", &session).json("{}")] {
        let reply = world.send(ask).await;
        assert_eq!((reply.status, reply.code().as_str()), (403, "revoked"));
    }
    world.send(world.frame(PAGE)).await.assert_refused();
    world.db.run("update control.embed_origins set enabled = true").await;
    eventually("allowed again", || async { world.send(world.submit(&session, "1")).await.status == 201 }).await;
    // The widget is switched off; another one of the tenant goes on.
    world.db.run(&format!("update control.widgets set enabled = false where id = '{}'", world.widget)).await;
    eventually("refusal", || async { world.send(world.submit(&session, "2")).await.code() == "revoked" }).await;
    let other = Ask::get(&crate::support::frame_url(second, PAGE));
    assert_eq!(world.send(other.clone()).await.status, 200);
    // The tenant is suspended, then deleted outright.
    world.db.run(&format!("update control.tenants set state = 'suspended' where id = '{}'", world.tenant)).await;
    eventually("suspension", || async { world.send(other.clone()).await.status == 403 }).await;
    world.db.run(&format!("update control.tenants set state = 'active' where id = '{}'", world.tenant)).await;
    eventually("activity", || async { world.send(other.clone()).await.status == 200 }).await;
    world.db.run(&format!("delete from control.tenants where id = '{}'", world.tenant)).await;
    eventually("deletion", || async { world.send(other.clone()).await.status == 403 }).await;
}

#[tokio::test]
async fn a_dropped_key_ends_its_tokens() {
    let world = World::new().await;
    let old = world.session().await;
    world.db.add_key(2, [43; 32]).await;
    world.db.run("update control.embed_keys set created_at = to_timestamp(1800000000)").await;
    eventually("the new key signs", || async { world.frame_token(PAGE).await.starts_with("u1.2.") }).await;
    assert_eq!(world.send(world.submit(&old, "1")).await.status, 201, "the former key still verifies");
    world.db.run("update control.embed_keys set state = 'revoked' where kid = 1").await;
    eventually("its end", || async { world.send(world.submit(&old, "2")).await.code() == "renew" }).await;
    assert_eq!(world.send(world.submit(&world.session().await, "3")).await.status, 201);
}
