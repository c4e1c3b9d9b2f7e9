//! Every limit fires, heals, and stays within its memory.
use crate::support::{Ask, HOST, PAGE, Plan, World, read_reply};
use kernel::embed::WidgetId;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn world(plan: Plan) -> World {
    World::with(Plan { edge: "trusted_proxies = [\"127.0.0.0/8\"]".into(), ..plan }).await
}

async fn limited(name: &'static str, at_once: u32, per_minute: u32) -> World {
    world(Plan::default().limit(name, at_once, per_minute)).await
}

/// The same request until it is limited: how many passed, and the time to wait.
async fn exhaust(world: &World, ask: impl Fn(usize) -> Ask) -> (usize, u64) {
    for n in 0..100 {
        let reply = world.send(ask(n)).await;
        if reply.status == 429 {
            assert!(reply.body.contains("\"limit\""), "{reply:?}");
            reply.assert_no_cors();
            return (n, reply.header("retry-after").unwrap().parse().unwrap());
        }
        assert!(reply.status < 400, "{reply:?}");
    }
    panic!("the limit never fired");
}

#[tokio::test]
async fn requests_of_an_address() {
    let world = limited("EDGE_LIMIT_ADDRESS", 5, 60).await;
    let from = |ip: &str| world.frame(PAGE).header("X-Forwarded-For", ip);
    assert_eq!(exhaust(&world, |_| from("192.0.2.1")).await, (5, 1));
    assert_eq!(world.send(from("192.0.2.2")).await.status, 200, "a neighbour is not affected");
    assert_eq!(
        world.send(from("6.6.6.6, 192.0.2.1")).await.status,
        429,
        "what the visitor wrote himself is not believed"
    );
    // Row 28: all of a /64 is one visitor.
    assert_eq!(exhaust(&world, |n| from(&format!("2001:db8:1:2::{n}"))).await.0, 5);
    assert_eq!(world.send(from("2001:db8:1:3::1")).await.status, 200);
    world.pass(1);
    assert_eq!(world.send(from("192.0.2.1")).await.status, 200);
    // Static files are for everybody.
    assert_eq!(exhaust(&world, |_| from("192.0.2.9")).await.0, 5);
    assert_eq!(world.send(Ask::get("/v1/loader.js").header("X-Forwarded-For", "192.0.2.9")).await.status, 200);
}

#[tokio::test]
async fn frames_of_an_address() {
    let world = limited("EDGE_LIMIT_FRAMES", 3, 60).await;
    assert_eq!(exhaust(&world, |_| world.frame(PAGE)).await, (3, 1));
}

#[tokio::test]
async fn sessions_of_an_address_at_a_tenant() {
    let world = limited("EDGE_LIMIT_SESSIONS", 3, 6).await;
    let frame = world.frame_token(PAGE).await;
    assert_eq!(exhaust(&world, |_| Ask::own("/v1/session", &frame)).await, (3, 10));
}

#[tokio::test]
async fn submissions_of_an_address_at_a_tenant() {
    let world = limited("EDGE_LIMIT_FORMS", 4, 20).await;
    let session = world.session().await;
    assert_eq!(exhaust(&world, |n| world.submit(&session, &n.to_string())).await, (4, 3));
    assert_eq!(world.core.calls().len(), 4);
    let other = Ask::own("/v1/a/progress", &session).header("Idempotency-Key", "p").json("{}");
    assert_eq!(world.send(other).await.status, 201, "another action has its own limit");
    let elsewhere = world.submit(&session, "x").header("X-Forwarded-For", "192.0.2.1");
    assert_eq!(world.send(elsewhere).await.status, 201);
}

#[tokio::test]
async fn progress_of_an_address_at_a_tenant() {
    let world = limited("EDGE_LIMIT_PROGRESS", 4, 60).await;
    let session = world.session().await;
    let ask = |n: usize| Ask::own("/v1/a/progress", &session).header("Idempotency-Key", &n.to_string()).json("{}");
    assert_eq!(exhaust(&world, ask).await, (4, 1));
}

#[tokio::test]
async fn uploads_of_an_address_at_a_tenant() {
    let world = limited("EDGE_LIMIT_UPLOADS", 2, 60).await;
    let session = world.session().await;
    let ask = |n: usize| {
        let ask = Ask::own("/v1/a/upload?field=a", &session).header("Idempotency-Key", &n.to_string());
        ask.header("Content-Type", "application/octet-stream").body(b"x")
    };
    assert_eq!(exhaust(&world, ask).await, (2, 1));
}

#[tokio::test]
async fn actions_of_a_session_wherever_they_come_from() {
    let world = limited("EDGE_LIMIT_VISITOR", 3, 60).await;
    let session = world.session().await;
    let ask = |n: usize| world.submit(&session, &n.to_string()).header("X-Forwarded-For", &format!("192.0.2.{n}"));
    assert_eq!(exhaust(&world, ask).await, (3, 1));
    assert_eq!(world.send(world.submit(&world.session().await, "x")).await.status, 201);
}

#[tokio::test]
async fn a_busy_platform_asks_for_work_and_refuses_nobody() {
    let world = limited("EDGE_LIMIT_PLATFORM", 1, 1).await;
    let session = world.session().await;
    assert_eq!(world.send(world.submit(&session, "1")).await.status, 201);
    assert_eq!(world.send(world.submit(&session, "2")).await.code(), "pow");
    assert_eq!(world.send(world.submit(&session, "2").header("Upz-Pow", "none")).await.status, 201);
}

#[tokio::test]
async fn made_up_ids_cost_no_question() {
    let world = world(Plan::default()).await;
    // Row 27: wrong checksums.
    for n in 0..50u128 {
        let target = format!("/w/w_{n:013}000?o=https%3A%2F%2Fclient.example");
        assert_eq!(world.send(Ask::get(&target)).await.status, 403);
    }
    // An unknown id with the right checksum is asked for once and then remembered.
    let unknown = crate::support::frame_url(WidgetId::random(), PAGE);
    world.send(Ask::get(&unknown)).await.assert_refused();
    world.db.run("revoke select on edge.widgets from upzento_edge").await;
    world.send(Ask::get(&unknown)).await.assert_refused();
    let target = format!("/w/w_{:013}000?o=https%3A%2F%2Fclient.example", 7);
    world.send(Ask::get(&target)).await.assert_refused();
    assert_eq!(world.send(Ask::get(&crate::support::frame_url(WidgetId::random(), PAGE))).await.status, 503);
}

#[tokio::test]
async fn a_flood_of_addresses_does_not_fill_the_memory() {
    // Row 29: more distinct addresses than a limiter remembers.
    let world = world(Plan::default().set("EDGE_LIMIT_KEYS", 100).limit("EDGE_LIMIT_ADDRESS", 1000, 60_000)).await;
    for n in 0..400 {
        let from = format!("203.{}.{}.1", n / 200, n % 200);
        world.send(world.frame("https://evil.test").header("X-Forwarded-For", &from)).await.assert_refused();
    }
    let admin = world.edge.admin_addr.unwrap();
    let metrics = Ask::get("/metrics").host(&admin.to_string()).send(admin).await;
    assert_eq!(metrics.status, 200);
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200, "an honest visitor is served");
}

/// An answer on a connection that stays open.
async fn served(stream: &mut TcpStream) {
    let mut answer = [0; 8192];
    let len = stream.read(&mut answer).await.unwrap();
    assert!(answer[..len].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..len]));
}

#[tokio::test]
async fn connections_over_the_limit_wait_until_one_ends() {
    let world = world(Plan::default().set("EDGE_CONNECTIONS", 2)).await;
    let ask = format!("GET /v1/loader.js HTTP/1.1\r\nHost: {HOST}\r\n\r\n").into_bytes();
    let begin = async || {
        let mut stream = TcpStream::connect(world.edge.addr).await.unwrap();
        stream.write_all(&ask).await.unwrap();
        stream
    };
    let (mut one, mut two) = (begin().await, begin().await);
    served(&mut one).await;
    served(&mut two).await;
    let mut third = begin().await;
    // Whoever is inside is still served, and the third one only when there is room.
    one.write_all(&ask).await.unwrap();
    served(&mut one).await;
    assert!(third.try_read(&mut [0]).is_err(), "answered beside two others");
    drop(two);
    served(&mut third).await;
}

#[tokio::test]
async fn uploads_held_at_once() {
    let world = world(Plan::default().set("EDGE_UPLOADS_AT_ONCE", 1)).await;
    let session = world.session().await;
    let ask = Ask::own("/v1/a/upload?field=a", &session).header("Idempotency-Key", "a");
    let bytes = ask.header("Content-Type", "application/octet-stream").body(b"12345678").bytes();
    let (begun, rest) = bytes.split_at(bytes.len() - 2);
    let begin = async || {
        let mut stream = TcpStream::connect(world.edge.addr).await.unwrap();
        stream.write_all(begun).await.unwrap();
        stream
    };
    // Neither can end, so whichever comes second finds the one place taken.
    let (mut one, mut two) = (begin().await, begin().await);
    let (refused, first_is_inside) = tokio::select! {
        reply = read_reply(&mut one) => (reply, false),
        reply = read_reply(&mut two) => (reply, true),
    };
    assert_eq!((refused.status, refused.code().as_str()), (503, "unavailable"));
    let mut inside = if first_is_inside { one } else { two };
    inside.write_all(rest).await.unwrap();
    assert_eq!(read_reply(&mut inside).await.status, 201);
}

#[tokio::test]
async fn a_challenge_is_as_hard_as_configured() {
    let world = world(Plan::default().set("EDGE_WORK_BITS", 3)).await;
    let session = world.session().await;
    let reply = world.send(Ask::own("/v1/challenge", &session).json("{\"action\":\"form\"}")).await;
    assert_eq!((reply.status, reply.json()["bits"].as_u64()), (200, Some(3)));
}
