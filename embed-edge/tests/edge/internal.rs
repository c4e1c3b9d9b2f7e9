//! The internal listener.
use crate::support::{Ask, PAGE, World};
use kernel::{embed::TokenType, ids::TenantId};

async fn ask(world: &World, ask: Ask) -> crate::support::Reply {
    let admin = world.edge.admin_addr.unwrap();
    ask.host(&admin.to_string()).send(admin).await
}

async fn revoke(world: &World, body: &str) -> u16 {
    let secret = format!("Bearer {}", world.edge.admin_secret);
    ask(world, Ask::new("POST", "/admin/revoke").header("Authorization", &secret).json(body)).await.status
}

#[tokio::test]
async fn health_and_metrics_are_inside_only() {
    let world = World::new().await;
    assert_eq!(ask(&world, Ask::get("/healthz")).await.status, 200);
    let ready = ask(&world, Ask::get("/readyz")).await;
    assert_eq!((ready.status, ready.json()["can_sign"].as_bool()), (200, Some(true)));
    world.send(world.frame(PAGE)).await;
    assert!(ask(&world, Ask::get("/metrics")).await.body.contains("upzento_edge_frames_total"));
    for path in ["/healthz", "/readyz", "/metrics", "/admin/revoke"] {
        assert_eq!(world.send(Ask::get(path)).await.status, 404, "not on the public side: {path}");
    }
    let admin = world.edge.admin_addr.unwrap();
    assert_eq!(Ask::get("/metrics").host("attacker.com").send(admin).await.status, 421, "a rebound name");
}

#[tokio::test]
async fn emergency_revocation_needs_the_secret_and_works_at_once() {
    let world = World::new().await;
    let session = world.session().await;
    let tenant = format!("{{\"tenant\":\"{}\"}}", TenantId(world.tenant));
    let unsigned = ask(&world, Ask::new("POST", "/admin/revoke").json(&tenant)).await;
    assert_eq!(unsigned.status, 403);
    for nonsense in ["{}", "{\"kid\":1,\"sid\":\"0\"}", "{\"widget\":\"w_x\"}", "{\"unknown\":1}", "["] {
        assert_eq!(revoke(&world, nonsense).await, 422, "{nonsense}");
    }
    assert_eq!(world.send(world.submit(&session, "1")).await.status, 201);

    for body in [tenant, format!("{{\"tenant\":\"{}\"}}", world.tenant), format!("{{\"widget\":\"{}\"}}", world.widget)]
    {
        assert_eq!(revoke(&world, &body).await, 200);
        world.send(world.frame(PAGE)).await.assert_refused();
        assert_eq!(world.send(world.submit(&session, "2")).await.code(), "revoked");
        let back = body.replace('}', ",\"restore\":true}");
        assert_eq!(revoke(&world, &back).await, 200);
        assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
    }

    // Row 23: one visitor session, wherever its token was stolen.
    let sid = world.ring().verify(TokenType::Session, &session, world.unix()).unwrap().sid;
    assert_eq!(revoke(&world, &format!("{{\"sid\":\"{}\"}}", kernel::crypto::hex(&sid))).await, 200);
    assert_eq!(world.send(world.submit(&session, "3")).await.code(), "token");
    assert_eq!(world.send(Ask::own("/v1/renew", &session)).await.code(), "token");
    let other = world.session().await;
    assert_eq!(world.send(world.submit(&other, "3")).await.status, 201);

    // A leaked root key: every token it signed is worthless, and without another nothing can be signed.
    assert_eq!(revoke(&world, "{\"kid\":1}").await, 200);
    assert_eq!(world.send(world.submit(&other, "4")).await.code(), "renew");
    assert_eq!(world.send(world.frame(PAGE)).await.status, 503);
    assert_eq!(ask(&world, Ask::get("/readyz")).await.status, 503);
    world.db.add_key(2, [44; 32]).await;
    crate::support::eventually("the next key", || async { world.send(world.frame(PAGE)).await.status == 200 }).await;
}
