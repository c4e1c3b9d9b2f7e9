//! Connections and static files: hosts, lengths, slow and large requests, stopping.
use crate::support::{Ask, HOST, PAGE, Plan, World, eventually, raw, read_reply};
use embed_edge::Times;
use std::time::Duration;
use tokio::{io::AsyncWriteExt, net::TcpStream};

#[tokio::test]
async fn other_hosts_are_misdirected() {
    let world = World::new().await;
    // Row 30.
    for host in ["attacker.com", "edge.test.attacker.com", "edge.test:8443", "127.0.0.1", ""] {
        for target in ["/v1/loader.js", "/w/x", "/v1/session"] {
            assert_eq!(world.send(Ask::get(target).host(host)).await.status, 421, "{host} {target}");
        }
    }
    assert_eq!(world.send(Ask::get("/v1/loader.js").host("EDGE.test:80")).await.status, 200);
    let two = raw(
        world.edge.addr,
        b"GET /v1/loader.js HTTP/1.1\r\nHost: edge.test\r\nHost: attacker.com\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert_ne!(two.status, 200);
    let absolute = "GET http://attacker.com/v1/loader.js HTTP/1.1\r\nHost: edge.test\r\nConnection: close\r\n\r\n";
    assert_eq!(raw(world.edge.addr, absolute.as_bytes()).await.status, 421);
    let none = raw(world.edge.addr, b"GET /v1/loader.js HTTP/1.0\r\n\r\n").await;
    assert_eq!(none.status, 421);
}

#[tokio::test]
async fn the_loader_is_one_cached_object_for_everybody() {
    let world = World::new().await;
    let get = |encoding: &str| Ask::get("/v1/loader.js").header("Accept-Encoding", encoding);
    for (encoding, body, coding) in [
        ("gzip, deflate, br", "loader in brotli", Some("br")),
        ("gzip", "loader in gzip", Some("gzip")),
        ("identity", "loader()", None),
        ("br;q=0", "loader()", None),
    ] {
        let reply = world.send(get(encoding)).await;
        assert_eq!(
            (reply.status, reply.body.as_str(), reply.header("content-encoding")),
            (200, body, coding),
            "{encoding}"
        );
        assert_eq!(
            reply.header("cache-control"),
            Some("public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800")
        );
        for (name, value) in [
            ("content-type", "text/javascript; charset=utf-8"),
            ("x-content-type-options", "nosniff"),
            ("access-control-allow-origin", "*"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("timing-allow-origin", "*"),
            ("vary", "Accept-Encoding"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{name}");
        }
        assert_eq!(reply.header("set-cookie"), None);
        let etag = reply.header("etag").unwrap().to_owned();
        let fresh = world.send(get(encoding).header("If-None-Match", &format!("\"x\", W/{etag}"))).await;
        assert_eq!((fresh.status, fresh.body.as_str(), fresh.header("etag")), (304, "", Some(etag.as_str())));
        assert_eq!(world.send(get(encoding).header("If-None-Match", "\"x\"")).await.status, 200);
    }
    let pinned = world.send(Ask::get("/v1/loader@1.4.2.js")).await;
    assert_eq!((pinned.status, pinned.header("cache-control")), (200, Some("public, max-age=31536000, immutable")));
    assert_eq!(world.send(Ask::get("/v1/loader@9.9.9.js")).await.status, 404);
    let asset = world.send(Ask::get("/v1/assets/form-b2.css")).await;
    assert_eq!((asset.status, asset.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
    for path in [
        "/v1/assets/manifest.json",
        "/v1/assets/loader.js",
        "/v1/assets/loader@1.4.2.js",
        "/v1/assets/../manifest.json",
        "/v1/assets/%2e%2e/manifest.json",
        "/v1/assets/",
        "/",
    ] {
        assert_eq!(world.send(Ask::get(path)).await.status, 404, "{path}");
    }
    assert_eq!(world.send(Ask::new("HEAD", "/v1/loader.js")).await.body, "");
    assert_eq!(world.send(Ask::new("POST", "/v1/loader.js")).await.status, 405);
    assert!(world.dist().join("loader.js").exists());
}

#[tokio::test]
async fn a_request_that_never_ends_is_ended() {
    let plan = Plan::default();
    let times = Times { head: Duration::from_millis(200), body: Duration::from_millis(200), ..plan.times };
    let world = World::with(Plan { times, ..plan }).await;
    // Row 39: half a head, no head at all, half a body.
    assert_eq!(raw(world.edge.addr, b"GET /v1/loader.js HTTP/1.1\r\nHost: edge.test\r\nX-Slow: ").await.status, 408);
    assert_eq!(raw(world.edge.addr, b"").await.status, 408);
    let frame = world.frame_token(PAGE).await;
    let full = Ask::own("/v1/session", &frame).json("{\"a\":1}").bytes();
    let reply = raw(world.edge.addr, &full[..full.len() - 2]).await;
    assert_eq!((reply.status, reply.code().as_str()), (408, "invalid"));
    // A connection that only rests between two requests is closed without a word.
    let mut stream = TcpStream::connect(world.edge.addr).await.unwrap();
    let ask = format!("GET /v1/loader.js HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let reply = read_reply(&mut stream).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "loader()"));
}

#[tokio::test]
async fn a_body_that_is_too_large_or_packed_is_refused() {
    let world = World::with(Plan::default().set("EDGE_BODY_BYTES", 1000).set("LIMITS_FILE_BYTES", 2000)).await;
    let session = world.session().await;
    // Announced, and not announced.
    let large = format!("{{\"answers\":{{\"a\":\"{}\"}}}}", "x".repeat(5000));
    assert_eq!(world.send(world.submit(&session, "1").body(large.as_bytes())).await.status, 413);
    let announced = world.submit(&session, "1").without("Content-Length").header("Content-Length", "999999999").bytes();
    assert_eq!(raw(world.edge.addr, &announced).await.status, 413);
    let chunked = world.submit(&session, "1").without("Content-Length").header("Transfer-Encoding", "chunked").bytes();
    let head = chunked.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let mut endless = chunked[..head].to_vec();
    for _ in 0..10 {
        endless.extend_from_slice(b"200\r\n");
        endless.extend_from_slice(&[b' '; 512]);
        endless.extend_from_slice(b"\r\n");
    }
    assert_eq!(raw(world.edge.addr, &endless).await.status, 413);
    // Nothing is ever unpacked.
    let packed = world.submit(&session, "1").header("Content-Encoding", "gzip");
    assert_eq!(world.send(packed).await.status, 415);
    let upload = Ask::own("/v1/a/upload?field=a", &session).header("Idempotency-Key", "u");
    let upload = upload.header("Content-Type", "application/octet-stream");
    assert_eq!(world.send(upload.clone().body(&[0; 2001])).await.status, 413);
    assert_eq!(world.send(upload.body(&[0; 2000])).await.status, 201);
    assert_eq!(world.core.calls().len(), 1);
    let long = format!("GET /w/{}?o={} HTTP/1.1\r\nHost: {HOST}\r\n\r\n", world.widget, "a".repeat(200_000));
    assert!([414, 431].contains(&raw(world.edge.addr, long.as_bytes()).await.status));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_was_begun() {
    let world = World::new().await;
    let session = world.session().await;
    world.core.hold().await;
    let addr = world.edge.addr;
    let ask = world.submit(&session, "1");
    let open = tokio::spawn(async move { ask.send(addr).await });
    let admin = world.edge.admin_addr.unwrap();
    // The request is with the core when its connection is the one that is open there.
    eventually("the request is on its way", || async {
        let metrics = Ask::get("/readyz").host(&admin.to_string()).send(admin).await;
        metrics.status == 200 && world.core.waiting() == 1
    })
    .await;
    let core = world.core.clone();
    let edge = world.edge.clone();
    let stopping = tokio::spawn(async move { edge.stop().await });
    eventually("no new connections", || async { TcpStream::connect(addr).await.is_err() }).await;
    core.release();
    assert_eq!(open.await.unwrap().status, 201);
    stopping.await.unwrap();
}
