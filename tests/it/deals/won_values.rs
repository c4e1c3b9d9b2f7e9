//! What was won with people, asked for a page of their list.
use super::{close, id_of};
use crate::{
    contacts::{self, member_with},
    forms::World,
};
use serde_json::{Value, json};
use tests::Client;

/// Amounts by person and currency.
async fn won(client: &Client, ids: &[&str]) -> Vec<(String, String, i64)> {
    let query: Vec<String> = ids.iter().map(|id| format!("contact={id}")).collect();
    let answer = client.get(&format!("/v1/won-values?{}", query.join("&"))).await;
    let text = |row: &Value, name: &str| row[name].as_str().expect("a text").to_owned();
    let row = |row: &Value| (text(row, "contact"), text(row, "currency"), row["amount"].as_i64().expect("an amount"));
    let mut won: Vec<_> = answer.expect(200)["items"].as_array().expect("rows").iter().map(row).collect();
    won.sort();
    won
}

#[tokio::test]
async fn won_deals_are_added_up_for_each_person_as_far_as_they_are_seen() {
    let world = World::start().await;
    let grants = json!({"contacts.read": "own", "deals.read": "own"});
    let (una, una_id) = member_with(&world, "Una", grants).await;
    let (narrow, _) = member_with(&world, "Nina", json!({"contacts.read": "all"})).await;
    let mut people = vec![];
    for (name, owner) in [("Ann", Some(&una_id)), ("Bob", None), ("Cid", None)] {
        people.push(contacts::id_of(&world.owner, json!({"first_name": name, "owner": owner})).await);
    }
    let [ann, bob, cid] = [0, 1, 2].map(|n| people[n].as_str());
    for (amount, currency, who, owner, status) in [
        (100, "EUR", vec![ann, bob], Some(&una_id), "won"),
        (20, "EUR", vec![ann], None, "won"),
        (3, "USD", vec![ann], None, "won"),
        (4_000, "EUR", vec![ann, cid], None, "lost"),
        (0, "EUR", vec![cid], None, "won"),
    ] {
        let who: Vec<Value> = who.iter().map(|contact| json!({"contact": contact})).collect();
        let deal = json!({"title": "Sale", "amount": amount, "currency": currency, "contacts": who, "owner": owner});
        let deal = id_of(&world.owner, deal).await;
        close(&world.owner, &deal, status).await.expect(200);
    }
    let open = json!({"title": "Open", "amount": 7, "currency": "EUR", "contacts": [{"contact": ann}]});
    id_of(&world.owner, open).await;
    let of = |who: &str, currency: &str, amount: i64| (who.to_owned(), currency.to_owned(), amount);
    let mut all = [of(ann, "EUR", 120), of(ann, "USD", 3), of(bob, "EUR", 100)];
    all.sort();
    assert_eq!(won(&world.owner, &[ann, bob, cid]).await, all);
    assert_eq!(won(&world.owner, &[bob, bob]).await, [of(bob, "EUR", 100)]);
    // Only her deals count, and only of people whom she sees.
    assert_eq!(won(&una, &[ann, bob, cid]).await, [of(ann, "EUR", 100)]);
    narrow.get(&format!("/v1/won-values?contact={ann}")).await.problem(403, "permission_missing");
    assert!(won(&world.stranger().await, &[ann, bob]).await.is_empty());
    world.owner.delete(&format!("/v1/contacts/{bob}")).await.expect(204);
    assert!(won(&world.owner, &[bob]).await.is_empty());
    let many = vec![ann; 201].join("&contact=");
    world.owner.get(&format!("/v1/won-values?contact={many}")).await.problem(422, "invalid");
    world.app.settle().await;
}
