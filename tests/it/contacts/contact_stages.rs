//! Stages.
use crate::forms::World;

#[tokio::test]
async fn every_tenant_starts_with_the_same_stages() {
    let world = World::start().await;
    let stages = world.owner.get("/v1/contact-stages").await;
    let keys: Vec<&str> =
        stages.expect(200)["items"].as_array().expect("items").iter().filter_map(|s| s["key"].as_str()).collect();
    assert_eq!(keys, ["new", "contacted", "qualified", "proposal", "negotiation", "won", "lost"]);
}
