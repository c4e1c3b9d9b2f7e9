//! The people of a deal, and what is left when one of them is erased.
use super::{close, id_of};
use crate::forms::World;
use serde_json::{Value, json};

#[tokio::test]
async fn contacts_take_part_with_roles_in_their_order() {
    let world = World::start().await;
    let mut people = vec![];
    for name in ["Ada", "Bob"] {
        people.push(crate::contacts::id_of(&world.owner, json!({"first_name": name})).await);
    }
    let id =
        id_of(&world.owner, json!({"title": "Roof", "contacts": [{"contact": people[0], "role": "billing"}]})).await;
    let path = format!("/v1/deals/{id}");
    // Named twice counts once, where it was named first.
    let both =
        json!([{"contact": people[1], "role": "decision_maker"}, {"contact": people[0]}, {"contact": people[1]}]);
    let changed = world.owner.patch(&path, json!({ "contacts": both })).await;
    let contacts: Vec<(&Value, &Value)> = changed.expect(200)["contacts"]
        .as_array()
        .expect("contacts")
        .iter()
        .map(|c| (&c["name"], &c["role"]))
        .collect();
    assert_eq!(contacts, [(&json!("Bob"), &json!("decision_maker")), (&json!("Ada"), &json!("other"))]);
    world.owner.delete(&format!("/v1/contacts/{}", people[1])).await.expect(204);
    assert_eq!(
        world.owner.get(&path).await.expect(200)["contacts"].as_array().map(Vec::len),
        Some(1),
        "not while deleted"
    );
    world.owner.post(&format!("/v1/contacts/{}/restoration", people[1]), json!({})).await.expect(200);
    assert_eq!(
        world.owner.get(&path).await.expect(200)["contacts"].as_array().map(Vec::len),
        Some(2),
        "and back again"
    );
    world.app.settle().await;
}

#[tokio::test]
async fn who_is_erased_leaves_figures_and_no_words() {
    let world = World::start().await;
    let ada = json!({"first_name": "Ada", "emails": [{"address": "ada@lovelace.example"}]});
    let ada = crate::contacts::id_of(&world.owner, ada).await;
    let bob = crate::contacts::id_of(&world.owner, json!({"first_name": "Bob"})).await;
    let deal = |title: &str, contacts: Value| json!({"title": title, "amount": 700, "description": "Her house", "next_step": "Ring Ada", "contacts": contacts});
    let alone = id_of(&world.owner, deal("Ada's roof", json!([{"contact": ada}]))).await;
    close(&world.owner, &alone, "lost").await.expect(200);
    let shared = id_of(&world.owner, deal("Wall", json!([{"contact": ada}, {"contact": bob}]))).await;
    let naming = json!({"title": "Door", "description": "Write to ADA@lovelace.example"});
    let naming = id_of(&world.owner, naming).await;
    let other = id_of(&world.owner, deal("Window", json!([{"contact": bob}]))).await;
    let sold = json!({"title": "Lamps", "items": [{"name": "For ada@LOVELACE.example", "unit_price": 7}, {"name": "Bulb", "unit_price": 1}]});
    let sold = id_of(&world.owner, sold).await;

    let asked = world.owner.post("/v1/data-requests", json!({"contact": ada, "kind": "export"})).await;
    asked.expect(201);
    world.app.settle().await;
    let erased = world.owner.post("/v1/data-requests", json!({"contact": ada, "kind": "erasure"})).await;
    erased.expect(201);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from contacts where first_name = 'Ada'").await, 0, "{}", erased.text);
    let read = |id: String| {
        let owner = world.owner.clone();
        async move { owner.get(&format!("/v1/deals/{id}")).await.expect(200).clone() }
    };
    let left = read(alone).await;
    assert_eq!((&left["title"], &left["amount"], &left["status"]), (&json!("[erased]"), &json!(700), &json!("lost")));
    assert_eq!((left.get("description"), left.get("next_step"), &left["reason"]), (None, None, &json!("[erased]")));
    let wall = read(shared).await;
    assert_eq!(
        (&wall["title"], wall["contacts"].as_array().map(Vec::len)),
        (&json!("Wall"), Some(1)),
        "Bob is still on it"
    );
    assert_eq!(read(naming).await["title"], "[erased]", "it named her");
    let sold = read(sold).await;
    assert_eq!((&sold["items"][0]["name"], &sold["items"][1]["name"]), (&json!("[erased]"), &json!("Bulb")));
    assert_eq!((&sold["title"], &sold["amount"]), (&json!("Lamps"), &json!(8)));
    assert_eq!(read(other).await["title"], "Window");
    assert_eq!(world.events().await.iter().filter(|k| *k == "deal.forgotten").count(), 2);
    let found = world.owner.get("/v1/deals?q=roof").await;
    assert_eq!(found.expect(200)["items"], json!([]));
}
