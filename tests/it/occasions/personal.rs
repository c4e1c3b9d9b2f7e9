//! Days of people are personal: handed out, and gone when they are erased.
use super::{birthday, greeting, owner, person};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::json;

#[tokio::test]
async fn who_is_erased_leaves_no_days() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let ada = person(&world, "Ada", json!({"owner": world.owner_id})).await;
    birthday(&world, &ada, 11, 21, Some(1990)).await;
    let company = world.owner.post("/v1/companies", json!({"name": "Lantern"})).await.text_of("id");
    let naming = json!({"company": company, "kind": "custom", "label": "Write ada@people.example", "date_kind": "yearly", "month": 5, "day": 1});
    world.owner.post("/v1/occasions", naming).await.expect(201);
    let bob = person(&world, "Bob", json!({})).await;
    birthday(&world, &bob, 3, 1, None).await;
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    let owner = owner(&world).await;
    let asked = owner.post("/v1/data-requests", json!({"contact": ada, "kind": "erasure"})).await.text_of("id");
    world.app.settle().await;
    let done = owner.get(&format!("/v1/data-requests/{asked}")).await;
    let tables = &done.expect(200)["proof"]["tables"];
    assert_eq!((&tables["occasions"], &tables["greeting_sends"]), (&json!(2), &json!(1)), "{tables}");
    assert_eq!(world.count("select count(*) from occasions").await, 2);
    assert_eq!(world.count("select count(*) from occasions where label = '[erased]'").await, 1);
    assert_eq!(world.count("select count(*) from greeting_sends").await, 0);
    assert_eq!(world.count("select count(*) from notifications where kind = 'occasion.notice'").await, 0);
}
