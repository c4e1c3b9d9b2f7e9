//! Companies that may be one: found, told with the reasons, and left alone when somebody says so.
use super::id_of;
use crate::{contacts::member_with, forms::World};
use serde_json::{Value, json};

/// Names and reasons of the open pairs, the surest first.
async fn pairs(world: &World) -> Vec<(String, String, Vec<String>)> {
    world.app.settle().await;
    let page = world.owner.get("/v1/company-duplicates?filter=state:eq:open").await.expect(200).clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let items = page["items"].as_array().expect("items");
    let sure: Vec<i64> = items.iter().map(|pair| pair["confidence"].as_i64().expect("a figure")).collect();
    assert!(sure.is_sorted_by(|a, b| a >= b), "{sure:?}");
    let pair = |pair: &Value| {
        let mut names = [text(&pair["one"]["name"]), text(&pair["other"]["name"])];
        names.sort();
        let [one, other] = names;
        (one, other, pair["reasons"].as_array().expect("reasons").iter().map(text).collect())
    };
    items.iter().map(pair).collect()
}

fn pair(one: &str, other: &str, reasons: &[&str]) -> (String, String, Vec<String>) {
    (one.to_owned(), other.to_owned(), reasons.iter().map(|reason| (*reason).to_owned()).collect())
}

#[tokio::test]
async fn pairs_are_found_by_what_they_share_and_follow_changes() {
    let world = World::start().await;
    let client = &world.owner;
    let kite = json!({"name": "Kite GmbH & Co. KG", "tax_id": "DE 12", "website": "www.kite.example"});
    id_of(client, kite).await;
    let second = id_of(client, json!({"name": "KITE", "tax_id": "de-12", "email": "office@kite.example"})).await;
    let group = id_of(client, json!({"name": "Owl Holding", "website": "owl.example", "phone": "+49 30 901820"})).await;
    let below = id_of(client, json!({"name": "Owl Ships", "website": "owl.example", "parent": group})).await;
    for name in ["Post A", "Post B"] {
        // Half of the world has an address or a page there.
        let (email, website) = (format!("{}@gmail.com", &name[5..]), "https://facebook.com/post");
        id_of(client, json!({"name": name, "email": email, "website": website})).await;
    }
    assert_eq!(pairs(&world).await, [pair("KITE", "Kite GmbH & Co. KG", &["tax_id", "website", "name"])]);

    // What belongs to a group shares its domain; what stands alone does not.
    client.patch(&format!("/v1/companies/{below}"), json!({"parent": null})).await.expect(200);
    client.patch(&format!("/v1/companies/{second}"), json!({"tax_id": null, "email": null})).await.expect(200);
    let found = [pair("Owl Holding", "Owl Ships", &["website"]), pair("KITE", "Kite GmbH & Co. KG", &["name"])];
    assert_eq!(pairs(&world).await, found);
    client.patch(&format!("/v1/companies/{second}"), json!({"name": "Falcon"})).await.expect(200);
    client.patch(&format!("/v1/companies/{below}"), json!({"phone": "+49 30 901820"})).await.expect(200);
    assert_eq!(pairs(&world).await, [pair("Owl Holding", "Owl Ships", &["phone", "website"])]);
    client.delete(&format!("/v1/companies/{below}")).await.expect(204);
    assert_eq!(pairs(&world).await, []);
    client.post(&format!("/v1/companies/{below}/restoration"), json!({})).await.expect(200);
    assert_eq!(pairs(&world).await.len(), 1);
}

#[tokio::test]
async fn what_somebody_said_stays_and_goes_over_with_a_merge() {
    let world = World::start().await;
    let client = &world.owner;
    let (member, member_id) =
        member_with(&world, "Mia", json!({"companies.read": "own", "companies.write": "own"})).await;
    let kite = |owner: &str| json!({"name": "Kite", "owner": owner});
    let (a, b) = (id_of(client, kite(&member_id)).await, id_of(client, kite(&world.owner_id)).await);
    world.app.settle().await;
    let found = client.get(&format!("/v1/company-duplicates?company={a}")).await.expect(200)["items"][0].clone();
    let path = format!("/v1/company-duplicates/{}", found["id"].as_str().expect("an id"));
    // Both companies of a pair must be in reach.
    member.get(&path).await.problem(404, "not_found");
    world.stranger().await.get(&path).await.problem(404, "not_found");
    let dismissed = client.patch(&path, json!({"state": "dismissed"})).await.expect(200).clone();
    assert_eq!((&dismissed["state"], &dismissed["decided_by"]), (&json!("dismissed"), &json!(world.owner_id)));
    client.patch(&format!("/v1/companies/{a}"), json!({"industry": "Ships"})).await.expect(200);
    assert_eq!(pairs(&world).await, []);

    // Of what becomes one with another, the same holds: until they are apart again.
    let c = id_of(client, json!({"name": "Sail"})).await;
    let merge = client.post("/v1/company-merges", json!({"kept": c, "merged": [b]})).await.expect(201).clone();
    client.patch(&format!("/v1/companies/{c}"), json!({"name": "Kite"})).await.expect(200);
    assert_eq!(pairs(&world).await, []);
    client.patch(&format!("/v1/companies/{c}"), json!({"name": "Sail"})).await.expect(200);
    let undo = format!("/v1/company-merges/{}/undo", merge["id"].as_str().expect("an id"));
    client.post(&undo, json!({})).await.expect(200);
    client.patch(&format!("/v1/companies/{c}"), json!({"name": "Kite"})).await.expect(200);
    assert_eq!(pairs(&world).await.len(), 2, "with each of the others, which are still none themselves");
    client.patch(&path, json!({"state": "open"})).await.expect(200);
    assert_eq!(pairs(&world).await.len(), 3);
    let kinds = world.events().await;
    assert!(kinds.contains(&"company_duplicate.dismissed".to_owned()));
    assert!(kinds.contains(&"company_duplicate.reopened".to_owned()));
}
