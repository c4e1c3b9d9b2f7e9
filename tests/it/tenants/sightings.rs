//! Where widgets were met.
use super::World;
use ::kernel::embed::VisitorClaims;
use serde_json::{Value, json};
use tests::Answer;
use uuid::Uuid;

const TARGET: &str = "/edge/v1/sightings";

/// A report as an edge sends it.
async fn report(world: &World, lines: &Value) -> Answer {
    world.edge_says(TARGET, lines).await
}

#[tokio::test]
async fn reports_add_up_and_one_click_allows() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let widget = world.widget(owner.tenant, Uuid::from_u128(7)).await;
    owner.client.post("/v1/origins", json!({"origin": "good.example"})).await.expect(201);
    let at = world.app.clock.now().timestamp();
    let line = |origin: &str, outcome: &str, count: u64| json!({"widget": widget.id, "origin": origin, "outcome": outcome, "count": count, "at": at});
    let lines = json!([
        line("https://good.example", "seen", 3),
        line("https://good.example", "seen", 2),
        line("https://new.example", "refused", 4),
        line("https://NOT-canonical.example", "refused", 4),
        {"widget": "w_0000000000000000", "origin": "https://x.example", "outcome": "seen", "count": 1, "at": at},
    ]);
    for _ in 0..2 {
        report(&world, &lines).await.expect(204);
    }
    let path = format!("/v1/widgets/{}/sightings", widget.id);
    let before = owner.client.get(&path).await;
    let body = before.expect(200);
    assert_eq!((&body["seen"][0]["origin"], &body["seen"][0]["count"]), (&json!("https://good.example"), &json!(10)));
    assert_eq!(body["seen"][0]["allowed"], true);
    assert_eq!(body["refused"].as_array().unwrap().len(), 1);
    assert_eq!((&body["refused"][0]["count"], &body["refused"][0]["allowed"]), (&json!(8), &json!(false)));
    let figures = owner.client.get("/v1/widgets/figures").await;
    let all = figures.expect(200);
    assert_eq!((&all["week"], &all["before"], &all["days"][13]["count"]), (&json!(10), &json!(0), &json!(10)));
    let refused = all["refused"].as_array().unwrap();
    assert_eq!((refused.len(), &refused[0]["origin"]), (1, &json!("https://new.example")));
    assert_eq!((&refused[0]["count"], &refused[0]["widget_id"]), (&json!(8), &json!(widget.id)));
    let health = |answer: &Answer| answer.expect(200)["last_seen_at"].clone();
    assert!(health(&owner.client.get(&format!("/v1/widgets/{}", widget.id)).await).is_string());
    // One click: what was refused becomes an origin.
    let click = json!({"origin": body["refused"][0]["origin"], "widget_id": widget.id});
    owner.client.post("/v1/origins", click).await.expect(201);
    assert_eq!(owner.client.get(&path).await.expect(200)["refused"][0]["allowed"], true);
    assert_eq!(owner.client.get("/v1/widgets/figures").await.expect(200)["refused"], json!([]));
    world.app.advance(chrono::TimeDelta::days(2));
    let later = world.person_of(&owner).await;
    assert!(later.get(&format!("{path}?days=2")).await.expect(200)["seen"].as_array().unwrap().is_empty());
    later.get(&format!("{path}?days=91")).await.expect(422);
    world.app.advance(chrono::TimeDelta::days(90));
    world.app.settle().await;
    let left: i64 = world
        .app
        .db
        .superuser()
        .await
        .query_one("select count(*) from control.embed_sightings", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(left, 0);
}

#[tokio::test]
async fn only_our_edge_reports() {
    let world = World::start().await;
    let lines = json!([]);
    world.app.anonymous().post(TARGET, lines.clone()).await.problem(401, "edge_signature");
    let other = VisitorClaims::of_the_edge(world.app.clock.now().timestamp()).sign(&[1; 32], "POST", TARGET, b"[]");
    let forged =
        world.app.anonymous().with("upzento-visitor", other.claims).with("upzento-visitor-signature", other.signature);
    forged.post(TARGET, lines.clone()).await.problem(401, "edge_signature");
    report(&world, &lines).await.expect(204);
    report(&world, &json!([{"widget": "x", "colour": 1}])).await.expect(400);
}

#[tokio::test]
async fn a_refused_website_needs_the_agencys_attention() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let path = format!("/v1/clients/{client}");
    assert_eq!(owner.client.get(&path).await.expect(200)["health"], "idle");
    let widget = world.widget(client, Uuid::from_u128(7)).await;
    assert_eq!(owner.client.get(&path).await.expect(200)["health"], "attention", "it may live nowhere");
    owner.acting_in(client).post("/v1/origins", json!({"origin": "a.example"})).await.expect(201);
    assert_eq!(owner.client.get(&path).await.expect(200)["health"], "good");
    let at = world.app.clock.now().timestamp();
    let line =
        json!([{"widget": widget.id, "origin": "https://b.example", "outcome": "refused", "count": 2, "at": at}]);
    report(&world, &line).await.expect(204);
    let body = owner.client.get(&path).await;
    assert_eq!((&body.expect(200)["health"], &body.body["activity"]["refused_week"]), (&json!("attention"), &json!(2)));
    owner.acting_in(client).post("/v1/origins", json!({"origin": "b.example"})).await.expect(201);
    assert_eq!(owner.client.get(&path).await.expect(200)["health"], "good");
}
