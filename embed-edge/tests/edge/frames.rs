//! Who gets a frame document, and what is in it. Row numbers are those of the attack table of the embed protocol.
use crate::support::{Ask, EDGE_ORIGIN, PAGE, World, eventually, frame_url};
use kernel::embed::WidgetId;

#[tokio::test]
async fn an_allowed_page_gets_a_frame_with_every_header() {
    let world = World::new().await;
    world.db.allow(world.tenant, "ancestor_only", "https://builder.example").await;
    world.db.allow(world.tenant, "exact", "https://other.example").await;
    eventually("the new entry", || async {
        world.send(world.frame(PAGE)).await.policy("frame-ancestors").unwrap().contains("builder")
    })
    .await;
    let reply = world.send(world.frame(PAGE)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(reply.header("cache-control"), Some("private, no-store"));
    assert_eq!(reply.header("referrer-policy"), Some("strict-origin"));
    assert_eq!(reply.header("origin-agent-cluster"), Some("?1"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("x-robots-tag"), Some("noindex"));
    assert!(reply.header("permissions-policy").unwrap().contains("camera=()"));
    for absent in ["x-frame-options", "set-cookie", "cross-origin-embedder-policy", "strict-transport-security"] {
        assert_eq!(reply.header(absent), None, "{absent}");
    }
    reply.assert_no_cors();
    // Only the page itself and the ancestor-only entry: the tenant's other domains stay its secret.
    assert_eq!(reply.policy("frame-ancestors").as_deref(), Some("https://client.example https://builder.example"));
    assert_eq!(reply.policy("default-src").as_deref(), Some("'none'"));
    assert_eq!(reply.policy("script-src").as_deref(), Some("'self'"));
    assert_eq!(reply.policy("connect-src").as_deref(), Some("'self'"));
    assert_eq!(reply.policy("form-action").as_deref(), Some("'self'"));
    assert_eq!(reply.policy("base-uri").as_deref(), Some("'none'"));
    assert_eq!(reply.policy("require-trusted-types-for").as_deref(), Some("'script'"));
    let style = reply.policy("style-src").unwrap();
    let nonce = style.strip_prefix("'self' 'nonce-").unwrap().trim_end_matches('\'');
    assert!(reply.body.contains(&format!("<style nonce=\"{nonce}\">")));
    let data = reply.data();
    assert_eq!(data["v"], 1);
    assert_eq!(data["widget"], world.widget.as_str());
    assert_eq!((&data["kind"], &data["origin"]), (&"form".into(), &PAGE.into()));
    assert_eq!((&data["lang"], &data["theme"], &data["mode"]), (&"en".into(), &"light".into(), &"inline".into()));
    assert_eq!(data["build"], "b123");
    assert_eq!(data["config"]["form"]["title"], "</script><b>&");
    assert_eq!(data["brand"]["name"], "Acme");
    assert!(!reply.body.contains("</script><b>"), "configuration cannot end the script element");
    let other = world.send(world.frame(PAGE)).await;
    assert_ne!(other.data()["token"], data["token"]);
    assert_ne!(other.policy("style-src"), Some(style));
}

#[tokio::test]
async fn a_page_that_is_not_allowed_is_refused_and_seen() {
    let world = World::new().await;
    // Row 1: the snippet was copied.
    world.send(world.frame("https://evil.test")).await.assert_refused();
    // Row 13: the http page of an https entry.
    world.send(world.frame("http://client.example")).await.assert_refused();
    world.send(world.frame(PAGE)).await;
    world.send(world.frame(PAGE)).await;
    eventually("the report", || async { world.core.sightings().iter().map(|s| s.2).sum::<u64>() == 3 }).await;
    let expected = [(PAGE.to_owned(), "Seen".to_owned(), 2), ("https://evil.test".to_owned(), "Refused".to_owned(), 1)];
    assert_eq!(world.core.sightings(), expected);
    // Whoever stops tells what it answered and had not told: a refusal is an answer, and no failure.
    world.edge.stop().await;
    assert_eq!(world.core.answered(), (4, 0));
}

#[tokio::test]
async fn refusals_do_not_tell_what_they_refuse() {
    let world = World::new().await;
    let off = world.db.widget(world.tenant).await;
    world.db.run(&format!("update control.widgets set enabled = false where id = '{off}'")).await;
    let suspended = world.db.tenant().await;
    let theirs = world.db.widget(suspended).await;
    world.db.allow(suspended, "exact", PAGE).await;
    world.db.run(&format!("update control.tenants set state = 'suspended' where id = '{suspended}'")).await;
    let nobody = world.db.tenant().await;
    let nowhere = world.db.widget(nobody).await;
    let ask = |id: &str| {
        let target = frame_url(world.widget, PAGE).replace(world.widget.as_str(), id);
        Ask::get(&target).header("Referer", "https://client.example/").header("Sec-Fetch-Dest", "iframe")
    };
    // Row 40: unauthorised, unknown, off, suspended, empty list, wrong checksum, nonsense.
    let reference = world.send(world.frame("https://evil.test")).await.without_date();
    reference.assert_refused();
    let unknown = WidgetId::random();
    for id in [unknown.as_str(), off.as_str(), theirs.as_str(), nowhere.as_str(), "w_0000000000000000", "x", ""] {
        let reply = world.send(ask(id)).await;
        assert_eq!(reply.without_date(), reference, "{id:?}");
    }
}

#[tokio::test]
async fn a_lie_about_the_page_is_refused() {
    let world = World::new().await;
    let forged = |referer: &str| world.frame(PAGE).without("Referer").header("Referer", referer);
    // Row 2: the page says one thing, the browser another.
    for referer in
        ["https://evil.test/", "https://client.example.evil.test/", "http://client.example/", "nonsense", "null"]
    {
        world.send(forged(referer)).await.assert_refused_use();
    }
    // Row 3: a page that hides where it is gets a document only the claimed page can show.
    let hidden = world.send(world.frame(PAGE).without("Referer")).await;
    assert_eq!((hidden.status, hidden.policy("frame-ancestors").as_deref()), (200, Some(PAGE)));
    // A frame that reloads itself names our own origin.
    assert_eq!(world.send(forged(&format!("{EDGE_ORIGIN}/w/x"))).await.status, 200);
    assert_eq!(world.send(forged("https://client.example/deep/page?secret=1")).await.status, 200);
}

#[tokio::test]
async fn only_frames_get_frames() {
    let world = World::new().await;
    let with = |name: &str, value: &str| world.frame(PAGE).without(name).header(name, value);
    // Row 4: fetch() of the document.
    let fetch = with("Sec-Fetch-Dest", "empty").without("Sec-Fetch-Mode").header("Sec-Fetch-Mode", "cors");
    world.send(fetch.header("Origin", "https://evil.test")).await.assert_refused_use();
    // Row 5: script, image, object, embed.
    for dest in ["script", "image", "object", "embed", "frame", "fencedframe"] {
        world.send(with("Sec-Fetch-Dest", dest)).await.assert_refused_use();
    }
    world.send(with("Sec-Fetch-Mode", "no-cors")).await.assert_refused_use();
    // Row 6: a direct link, before and after the widget has a page of its own.
    world.send(with("Sec-Fetch-Dest", "document")).await.assert_refused_use();
    let sql = format!(
        "update control.widgets set hosted_url = 'https://book.agency.test/acme' where id = '{}'",
        world.widget
    );
    world.db.run(&sql).await;
    eventually("the hosted page", || async { world.send(with("Sec-Fetch-Dest", "document")).await.status == 303 })
        .await;
    let reply = world.send(with("Sec-Fetch-Dest", "document")).await;
    assert_eq!(reply.header("location"), Some("https://book.agency.test/acme"));
    // Row 7: a browser that says nothing gets a document that shows nothing outside its page.
    let old = Ask::get(&frame_url(world.widget, PAGE));
    let reply = world.send(old).await;
    assert_eq!((reply.status, reply.policy("frame-ancestors").as_deref()), (200, Some(PAGE)));
}

#[tokio::test]
async fn claims_that_are_not_canonical_are_refused() {
    let world = World::new().await;
    world.db.allow(world.tenant, "wildcard", "https://*.shop.example").await;
    eventually("the wildcard", || async { world.send(world.frame("https://a.shop.example")).await.status == 200 })
        .await;
    let claim = |text: &str| Ask::get(&frame_url(world.widget, text)).header("Sec-Fetch-Dest", "iframe");
    // Rows 9 and 11.
    for text in [
        "null",
        "",
        "https://evilclient.example",
        "https://client.example.evil.test",
        "https://client.example.",
        "https://user@client.example",
        "https://client%2eexample",
        "https://client\u{3002}example",
        "https://client.example:443",
        "https://CLIENT.example",
        "https://b\u{fc}cher.example",
        "https://client.example/",
        "https://client.example/page",
        "https://shop.example",
        "https://evilshop.example",
        "file:///etc/passwd",
        "chrome-extension://abc",
    ] {
        world.send(claim(text)).await.assert_refused();
    }
    // Row 12: nothing of it comes back.
    for text in [
        "https://client.example;script-src *",
        "https://a.example,https://b.example",
        "https://client.example\r\nx-evil: 1",
    ] {
        let reply = world.send(claim(text)).await;
        assert_eq!(reply.status, 400, "{text:?}");
        assert!(!format!("{reply:?}").contains("evil") && !reply.body.contains("example"), "{reply:?}");
    }
    let long = format!("https://{}.example", "a".repeat(2100));
    assert_eq!(world.send(claim(&long)).await.status, 414);
    assert_eq!(world.send(claim(&"x".repeat(65_536))).await.status, 414);
    let twice = format!("{}&o=https%3A%2F%2Fevil.test", frame_url(world.widget, PAGE));
    assert_eq!(world.send(Ask::get(&twice)).await.status, 400);
}

#[tokio::test]
async fn wishes_outside_the_closed_lists_become_defaults() {
    let world = World::new().await;
    // Row 38: response splitting and markup through language and theme.
    let target =
        format!("/w/{}?o=https%3A%2F%2Fclient.example&l=%0d%0ax-evil%3A1&t=%22%3E%3Cscript%3E&m=%00&v=9", world.widget);
    let reply = world.send(Ask::get(&target)).await;
    let data = reply.data();
    assert_eq!((&data["lang"], &data["theme"], &data["mode"]), (&"en".into(), &"light".into(), &"inline".into()));
    assert_eq!(reply.header("x-evil"), None);
    let target = format!("/w/{}?o=https%3A%2F%2Fclient.example&l=ar-EG&t=dark&m=popup", world.widget);
    let reply = world.send(Ask::get(&target)).await;
    assert!(
        reply.body.starts_with("<!doctype html><html lang=ar dir=rtl data-theme=dark data-mode=popup>"),
        "{}",
        reply.body
    );
}

#[tokio::test]
async fn a_speculative_load_counts_nothing() {
    let world = World::new().await;
    // Row 37.
    let reply = world.send(world.frame(PAGE).header("Sec-Purpose", "prefetch;prerender")).await;
    assert_eq!(reply.status, 200);
    world.send(world.frame("https://evil.test").header("Sec-Purpose", "prefetch")).await.assert_refused();
    world.send(world.frame(PAGE)).await;
    eventually("the report", || async { !world.core.sightings().is_empty() }).await;
    assert_eq!(world.core.sightings(), [(PAGE.to_owned(), "Seen".to_owned(), 1)]);
}

#[tokio::test]
async fn an_isolated_page_gets_the_isolation_pair() {
    let world = World::new().await;
    world.db.run("update control.widgets set cross_origin_isolated = true").await;
    eventually("the switch", || async {
        world.send(world.frame(PAGE)).await.header("cross-origin-embedder-policy").is_some()
    })
    .await;
    let reply = world.send(world.frame(PAGE)).await;
    assert_eq!(reply.header("cross-origin-embedder-policy"), Some("require-corp"));
    assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"));
}

#[tokio::test]
async fn other_methods_are_named_and_grant_nothing() {
    let world = World::new().await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"] {
        let reply = world.send(Ask::new(method, &frame_url(world.widget, PAGE)).header("Origin", PAGE)).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET")), "{method}");
        reply.assert_no_cors();
    }
}
