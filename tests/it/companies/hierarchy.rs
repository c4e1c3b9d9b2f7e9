//! Which company belongs to which.
use super::{id_of, names};
use crate::forms::World;
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn set_parent(world: &World, id: &str, parent: &Value) -> (u16, String) {
    let answer = world.owner.patch(&format!("/v1/companies/{id}"), json!({"parent": parent})).await;
    (answer.status, answer.body["errors"][0]["code"].as_str().unwrap_or_default().to_owned())
}

/// How many companies are above themselves.
async fn circles(world: &World) -> i64 {
    world
        .count(
            "with recursive above as (
               select c.id as of, c.parent_id as id from companies c where c.parent_id is not null
               union select a.of, c.parent_id from above a join companies c on c.id = a.id where c.parent_id is not null)
             select count(*) from above where of = id",
        )
        .await
}

#[tokio::test]
async fn no_company_comes_above_itself() {
    let world = World::start().await;
    let mut ids = vec![];
    for name in ["Holding", "Group", "Shop"] {
        let parent: Option<&String> = ids.last();
        ids.push(id_of(&world.owner, json!({"name": name, "parent": parent})).await);
    }
    let cycle = (422, "cycle".to_owned());
    assert_eq!(set_parent(&world, &ids[0], &json!(ids[0])).await, cycle);
    assert_eq!(set_parent(&world, &ids[0], &json!(ids[1])).await, cycle);
    assert_eq!(set_parent(&world, &ids[0], &json!(ids[2])).await, cycle);
    // A deleted company keeps its place, so that it can be restored to it.
    world.owner.delete(&format!("/v1/companies/{}", ids[1])).await.expect(204);
    assert_eq!(set_parent(&world, &ids[0], &json!(ids[2])).await, cycle);
    assert_eq!(set_parent(&world, &ids[2], &json!(ids[1])).await.0, 200, "what it says already");
    world.owner.post(&format!("/v1/companies/{}/restoration", ids[1]), json!({})).await.expect(200);

    let below = world.owner.get(&format!("/v1/companies?filter=parent:eq:{}", ids[0])).await;
    assert_eq!(names(below.expect(200)), ["Group"]);
    assert_eq!(below.body["items"][0]["subsidiaries"], 1);
    assert_eq!(set_parent(&world, &ids[1], &Value::Null).await.0, 200);
    assert_eq!(set_parent(&world, &ids[0], &json!(ids[2])).await.0, 200, "now that it stands alone");
    assert_eq!(world.events().await.iter().filter(|k| *k == "company.moved").count(), 2);
    assert_eq!(circles(&world).await, 0);
    world.app.settle().await;
}

#[tokio::test]
async fn a_tree_has_at_most_twenty_levels() {
    let world = World::start().await;
    let mut chain: Vec<String> = vec![];
    for level in 1..=20 {
        chain.push(id_of(&world.owner, json!({"name": format!("Level {level}"), "parent": chain.last()})).await);
    }
    let deeper = world.owner.post("/v1/companies", json!({"name": "Level 21", "parent": chain[19]})).await;
    assert_eq!(deeper.problem(422, "invalid")["errors"][0]["code"], "too_deep");
    let above = id_of(&world.owner, json!({"name": "Level 0"})).await;
    assert_eq!(set_parent(&world, &chain[0], &json!(above)).await, (422, "too_deep".to_owned()));
    assert_eq!(set_parent(&world, &chain[1], &json!(above)).await.0, 200);
    world.app.settle().await;
}

#[tokio::test]
async fn two_who_put_companies_below_each_other_at_once_make_no_circle() {
    let world = World::start().await;
    for round in 0..6 {
        let one = id_of(&world.owner, json!({"name": format!("One {round}")})).await;
        let other = id_of(&world.owner, json!({"name": format!("Other {round}")})).await;
        let (first, second) = (json!(other), json!(one));
        let (a, b) = futures_util::join!(set_parent(&world, &one, &first), set_parent(&world, &other, &second));
        let mut answers = [a, b];
        answers.sort();
        assert_eq!(answers, [(200, String::new()), (422, "cycle".to_owned())], "round {round}");
    }
    assert_eq!(circles(&world).await, 0);
    world.app.settle().await;
}

#[tokio::test]
async fn many_who_close_a_ring_at_once_leave_it_open() {
    let world = World::start().await;
    let mut ring = vec![];
    for n in 0..8 {
        ring.push(id_of(&world.owner, json!({"name": format!("Ring {n}")})).await);
    }
    let parents: Vec<Value> = (0..8).map(|n| json!(ring[(n + 1) % 8])).collect();
    let answers = join_all((0..8).map(|n| set_parent(&world, &ring[n], &parents[n]))).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 7, "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, code)| code == "cycle").count(), 1);
    assert_eq!(circles(&world).await, 0);
    world.app.settle().await;
}
