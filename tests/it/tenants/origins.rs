//! Websites on which widgets may live.
use super::{World, refused};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_website_is_stored_as_browsers_spell_it() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    for (typed, stored, kind) in [
        ("Client.EXAMPLE/", "https://client.example", "exact"),
        ("https://bücher.example:443", "https://xn--bcher-kva.example", "exact"),
        ("*.client.example", "https://*.client.example", "wildcard"),
        ("http://localhost:8100", "http://localhost:8100", "exact"),
    ] {
        let added = owner.client.post("/v1/origins", json!({"origin": typed})).await;
        assert_eq!((&added.expect(201)["origin"], &added.body["kind"]), (&json!(stored), &json!(kind)), "{typed}");
    }
    let twice = owner.client.post("/v1/origins", json!({"origin": "https://CLIENT.example:443"})).await;
    twice.problem(409, "origin_exists");
    for (typed, code) in [
        ("*.co.uk", "origin_public_suffix"),
        ("*.myshopify.com", "origin_public_suffix"),
        ("https://client.example/contact", "origin_path"),
        ("http://client.example", "origin_scheme"),
        ("https://client.example; script-src x", "origin_characters"),
        ("https://*.*.example", "origin_wildcard_form"),
        ("*.192.0.2.7", "origin_wildcard_address"),
        ("https://user@client.example", "origin_userinfo"),
    ] {
        let answer = owner.client.post("/v1/origins", json!({"origin": typed})).await;
        assert_eq!(refused(&answer), [("/origin".into(), code.into())], "{typed}");
    }
    assert_eq!(owner.client.get("/v1/origins?sort=origin").await.expect(200)["items"].as_array().unwrap().len(), 4);
    let file = owner.client.get("/v1/origins/export?filter=kind:eq:wildcard").await;
    file.expect(200);
    assert!(file.text.starts_with("id,origin,kind,widget_id,enabled,created_at\r\nori_"), "{}", file.text);
    assert!(file.text.contains(",https://*.client.example,wildcard,,true,"), "{}", file.text);
    assert_eq!(file.text.lines().count(), 2);
    let stranger = world.agency("Harbour").await;
    assert_eq!(stranger.client.get("/v1/origins/export").await.text.lines().count(), 1, "another tenant has its own");
    owner.client.get("/v1/origins/export?filter=nonsense:eq:1").await.problem(422, "invalid");
    assert!(world.log(owner.tenant).await.contains(&"origin.exported".to_owned()));
}

#[tokio::test]
async fn the_other_spelling_with_or_without_www_is_suggested_once() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let first = owner.client.post("/v1/origins", json!({"origin": "client.example.com"})).await;
    assert!(first.expect(201)["suggestion"].is_null(), "a subdomain has no www beside it");
    let bare = owner.client.post("/v1/origins", json!({"origin": "dental.com"})).await;
    assert_eq!(bare.expect(201)["suggestion"], "https://www.dental.com");
    let www = owner.client.post("/v1/origins", json!({"origin": "www.dental.com"})).await;
    assert!(www.expect(201)["suggestion"].is_null(), "both are there now");
}

#[tokio::test]
async fn every_change_reaches_the_edges_revision() {
    let world = World::start().await;
    let (owner, stranger) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let widget = world.widget(owner.tenant, Uuid::from_u128(7)).await;
    let mut rev = world.rev(owner.tenant).await;
    let mut raised = async || {
        let now = world.rev(owner.tenant).await;
        let more = now > rev;
        rev = now;
        more
    };
    let one = json!({"origin": "a.example", "widget_id": widget.id});
    let added = owner.client.post("/v1/origins", one).await;
    assert_eq!(added.expect(201)["widget_id"], json!(widget.id));
    assert!(raised().await);
    // A refused request changes nothing.
    owner.client.post("/v1/origins", json!({"origin": "*.com"})).await.expect(422);
    assert!(!raised().await);
    let path = format!("/v1/origins/{}", added.text_of("id"));
    stranger.client.get(&path).await.problem(404, "not_found");
    stranger.client.delete(&path).await.problem(404, "not_found");
    assert!(!raised().await);
    let theirs = stranger.client.post("/v1/origins", json!({"origin": "b.example", "widget_id": widget.id})).await;
    assert_eq!(refused(&theirs), [("/widget_id".into(), "widget_unknown".into())]);
    owner.client.delete(&path).await.expect(204);
    assert!(raised().await);
    owner.client.delete(&path).await.problem(404, "not_found");
    // Suspension and resumption are news for edges too.
    let client = world.client(&owner, "Dental").await;
    world.widget(client, Uuid::from_u128(8)).await;
    let before = world.rev(client).await;
    owner.client.post(&format!("/v1/clients/{client}/suspension"), json!({"reason": "x"})).await.expect(201);
    assert!(world.rev(client).await > before);
    let log = world.log(owner.tenant).await;
    assert!(log.contains(&"origin.allowed".to_owned()) && log.contains(&"origin.refused".to_owned()));
}

#[tokio::test]
async fn edges_are_told_the_moment_it_commits() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let (client, mut connection) =
        tokio_postgres::connect(&world.app.db.url("upzento_edge"), tokio_postgres::NoTls).await.unwrap();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let listener = tokio::spawn(async move {
        while let Some(Ok(message)) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
            if let tokio_postgres::AsyncMessage::Notification(news) = message {
                let _ = tell.send(news.payload().to_owned());
            }
        }
    });
    client.batch_execute("listen embed_cfg").await.unwrap();
    owner.client.post("/v1/origins", json!({"origin": "a.example"})).await.expect(201);
    let payload = told.recv().await.unwrap();
    assert_eq!(payload, format!("{}:{}", owner.tenant.0, world.rev(owner.tenant).await));
    listener.abort();
}

#[tokio::test]
async fn staff_of_a_client_looks_but_does_not_touch() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let staff = world.member(client, "client_staff", "Kim").await;
    staff.client.get("/v1/origins").await.expect(200);
    staff.client.post("/v1/origins", json!({"origin": "a.example"})).await.problem(403, "permission_missing");
}
