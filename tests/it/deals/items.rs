//! What is sold, and to which company.
use super::{Line, add, history, id_of, ids};
use crate::contacts::member_with;
use crate::forms::World;
use serde_json::{Value, json};
use tests::Answer;

/// Fails unless the answer refuses this field for this reason.
fn refused(answer: &Answer, field: &str, code: &str) {
    let errors = answer.expect(422)["errors"].as_array().expect("errors");
    assert!(errors.iter().any(|error| error["field"] == field && error["code"] == code), "{field} {code}: {errors:?}");
}

async fn company(world: &World, name: &str) -> String {
    let made = world.owner.post("/v1/companies", json!({ "name": name })).await;
    made.expect(201)["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn lines_add_up_to_the_amount() {
    let world = World::start().await;
    let lines = json!([
        {"name": " Wheel\u{7} ", "unit_price": 33_333, "quantity": 1_500},
        {"name": "Fitting", "unit_price": 9_900, "discount": 1_250}
    ]);
    let deal = add(&world.owner, json!({"title": "Wheels", "amount": 7, "items": lines})).await;
    let path = format!("/v1/deals/{}", deal["id"].as_str().expect("an id"));
    assert_eq!(
        deal["items"],
        json!([
            {"name": "Wheel", "quantity": 1_500, "unit_price": 33_333, "discount": 0, "total": 50_000, "billing": "once"},
            {"name": "Fitting", "quantity": 1_000, "unit_price": 9_900, "discount": 1_250, "total": 8_663, "billing": "once"}
        ])
    );
    assert_eq!(deal["amount"], 58_663);
    refused(&world.owner.patch(&path, json!({"amount": 5})).await, "/amount", "amount_of_items");
    let one = json!({"items": [{"name": "Wheel", "unit_price": 100}]});
    let changed = world.owner.patch(&path, one.clone()).await.expect(200).clone();
    assert_eq!((&changed["amount"], &changed["version"]), (&json!(100), &json!(2)));
    assert_eq!(world.owner.patch(&path, one).await.expect(200)["version"], 2, "the same lines are no change");
    let emptied = world.owner.patch(&path, json!({"items": [], "amount": 42})).await;
    assert_eq!((&emptied.expect(200)["amount"], &emptied.body["items"]), (&json!(42), &json!([])));
    assert_eq!(history(&world.owner, deal["id"].as_str().expect("an id")).await, ["created", "changed", "changed"]);

    let wrong = json!([{"name": "", "unit_price": -1, "quantity": 0, "discount": 10_001}]);
    let answer = world.owner.patch(&path, json!({"items": wrong})).await;
    for (field, code) in [
        ("name", "required"),
        ("unit_price", "amount_range"),
        ("quantity", "quantity_range"),
        ("discount", "discount_range"),
    ] {
        refused(&answer, &format!("/items/0/{field}"), code);
    }
    let dear = json!([{"name": "Sun", "unit_price": 100_000_000_000_000_i64, "quantity": 1_000_000_000}]);
    refused(&world.owner.patch(&path, json!({"items": dear})).await, "/items/0/quantity", "amount_range");
    let many = vec![json!({"name": "A", "unit_price": 1}); 101];
    refused(&world.owner.patch(&path, json!({"items": many})).await, "/items", "count");
}

#[tokio::test]
async fn a_deal_belongs_to_a_company_and_is_found_by_it() {
    let world = World::start().await;
    let (harbour, kite) = (company(&world, "Harbour & Co").await, company(&world, "Kite").await);
    let deal = add(&world.owner, json!({"title": "Sails", "amount": 500, "company": harbour})).await;
    let path = format!("/v1/deals/{}", deal["id"].as_str().expect("an id"));
    assert_eq!((&deal["company"], &deal["company_name"]), (&json!(harbour), &json!("Harbour & Co")));
    id_of(&world.owner, json!({"title": "Ropes", "company": kite})).await;
    let found = async |filter: &str| {
        let page = world.owner.get(&format!("/v1/deals?filter={filter}")).await;
        ids(&page.expect(200)["items"])
    };
    assert_eq!(found(&format!("company:eq:{harbour}")).await, [deal["id"].as_str().expect("an id")]);
    assert_eq!(found("company:empty:true").await.len(), 0);
    for (words, deleted, count) in
        [("harbour", false, 1), ("harbour sails", false, 1), ("kite sails", false, 0), ("ropes", true, 0)]
    {
        let page = world.owner.get(&format!("/v1/deals?q={words}&deleted={deleted}")).await;
        assert_eq!(page.expect(200)["items"].as_array().map(Vec::len), Some(count), "{words}");
    }

    let ghost = "com_01arz3ndektsv4rrffq69g5fav";
    refused(&world.owner.patch(&path, json!({"company": ghost})).await, "/company", "company_unknown");
    assert_eq!(world.owner.patch(&path, json!({"company": null})).await.expect(200).get("company"), None);
    world.owner.patch(&path, json!({"company": harbour})).await.expect(200);
    world.owner.delete(&format!("/v1/companies/{harbour}")).await.expect(204);
    assert_eq!(world.owner.get(&path).await.expect(200).get("company_name"), None, "a deleted company has no name");
}

#[tokio::test]
async fn a_stage_may_ask_for_a_company() {
    let world = World::start().await;
    let stages = json!([{"name": "Any"}, {"name": "Named", "requires": ["company"]}]);
    let made = world.owner.post("/v1/pipelines", json!({"name": "B2B", "stages": stages})).await;
    let line = made.expect(201).clone();
    let deal = id_of(&world.owner, json!({"title": "A", "pipeline": line["id"]})).await;
    let to = json!({"stage": line["stages"][1]["id"]});
    refused(&super::drag(&world.owner, &deal, to.clone()).await, "/company", "stage_requires");
    let harbour = company(&world, "Harbour").await;
    world.owner.patch(&format!("/v1/deals/{deal}"), json!({"company": harbour})).await.expect(200);
    super::drag(&world.owner, &deal, to).await.expect(200);
}

#[tokio::test]
async fn totals_are_those_of_the_deals_that_filters_choose_and_the_caller_reaches() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let harbour = company(&world, "Harbour").await;
    let some = [(100, "EUR", "won"), (250, "EUR", "won"), (7, "USD", "won"), (30, "EUR", "lost"), (40, "EUR", "open")];
    for (amount, currency, status) in some {
        let deal =
            json!({"title": "A", "amount": amount, "currency": currency, "company": harbour, "stage": line.stages[0]});
        let id = id_of(&world.owner, deal).await;
        if status != "open" {
            super::close(&world.owner, &id, status).await.expect(200);
        }
    }
    id_of(&world.owner, json!({"title": "B", "amount": 1_000})).await;
    let path = format!("/v1/deals/totals?filter=company:eq:{harbour}");
    let totals = world.owner.get(&path).await.expect(200)["totals"].clone();
    let expected = json!([
        {"status": "lost", "currency": "EUR", "count": 1, "amount": 30},
        {"status": "open", "currency": "EUR", "count": 1, "amount": 40},
        {"status": "won", "currency": "EUR", "count": 2, "amount": 350},
        {"status": "won", "currency": "USD", "count": 1, "amount": 7}
    ]);
    assert_eq!(totals, expected);
    let (own, _) = member_with(&world, "Own", json!({"deals.read": "own"})).await;
    assert_eq!(own.get(&path).await.expect(200)["totals"], json!([]));
    refused(&world.owner.get("/v1/deals/totals?filter=size:eq:1").await, "/filter", "filter_field");
}

#[tokio::test]
async fn only_companies_that_somebody_may_see_are_named_by_him() {
    let world = World::start().await;
    let harbour = company(&world, "Harbour").await;
    let (seller, _) = member_with(&world, "Seller", json!({"deals.*": "all"})).await;
    let deal = json!({"title": "A", "company": harbour});
    refused(&seller.post("/v1/deals", deal.clone()).await, "/company", "company_unknown");
    let (knows, _) = member_with(&world, "Knows", json!({"deals.*": "all", "companies.read": "all"})).await;
    let made: Value = knows.post("/v1/deals", deal).await.expect(201).clone();
    let path = format!("/v1/deals/{}", made["id"].as_str().expect("an id"));
    assert_eq!(seller.patch(&path, json!({"title": "B"})).await.expect(200)["company"], harbour, "what is there stays");
}
