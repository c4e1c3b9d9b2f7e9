//! Every limit fires, heals, and stays within its memory.
use crate::support::{Ask, PAGE, Plan, World};
use embed_edge::{Limits, Rate};
use kernel::embed::WidgetId;

async fn world(change: impl FnOnce(&mut Limits)) -> World {
    let mut plan = Plan::default();
    change(&mut plan.limits);
    plan.edge = "trusted_proxies = [\"127.0.0.0/8\"]".into();
    World::with(plan).await
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
    let world = world(|l| l.address = Rate::new(5, 60)).await;
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
    let world = world(|l| l.frames = Rate::new(3, 60)).await;
    assert_eq!(exhaust(&world, |_| world.frame(PAGE)).await, (3, 1));
}

#[tokio::test]
async fn sessions_of_an_address_at_a_tenant() {
    let world = world(|l| l.sessions = Rate::new(3, 6)).await;
    let frame = world.frame_token(PAGE).await;
    assert_eq!(exhaust(&world, |_| Ask::own("/v1/session", &frame)).await, (3, 10));
}

#[tokio::test]
async fn submissions_of_an_address_at_a_tenant() {
    let world = world(|l| l.forms = Rate::new(4, 20)).await;
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
    let world = world(|l| l.progress = Rate::new(4, 60)).await;
    let session = world.session().await;
    let ask = |n: usize| Ask::own("/v1/a/progress", &session).header("Idempotency-Key", &n.to_string()).json("{}");
    assert_eq!(exhaust(&world, ask).await, (4, 1));
}

#[tokio::test]
async fn uploads_of_an_address_at_a_tenant() {
    let world = world(|l| l.uploads = Rate::new(2, 60)).await;
    let session = world.session().await;
    let ask = |n: usize| {
        let ask = Ask::own("/v1/a/upload?field=a", &session).header("Idempotency-Key", &n.to_string());
        ask.header("Content-Type", "application/octet-stream").body(b"x")
    };
    assert_eq!(exhaust(&world, ask).await, (2, 1));
}

#[tokio::test]
async fn actions_of_a_session_wherever_they_come_from() {
    let world = world(|l| l.session = Rate::new(3, 60)).await;
    let session = world.session().await;
    let ask = |n: usize| world.submit(&session, &n.to_string()).header("X-Forwarded-For", &format!("192.0.2.{n}"));
    assert_eq!(exhaust(&world, ask).await, (3, 1));
    assert_eq!(world.send(world.submit(&world.session().await, "x")).await.status, 201);
}

#[tokio::test]
async fn a_busy_platform_asks_for_work_and_refuses_nobody() {
    let world = world(|l| l.platform = Rate::new(1, 1)).await;
    let session = world.session().await;
    assert_eq!(world.send(world.submit(&session, "1")).await.status, 201);
    assert_eq!(world.send(world.submit(&session, "2")).await.code(), "pow");
    assert_eq!(world.send(world.submit(&session, "2").header("Upz-Pow", "none")).await.status, 201);
}

#[tokio::test]
async fn made_up_ids_cost_no_question() {
    let world = world(|_| {}).await;
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
    let world = world(|l| {
        l.keys = 100;
        l.address = Rate::new(1000, 60_000);
    })
    .await;
    for n in 0..400 {
        let from = format!("203.{}.{}.1", n / 200, n % 200);
        world.send(world.frame("https://evil.test").header("X-Forwarded-For", &from)).await.assert_refused();
    }
    let admin = world.edge.admin_addr.unwrap();
    let metrics = Ask::get("/metrics").host(&admin.to_string()).send(admin).await;
    assert_eq!(metrics.status, 200);
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200, "an honest visitor is served");
}
