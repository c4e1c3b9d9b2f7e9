//! Widgets.
use super::{World, published};
use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn publishing_again_shows_the_new_version_under_the_same_id() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let form = Uuid::from_u128(7);
    let first = world.widget(owner.tenant, form).await;
    let rev = world.rev(owner.tenant).await;
    assert!(rev > 0);
    let same = world.widget(owner.tenant, form).await;
    assert_eq!((same.id.as_str(), same.config_rev), (first.id.as_str(), 1));
    assert_eq!(world.rev(owner.tenant).await, rev, "no edge is told about nothing");
    let new = published(owner.tenant, form, json!({"form": {"version": 2}}));
    let app = &world.app.app;
    let next = app.control(app.system("test"), async |tx| ::tenants::widgets::publish(tx, &new).await).await.unwrap();
    assert_eq!((next.id.as_str(), next.config_rev), (first.id.as_str(), 2));
    assert!(world.rev(owner.tenant).await > rev);
    app.control(app.system("test"), async |tx| ::tenants::widgets::withdraw(tx, owner.tenant, "form", form).await)
        .await
        .unwrap();
    assert_eq!(owner.client.get(&format!("/v1/widgets/{}", first.id)).await.expect(200)["enabled"], false);
    app.control(app.system("test"), async |tx| ::tenants::widgets::remove(tx, owner.tenant, "form", form).await)
        .await
        .unwrap();
    owner.client.get(&format!("/v1/widgets/{}", first.id)).await.problem(404, "not_found");
    let mut log: Vec<_> = world.log(owner.tenant).await.into_iter().filter(|k| k.starts_with("widget.")).collect();
    // The clock stands still here, so these have no order among themselves.
    log.sort();
    assert_eq!(log, ["widget.published", "widget.removed", "widget.updated", "widget.updated"]);
}

#[tokio::test]
async fn publishing_at_once_makes_one_widget() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let app = &world.app.app;
    let publish = |n: u64| {
        let new = published(owner.tenant, Uuid::from_u128(7), json!({"form": {"version": n}}));
        async move { app.control(app.system("test"), async |tx| ::tenants::widgets::publish(tx, &new).await).await }
    };
    let widgets: Vec<_> = join_all((0..6).map(publish)).await.into_iter().map(|w| w.unwrap().id).collect();
    assert!(widgets.iter().all(|id| *id == widgets[0]), "{widgets:?}");
}

#[tokio::test]
async fn widgets_are_listed_and_changed() {
    let world = World::start().await;
    let (owner, stranger) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let widget = world.widget(owner.tenant, Uuid::from_u128(7)).await;
    let path = format!("/v1/widgets/{}", widget.id);
    let list = owner.client.get("/v1/widgets?sort=name&filter=enabled:eq:true").await;
    assert_eq!(list.expect(200)["items"][0]["id"], json!(widget.id));
    assert!(list.body["items"][0]["resource_id"].as_str().unwrap().starts_with("frm_"));
    let rev = world.rev(owner.tenant).await;
    let tag = owner.client.get(&path).await.etag();
    let off = json!({"enabled": false, "hosted_url": "https://book.example/a", "name": "Book"});
    let changed = owner.client.with("if-match", tag.clone()).patch(&path, off).await;
    assert_eq!((&changed.expect(200)["enabled"], &changed.body["name"]), (&json!(false), &json!("Book")));
    assert!(world.rev(owner.tenant).await > rev);
    owner.client.with("if-match", tag).patch(&path, json!({"enabled": true})).await.problem(412, "stale");
    let bad = owner.client.patch(&path, json!({"hosted_url": "javascript:alert(1)"})).await;
    bad.problem(422, "invalid");
    assert!(owner.client.patch(&path, json!({"hosted_url": null})).await.expect(200)["hosted_url"].is_null());
    for (who, status) in [(&stranger, 404)] {
        who.client.get(&path).await.expect(status);
        who.client.patch(&path, json!({"enabled": true})).await.expect(status);
        who.client.get(&format!("{path}/snippet")).await.expect(status);
        who.client.get(&format!("{path}/sightings")).await.expect(status);
    }
    owner.client.patch(&path, json!({"name": "=1+1"})).await.expect(200);
    let file = owner.client.get("/v1/widgets/export?filter=enabled:eq:false").await;
    file.expect(200);
    assert!(file.text.contains(&format!("\r\n{},'=1+1,form,frm_", widget.id)), "{}", file.text);
    assert_eq!(owner.client.get("/v1/widgets/export?filter=enabled:eq:true").await.text.lines().count(), 1);
    assert_eq!(stranger.client.get("/v1/widgets/export").await.text.lines().count(), 1);
    assert!(world.log(owner.tenant).await.contains(&"widget.exported".to_owned()));
    owner.client.get("/v1/widgets/w_0000000000000000").await.problem(404, "not_found");
    assert!(stranger.client.get("/v1/widgets").await.expect(200)["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn the_snippet_names_what_is_missing() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let widget = world.widget(owner.tenant, Uuid::from_u128(7)).await;
    let path = format!("/v1/widgets/{}/snippet", widget.id);
    let html = owner.client.get(&format!("{path}?mode=popup")).await;
    let edge = &world.app.app.config.edge.public_url;
    assert!(
        html.expect(200)["html"]
            .as_str()
            .unwrap()
            .contains(&format!("data-upz=\"{}\" data-upz-mode=\"popup\"", widget.id))
    );
    assert!(html.text_of("html").contains(&format!("{edge}/v1/loader.js")));
    assert_eq!(html.body["policy"], json!([format!("script-src {edge}"), format!("frame-src {edge}")]));
    assert!(html.body["missing"].to_string().contains("No website is allowed yet"));
    assert!(owner.client.get(&format!("{path}?platform=react")).await.text_of("html").contains("useEffect"));
    owner.client.get(&format!("{path}?platform=myspace")).await.expect(400);
}

#[tokio::test]
async fn a_test_looks_at_the_page() {
    let world = World::start().await;
    world.app.expect_outbound_calls();
    let owner = world.agency("Northlight").await;
    let widget = world.widget(owner.tenant, Uuid::from_u128(7)).await;
    let edge = &world.app.app.config.edge.public_url;
    let page = format!("<div data-upz=\"{}\"></div><script async src=\"{edge}/v1/loader.js\"></script>", widget.id);
    let site = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::path("/contact"))
        .respond_with(wiremock::ResponseTemplate::new(200).set_body_string(page))
        .mount(&site)
        .await;
    let path = format!("/v1/widgets/{}/install-tests", widget.id);
    let url = format!("{}/contact", site.uri());
    let before = owner.client.post(&path, json!({"url": url})).await;
    assert_eq!(before.expect(200)["ready"], false);
    let state = |answer: &tests::Answer, name: &str| {
        let checks = answer.body["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|c| c["name"] == name).map(|c| c["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(state(&before, "website").as_deref(), Some("failed"));
    assert_eq!(state(&before, "loader").as_deref(), Some("ok"));
    owner.client.post("/v1/origins", json!({"origin": site.uri()})).await.expect(201);
    let after = owner.client.post(&path, json!({"url": url})).await;
    assert_eq!(after.expect(200)["ready"], true);
    assert_eq!(state(&after, "seen").as_deref(), Some("unknown"));
    // Nothing inside the house is called for somebody.
    for bad in ["http://10.0.0.1/", "file:///etc/passwd", "http://user@127.0.0.1/"] {
        owner.client.post(&path, json!({"url": bad})).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn a_plan_limits_widgets() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    world.sql("update control.tenants set plan_id = (select id from control.plans where key = 'free')  where kind = 'agency'").await;
    world.widget(owner.tenant, Uuid::from_u128(1)).await;
    world.widget(owner.tenant, Uuid::from_u128(2)).await;
    let app = &world.app.app;
    let third = published(owner.tenant, Uuid::from_u128(3), json!({}));
    let refused = app.control(app.system("test"), async |tx| ::tenants::widgets::publish(tx, &third).await).await;
    assert_eq!(refused.unwrap_err().code(), "plan_limit");
    // What is there can still be published anew.
    world.widget(owner.tenant, Uuid::from_u128(2)).await;
}
