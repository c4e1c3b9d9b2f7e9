//! Days off.
use crate::forms::World;
use serde_json::json;

#[tokio::test]
async fn days_off_are_listed_in_order_and_once() {
    let world = World::start().await;
    let owner = &world.owner;
    let add = async |day: &str, yearly: bool| {
        owner.post("/v1/holidays", json!({"day": day, "name": "Off", "yearly": yearly})).await
    };
    let christmas = add("2026-12-25", true).await;
    christmas.expect(201);
    add("2026-12-24", false).await.expect(201);
    add("2026-12-25", false).await.problem(409, "holiday_known");
    assert_eq!(add("1900-01-01", false).await.expect(422)["errors"][0]["code"], "date_range");
    let days = owner.get("/v1/holidays").await.expect(200)["items"].clone();
    let days: Vec<_> = days.as_array().unwrap().iter().map(|day| day["day"].as_str().unwrap()).collect();
    assert_eq!(days, ["2026-12-24", "2026-12-25"]);
    let path = format!("/v1/holidays/{}", christmas.text_of("id"));
    world.stranger().await.delete(&path).await.expect(404);
    owner.delete(&path).await.expect(204);
    owner.delete(&path).await.expect(404);
    assert_eq!(owner.get("/v1/holidays?filter=yearly:eq:true").await.expect(200)["items"], json!([]));
}
