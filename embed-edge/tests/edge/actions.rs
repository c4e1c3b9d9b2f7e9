//! Visitor actions: what reaches the core, and what comes back.
use crate::support::{Ask, PAGE, Plan, World};
use kernel::crypto::sha256;

#[tokio::test]
async fn a_submission_reaches_the_core_with_what_the_edge_knows() {
    let world = World::new().await;
    let session = world.session().await;
    let reply = world.send(world.submit(&session, "key-1").header("User-Agent", "Browser/1")).await;
    assert_eq!((reply.status, reply.json()["state"].as_str()), (201, Some("received")));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    reply.assert_no_cors();
    let call = world.core.calls().remove(0);
    assert_eq!(call.target, "/edge/v1/actions/form");
    let claims = call.claims;
    assert_eq!((claims.tenant, claims.widget), (Some(world.tenant), Some(world.widget)));
    assert_eq!((claims.kind.as_str(), claims.origin.as_str()), ("form", PAGE));
    assert_eq!(claims.page, "https://client.example/contact", "without the query");
    assert_eq!((claims.ip.as_str(), claims.ua.as_str()), ("127.0.0.0/24", "Browser/1"));
    assert_eq!((claims.risk, claims.build.as_str(), claims.key.as_str()), (0, "b123", "key-1"));
    assert_eq!(claims.sid.len(), 32);
    assert!(String::from_utf8(call.body).unwrap().contains("\"filled_ms\":9000"));
    // Row 24: the same key again is the same submission.
    let again = world.send(world.submit(&session, "key-1")).await;
    assert_eq!((again.status, again.json()), (201, reply.json()));
    assert_eq!(world.core.calls().len(), 1);
    assert_eq!(world.send(world.submit(&session, "key-2")).await.status, 201);
    assert_eq!(world.core.calls().len(), 2);
    // Row 20: a program that forges everything is served, and known to be one.
    let bare = world.send(world.submit(&session, "key-3").without("Sec-Fetch-Site")).await;
    assert_eq!(bare.status, 201);
    assert!(world.core.calls().last().unwrap().claims.risk > 0);
}

#[tokio::test]
async fn an_action_needs_a_key_and_the_right_content() {
    let world = World::new().await;
    let session = world.session().await;
    let submit = || world.submit(&session, "k");
    // Row 25.
    let reply = world.send(submit().without("Idempotency-Key")).await;
    assert_eq!((reply.status, reply.code().as_str()), (428, "key_required"));
    let reply = world.send(submit().without("Idempotency-Key").header("Idempotency-Key", &"k".repeat(129))).await;
    assert_eq!(reply.status, 422);
    // What a page could send without asking first.
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/octet-stream"]
    {
        let reply = world.send(submit().without("Content-Type").header("Content-Type", media)).await;
        assert_eq!(reply.status, 415, "{media}");
    }
    assert_eq!(world.send(submit().without("Content-Type")).await.status, 415);
    assert_eq!(
        world
            .send(submit().without("Content-Type").header("Content-Type", "application/json; charset=utf-8"))
            .await
            .status,
        201
    );
    let reply = world.send(submit().body(b"{")).await;
    assert_eq!((reply.status, reply.code().as_str()), (422, "invalid"));
    // A page the frame could not know is not believed.
    let liar = submit()
        .without("Idempotency-Key")
        .header("Idempotency-Key", "l")
        .body(br#"{"attr":{"page":"https://evil.test/x"}}"#);
    assert_eq!(world.send(liar).await.status, 201);
    assert_eq!(world.core.calls().last().unwrap().claims.page, PAGE);
}

#[tokio::test]
async fn progress_and_files_have_their_own_shapes() {
    let world = World::new().await;
    let session = world.session().await;
    let body = r#"{"version":1,"events":[{"t":"start"}]}"#;
    let reply = world.send(Ask::own("/v1/a/progress", &session).header("Idempotency-Key", "p").json(body)).await;
    assert_eq!(reply.status, 201);
    let upload = Ask::own("/v1/a/upload?field=cv&name=a%20b.pdf", &session).header("Idempotency-Key", "u");
    let file: Vec<u8> = (0..=255).collect();
    let reply = world.send(upload.clone().header("Content-Type", "application/octet-stream").body(&file)).await;
    assert_eq!(reply.status, 201);
    assert_eq!(world.send(upload.json("{}")).await.status, 415);
    let calls = world.core.calls();
    assert_eq!(calls[0].target, "/edge/v1/actions/progress");
    assert_eq!(calls[1].target, "/edge/v1/actions/upload?field=cv&name=a%20b.pdf");
    assert_eq!(calls[1].body, file);
    assert_eq!(calls[1].claims.page, PAGE);
}

#[tokio::test]
async fn the_cores_answer_is_passed_on_but_its_troubles_are_not() {
    let world = World::new().await;
    let session = world.session().await;
    let refusal = r#"{"code":"invalid","fields":{"email":"email"}}"#;
    world.core.answer_with(Some((422, refusal)));
    let reply = world.send(world.submit(&session, "1")).await;
    assert_eq!((reply.status, reply.body.as_str()), (422, refusal));
    world.core.answer_with(Some((429, "{}")));
    let reply = world.send(world.submit(&session, "1")).await;
    assert_eq!((reply.status, reply.header("retry-after"), reply.code().as_str()), (429, Some("7"), "limit"));
    for status in [500, 502, 503, 401, 302] {
        world.core.answer_with(Some((status, "secret detail")));
        let reply = world.send(world.submit(&session, "1")).await;
        assert_eq!((reply.status, reply.code().as_str(), reply.header("retry-after")), (503, "unavailable", Some("5")));
        assert!(!reply.body.contains("secret"));
    }
    // The core is gone: frames go on, actions ask to come back.
    world.core.stop().await;
    let reply = world.send(world.submit(&session, "1")).await;
    assert_eq!((reply.status, reply.code().as_str(), reply.header("retry-after")), (503, "unavailable", Some("5")));
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
    assert_eq!(world.send(Ask::own("/v1/renew", &session)).await.status, 200);
}

/// A proof that the work was done, or one that it was not: one text in 256 is a proof by chance.
fn attempt(token: &str, bits: u64, done: bool) -> String {
    let zeros = |digest: [u8; 32]| u64::from(u128::from_be_bytes(digest[..16].try_into().unwrap()).leading_zeros());
    (0u64..).map(|n| format!("{token}.{n}")).find(|text| (zeros(sha256(text.as_bytes())) >= bits) == done).unwrap()
}

fn solve(token: &str, bits: u64) -> String {
    attempt(token, bits, true)
}

#[tokio::test]
async fn a_flood_at_one_tenant_costs_work_there_and_nothing_is_lost() {
    let world = World::with(Plan::default().limit("EDGE_LIMIT_TENANT", 2, 1)).await;
    let session = world.session().await;
    for key in ["1", "2"] {
        assert_eq!(world.send(world.submit(&session, key)).await.status, 201);
    }
    // Row 28: from now on this tenant's submissions cost a proof of work.
    let reply = world.send(world.submit(&session, "3")).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "pow"));
    let challenge = &reply.json()["challenge"];
    let token = challenge["token"].as_str().unwrap();
    let bits = challenge["bits"].as_u64().unwrap();
    let proof = solve(token, bits);
    let pay = |key: &str, proof: &str| world.submit(&session, key).header("Upz-Pow", proof);
    let reply = world.send(pay("3", &proof)).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let risk = world.core.calls().last().unwrap().claims.risk;
    assert!((1..50).contains(&risk), "{risk}");
    // The same submission again is not a second use; row 26: another one is, and so is anything spliced.
    assert_eq!(world.send(pay("3", &proof)).await.status, 201);
    let stranger = world.session().await;
    let fresh = world.send(Ask::own("/v1/challenge", &session).json(r#"{"action":"form"}"#)).await.json();
    let other = solve(fresh["token"].as_str().unwrap(), bits);
    let unsolved = attempt(fresh["token"].as_str().unwrap(), bits, false);
    for (ask, why) in [
        (pay("4", &proof), "spent"),
        (world.submit(&stranger, "4").header("Upz-Pow", &other), "another session's"),
        (pay("4", &unsolved), "no work"),
        (pay("4", &session), "not a challenge"),
        (pay("4", "u1.1.x.y.0"), "nonsense"),
    ] {
        let reply = world.send(ask).await;
        assert_eq!((reply.status, reply.code().as_str()), (403, "pow"), "{why}");
    }
    assert_eq!(world.send(pay("4", &other)).await.status, 201, "the one it was made for");
    // A browser that cannot work is heard too: the core keeps it aside.
    assert_eq!(world.send(pay("5", "none")).await.status, 201);
    assert!(world.core.calls().last().unwrap().claims.risk >= 50);
    // It expires.
    let fresh = world.send(Ask::own("/v1/challenge", &session).json(r#"{"action":"form"}"#)).await.json();
    let late = solve(fresh["token"].as_str().unwrap(), bits);
    world.pass(120);
    let session = world.session().await;
    let reply = world.send(world.submit(&session, "6").header("Upz-Pow", &late)).await;
    assert_eq!(reply.code(), "pow");
    assert_eq!(world.send(Ask::own("/v1/challenge", &session).json(r#"{"action":"x"}"#)).await.status, 422);
    // Another tenant is not asked for anything.
    let tenant = world.db.tenant().await;
    let widget = world.db.widget(tenant).await;
    world.db.allow(tenant, "exact", PAGE).await;
    let frame = world.send(Ask::get(&crate::support::frame_url(widget, PAGE))).await.data()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let theirs = world.send(Ask::own("/v1/session", &frame)).await.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(world.send(world.submit(&theirs, "1")).await.status, 201);
}
