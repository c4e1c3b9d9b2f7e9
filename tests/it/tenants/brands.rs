//! How an account looks.
use super::{World, refused};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_client_looks_like_its_agency_until_it_has_a_brand() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let brand = json!({"name": "Northlight", "logo_url": "https://cdn.example/l.svg", "colors": {"accent": "#2F5D50"},
        "legal_links": [{"label": "Privacy", "url": "https://northlight.example/privacy"}]});
    let put = owner.client.put("/v1/brand", brand).await;
    assert_eq!(put.expect(200)["look"]["on_accent"], "#ffffff", "chosen to be readable");
    assert_eq!(put.body["colors"]["accent"], "#2f5d50");
    let theirs = owner.acting_in(client).get("/v1/brand").await;
    assert_eq!((&theirs.expect(200)["own"], &theirs.body["look"]["name"]), (&json!(false), &json!("Northlight")));
    let own =
        owner.acting_in(client).put("/v1/brand", json!({"name": "Dental", "colors": {"accent": "#ffe14d"}})).await;
    assert_eq!(own.expect(200)["look"]["on_accent"], "#111111");
    assert_eq!(own.body["look"]["logo_url"], "https://cdn.example/l.svg", "what it did not choose is the agency's");
    assert_eq!(own.body["warnings"].as_array().unwrap().len(), 1, "yellow buttons on white are hard to see");
    assert_eq!((&own.body["sky"], &own.body["look"]["sky"]), (&json!(null), &json!(true)));
    owner.client.put("/v1/brand", json!({"name": "Northlight", "sky": false})).await.expect(200);
    let without = owner.acting_in(client).get("/v1/brand").await;
    assert_eq!(without.expect(200)["look"]["sky"], false, "the agency took the sky away");
    let with = owner.acting_in(client).put("/v1/brand", json!({"name": "Dental", "sky": true})).await;
    assert_eq!((&with.expect(200)["sky"], &with.body["look"]["sky"]), (&json!(true), &json!(true)));
    owner.acting_in(client).delete("/v1/brand").await.expect(204);
    assert_eq!(owner.acting_in(client).get("/v1/brand").await.expect(200)["own"], false);
}

#[tokio::test]
async fn what_cannot_be_read_or_shown_is_refused() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let brand = json!({"logo_url": "http://x.example/l.svg",
        "colors": {"accent": "#777777", "on_accent": "#888888", "surface": "white"},
        "legal_links": [{"label": "Ok", "url": "javascript:alert(1)"}]});
    let fields: Vec<_> = refused(&owner.client.put("/v1/brand", brand).await).into_iter().map(|(f, _)| f).collect();
    assert_eq!(fields, ["/logo_url", "/legal_links/0/url", "/colors/surface", "/colors/on_accent"]);
    let tag = owner.client.put("/v1/brand", json!({"name": "A"})).await.etag();
    owner.client.put("/v1/brand", json!({"name": "B"})).await.expect(200);
    owner.client.with("if-match", tag).put("/v1/brand", json!({"name": "C"})).await.problem(412, "stale");
}

#[tokio::test]
async fn edges_hear_of_a_new_look_of_the_tenant_and_its_agency() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    world.widget(client, Uuid::from_u128(1)).await;
    let before = world.rev(client).await;
    owner.client.put("/v1/brand", json!({"name": "Northlight", "colors": {"accent": "#123456"}})).await.expect(200);
    let between = world.rev(client).await;
    assert!(between > before, "the agency's look is worn by its clients");
    owner.acting_in(client).put("/v1/brand", json!({"name": "Dental"})).await.expect(200);
    assert!(world.rev(client).await > between);
    let row = world.app.db.superuser().await.query_one("select brand::text from edge.widgets", &[]).await.unwrap();
    let brand: serde_json::Value = serde_json::from_str(row.get(0)).unwrap();
    assert_eq!(brand["name"], "Dental");
    assert!(brand.to_string().contains("#123456"), "{brand}");
}

/// One pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[tokio::test]
async fn a_logo_is_uploaded_worn_and_seen_by_anybody() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let made = owner.client.post("/v1/logos", json!({"content": PIXEL})).await;
    made.expect(201);
    let url = made.text_of("url");
    let brand = owner.client.put("/v1/brand", json!({"name": "Northlight", "logo_url": url})).await;
    assert_eq!(brand.expect(200)["look"]["logo_url"], url);
    let path = url.find("/v1/").map(|at| url[at..].to_owned()).unwrap();
    let seen = world.app.anonymous().get(&path).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.headers["content-type"], "image/png");
    assert!(seen.headers["cache-control"].to_str().unwrap().contains("immutable"));
    // What could run in a browser is no logo, and neither is any other address of ours.
    let svg = owner.client.post("/v1/logos", json!({"content": "PHN2Zy8+"})).await;
    assert_eq!(refused(&svg), [("/content".into(), "logo_kind".into())]);
    let other = owner.client.put("/v1/brand", json!({"logo_url": format!("{url}/../../me")})).await;
    assert_eq!(refused(&other), [("/logo_url".into(), "url_invalid".into())]);
    // The worn one outlives many tries.
    for _ in 0..6 {
        owner.client.post("/v1/logos", json!({"content": PIXEL})).await.expect(201);
    }
    assert_eq!(world.app.anonymous().get(&path).await.status, 200);
}
