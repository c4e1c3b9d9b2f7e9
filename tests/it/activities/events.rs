//! The event log for programs that follow it.
use crate::{contacts::id_of, contacts::member_with, forms::World};
use serde_json::{Value, json};

#[tokio::test]
async fn the_log_is_replayed_from_any_place_and_always_says_the_same() {
    let world = World::start().await;
    for i in 0..7 {
        let id = id_of(&world.owner, json!({"display_name": format!("C{i}")})).await;
        world.owner.patch(&format!("/v1/contacts/{id}"), json!({"stage": "won"})).await.expect(200);
        if i % 3 == 0 {
            world.app.settle().await;
        }
    }
    world.app.settle().await;
    let whole = world.owner.get("/v1/events?limit=200").await;
    let all = whole.expect(200)["items"].as_array().expect("items").clone();
    let seqs: Vec<i64> = all.iter().filter_map(|e| e["seq"].as_i64()).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>(), "no gaps");
    assert!(seqs.len() >= 14);
    assert_eq!(whole.body["next"], seqs.len());
    for limit in [1, 3, 5, 200] {
        let (mut read, mut after): (Vec<Value>, i64) = (vec![], 0);
        loop {
            let page = world.owner.get(&format!("/v1/events?after={after}&limit={limit}")).await;
            let items = page.expect(200)["items"].as_array().expect("items").clone();
            after = page.body["next"].as_i64().expect("next");
            if items.is_empty() {
                break;
            }
            read.extend(items);
        }
        assert_eq!(read, all, "by {limit}");
        assert_eq!(after, seqs.len() as i64);
    }
    let some = world.owner.get("/v1/events?kind=contact.stage_changed&limit=5").await;
    assert_eq!(some.expect(200)["items"].as_array().map(Vec::len), Some(5));
    let rest = world.owner.get(&format!("/v1/events?kind=contact.stage_changed&after={}", some.body["next"])).await;
    assert_eq!(rest.expect(200)["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(rest.body["next"], seqs.len(), "what did not fit is behind the reader");
    assert_eq!(world.owner.get("/v1/events?after=9999").await.expect(200)["next"], 9999);
    world.owner.get("/v1/events?limit=0").await.expect(422);
    let (una, _) = member_with(&world, "Una", json!({"activities.*": "own"})).await;
    una.get("/v1/events").await.problem(403, "level_all_needed");
    let stranger = world.stranger().await;
    let theirs = stranger.get("/v1/events?kind=contact.created").await;
    assert_eq!(theirs.expect(200)["items"], json!([]));
    world.app.settle().await;
}
