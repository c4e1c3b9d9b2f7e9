//! What stands above a company, and what all below it are worth.
use super::{id_of, names};
use crate::{contacts::member_with, deals::close, forms::World};
use serde_json::{Value, json};

async fn family(client: &tests::Client, id: &str) -> Value {
    client.get(&format!("/v1/companies/{id}/family")).await.expect(200).clone()
}

/// A won deal of a company, in euros.
async fn won(world: &World, company: &str, amount: i64) {
    let deal = json!({"title": "Sale", "company": company, "amount": amount, "currency": "EUR"});
    let deal = world.owner.post("/v1/deals", deal).await.expect(201)["id"].as_str().expect("an id").to_owned();
    close(&world.owner, &deal, "won").await.expect(200);
}

#[tokio::test]
async fn a_company_shows_the_whole_chain_above_and_adds_up_all_below() {
    let world = World::start().await;
    world.owner.patch("/v1/tenants/current", json!({"currency": "EUR"})).await.expect(200);
    let grants = json!({"companies.read": "own", "companies.write": "own"});
    let (una, una_id) = member_with(&world, "Una", grants).await;
    let mut ids: Vec<String> = vec![];
    for name in ["Holding", "Group", "Shop", "Stall"] {
        let owner = (name != "Group").then(|| una_id.clone());
        ids.push(id_of(&world.owner, json!({"name": name, "parent": ids.last(), "owner": owner})).await);
    }
    let beside = id_of(&world.owner, json!({"name": "Beside", "parent": ids[0]})).await;
    for (id, amount) in ids.iter().zip([1, 20, 300, 4_000]) {
        won(&world, id, amount).await;
    }
    world.app.settle().await;
    let above = |family: &Value| -> Vec<String> {
        let names = family["above"].as_array().expect("a chain").iter();
        names.map(|one| one["name"].as_str().unwrap_or("hidden").to_owned()).collect()
    };
    let sum = |family: &Value| (family["below"].as_i64(), family["values"][0]["lifetime_value"].as_i64());
    let stall = family(&world.owner, &ids[3]).await;
    assert_eq!(above(&stall), ["Holding", "Group", "Shop"]);
    assert_eq!((sum(&stall), &stall["complete"]), ((Some(0), Some(4_000)), &json!(true)));
    let holding = family(&world.owner, &ids[0]).await;
    assert_eq!((above(&holding).len(), sum(&holding)), (0, (Some(4), Some(4_321))), "{holding}");
    assert_eq!(holding["values"].as_array().map(Vec::len), Some(1));
    assert_eq!(family(&world.owner, &beside).await["values"], json!([]), "nothing was won");
    // Whoever sees only his own: the chain goes on behind one that is hidden, and so do the sums.
    assert_eq!(above(&family(&una, &ids[3]).await), ["Holding", "hidden", "Shop"]);
    assert_eq!(sum(&family(&una, &ids[0]).await), (Some(2), Some(4_301)));
    una.get(&format!("/v1/companies/{}/family", ids[1])).await.problem(404, "not_found");
    // Whoever is deleted is named no more, and neither he nor those below him count.
    world.owner.delete(&format!("/v1/companies/{}", ids[1])).await.expect(204);
    assert_eq!(above(&family(&world.owner, &ids[3]).await), ["Holding", "hidden", "Shop"]);
    assert_eq!(sum(&family(&world.owner, &ids[0]).await), (Some(1), Some(1)));
    // However a circle came to be, nobody walks in it for ever.
    let circle = "update companies set parent_id = (select id from companies where name = 'Stall') where name = 'Shop' returning id";
    world.tenant_query(circle).await;
    let round = family(&world.owner, &ids[2]).await;
    assert_eq!((above(&round), sum(&round)), (vec!["Stall".to_owned()], (Some(1), Some(4_300))));
}

/// A list tells how its companies are doing, as their pages do.
#[tokio::test]
async fn a_list_tells_health_and_is_narrowed_by_several_bands() {
    let world = World::start().await;
    let client = &world.owner;
    for (name, more) in [
        ("Alder", json!({"status": "active", "renews_on": "2028-01-01"})),
        ("Birch", json!({"status": "active", "renews_on": "2026-11-01"})),
        ("Cedar", json!({"status": "active"})),
        ("Doum", json!({"status": "former"})),
    ] {
        let mut company = more;
        company["name"] = json!(name);
        id_of(client, company).await;
    }
    world.app.settle().await;
    let told = client.get("/v1/companies?sort=name").await.expect(200).clone();
    for row in told["items"].as_array().expect("rows") {
        let page = client.get(&format!("/v1/companies/{}/health", row["id"].as_str().expect("an id"))).await;
        let page = page.expect(200);
        assert_eq!(row.get("health").is_none(), page["ended"] == json!(true), "{row}");
        assert_eq!(row["health"].get("score"), page.get("score"), "{row}");
    }
    let listed =
        async |filter: &str| names(client.get(&format!("/v1/companies?sort=name&filter={filter}")).await.expect(200));
    let of = |band: &str| -> Vec<String> {
        let rows = told["items"].as_array().expect("rows").iter().filter(|row| row["health"]["band"] == band);
        rows.map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(listed("health:eq:unknown").await, of("unknown"));
    let mut both = [of("poor"), of("unknown")].concat();
    both.sort();
    assert_eq!(listed("health:in:poor,unknown").await, both);
    assert_eq!(listed("health:in:good,fair,poor,unknown").await, ["Alder", "Birch", "Cedar"]);
    client.get("/v1/companies?filter=health:in:good,great").await.problem(422, "invalid");
    client.get("/v1/companies?filter=health:ne:good").await.problem(422, "invalid");
}
