//! Feasts, and how dates are read.
use crate::{contacts::member_with, forms::World};
use serde_json::json;

#[tokio::test]
async fn feasts_have_days_that_the_moon_may_move() {
    let world = World::start().await;
    let day_of = async |key: &str| {
        let all = world.owner.get("/v1/feasts?from=2027-01-01&to=2027-12-31").await;
        let items = all.expect(200)["items"].as_array().expect("items").clone();
        let feast = items.into_iter().find(|feast| feast["key"] == key).expect("a feast");
        (
            feast["days"][0]["day"].as_str().expect("a day").to_owned(),
            feast["days"][0]["year"].as_i64().expect("a year"),
        )
    };
    assert_eq!(day_of("eid_al_fitr").await, ("2027-03-09".to_owned(), 1448));
    world.owner.patch("/v1/occasion-settings", json!({"hijri_shift": 1})).await.expect(200);
    assert_eq!(day_of("eid_al_fitr").await.0, "2027-03-10");
    let shift = json!({"feast": "eid_al_fitr", "year": 1448, "days": 2});
    world.owner.put("/v1/feast-shifts", shift).await.expect(204);
    assert_eq!(day_of("eid_al_fitr").await.0, "2027-03-11");
    assert_eq!(day_of("eid_al_adha").await.0, "2027-05-17", "the habit for all others");
    world.owner.put("/v1/feast-shifts", json!({"feast": "eid_al_fitr", "year": 1448})).await.expect(204);
    assert_eq!(day_of("eid_al_fitr").await.0, "2027-03-10");
    let refused = world.owner.put("/v1/feast-shifts", json!({"feast": "christmas", "year": 2027, "days": 9})).await;
    let codes: Vec<_> =
        refused.expect(422)["errors"].as_array().expect("errors").iter().map(|e| e["code"].clone()).collect();
    assert_eq!(codes, ["feast_unknown", "year_range", "shift_range"]);
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "feast.shifted").count(), 2);
}

#[tokio::test]
async fn settings_say_how_dates_are_read() {
    let world = World::start().await;
    let read = world.owner.get("/v1/occasion-settings").await;
    assert_eq!((&read.expect(200)["leap_policy"], &read.body["one_a_day"]), (&json!("feb28"), &json!(true)));
    let stale = world.owner.with("If-Match", read.etag());
    stale.patch("/v1/occasion-settings", json!({"leap_policy": "mar1", "notices": [0, 30, 7, 7]})).await.expect(200);
    stale.patch("/v1/occasion-settings", json!({"leap_policy": "feb28"})).await.expect(412);
    assert_eq!(world.owner.get("/v1/occasion-settings").await.expect(200)["notices"], json!([30, 7, 0]));
    let refused = world.owner.patch("/v1/occasion-settings", json!({"packs": ["XX"], "hijri_shift": 5})).await;
    assert_eq!(refused.expect(422)["errors"].as_array().map(Vec::len), Some(2));
    let (sam, _) = member_with(&world, "Sam", json!({"occasions.read": "all"})).await;
    sam.patch("/v1/occasion-settings", json!({"hijri_shift": 1})).await.expect(403);
}
