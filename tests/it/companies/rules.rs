//! Conditions with "and" and "or" in each other as a filter of the list of companies, for its pages, counts, files, views and changes of many.
use super::{id_of, names};
use crate::contacts::member_with;
use crate::deals::deal_bulk_runs::run;
use crate::fields::define;
use crate::forms::World;
use serde_json::{Value, json};

fn field(field: &str, op: &str, values: Value) -> Value {
    json!({"kind": "field", "field": field, "op": op, "values": values})
}

fn group(kind: &str, rules: Value) -> Value {
    json!({"kind": kind, "rules": rules})
}

#[tokio::test]
async fn a_list_its_count_its_file_its_views_and_a_change_of_many_mean_the_same() {
    let world = World::start().await;
    let client = &world.owner;
    let seats = define(client, json!({"record": "company", "label": "Seats", "type": "number"})).await;
    let key = seats["key"].as_str().expect("a key");
    for company in [
        json!({"name": "Ant", "status": "active", "address": {"country": "DE"}}),
        json!({"name": "Bee", "status": "active", "address": {"country": "FR"}}),
        json!({"name": "Cow", "tier": "gold", "custom": { key: 12 }}),
        json!({"name": "Dog", "tier": "gold", "custom": { key: 3 }}),
        json!({"name": "Eel", "owner": world.owner_id}),
    ] {
        id_of(client, company).await;
    }
    // Active in Germany, or gold with many seats.
    let german =
        group("all", json!([field("status", "any_of", json!(["active"])), field("country", "any_of", json!(["DE"]))]));
    let large = group(
        "all",
        json!([field("tier", "any_of", json!(["gold"])), field(&format!("custom.{key}"), "at_least", json!(["10"]))]),
    );
    let rules = group("any", json!([german, large]));
    let said = format!("rules:eq:{rules}");
    let shown = async |query: String| names(client.get(&format!("/v1/companies?{query}")).await.expect(200));
    assert_eq!(shown(format!("sort=name&filter={said}")).await, ["Ant", "Cow"]);
    let none = group("none", json!([rules]));
    assert_eq!(shown(format!("sort=-name&filter=rules:eq:{none}")).await, ["Eel", "Dog", "Bee"]);
    // Page by page, and beside another filter, words and rules.
    let first = client.get(&format!("/v1/companies?limit=1&sort=name&filter={said}")).await;
    assert_eq!(names(first.expect(200)), ["Ant"]);
    assert_eq!(
        shown(format!("limit=1&sort=name&filter={said}&cursor={}", first.text_of("next_cursor"))).await,
        ["Cow"]
    );
    assert_eq!(shown(format!("filter={said}&filter=tier:eq:gold")).await, ["Cow"]);
    assert_eq!(shown(format!("q=ant&filter={said}")).await, ["Ant"]);
    let named = field("name", "contains", json!(["co"]));
    assert_eq!(shown(format!("filter={said}&filter=rules:eq:{named}")).await, ["Cow"]);
    let well = field("health", "any_of", json!(["unknown"]));
    let band = shown("sort=name&filter=health:eq:unknown".into()).await;
    assert_eq!(shown(format!("sort=name&filter=rules:eq:{well}")).await, band);
    assert_eq!(client.get(&format!("/v1/companies/count?filter={said}")).await.expect(200)["count"], 2);
    let file = client.get(&format!("/v1/companies/export?filter={said}")).await;
    assert_eq!((file.status, file.text.lines().count()), (200, 3), "{}", file.text);

    let view = json!({"list": "companies", "name": "Worth it", "filter": [said]});
    assert_eq!(client.post("/v1/saved-views", view).await.expect(201)["filter"], json!([said]));
    let change = json!({"matching": {"filter": [said]}, "change": {"industry": "Chosen"}});
    run(&world, client, "/v1/company-bulk-runs", change).await;
    assert_eq!(shown("sort=name&filter=industry:eq:Chosen".into()).await, ["Ant", "Cow"]);

    // Whoever sees only his own is shown no others, whatever the rules say.
    let (own, id) = member_with(&world, "Own", json!({"companies.read": "own"})).await;
    let mine = id_of(client, json!({"name": "Fox", "owner": id})).await;
    let any = group("none", json!([field("name", "is", json!(["Nobody"]))]));
    assert_eq!(names(own.get(&format!("/v1/companies?filter=rules:eq:{any}")).await.expect(200)), ["Fox"], "{mine}");
    world.app.settle().await;
}

#[tokio::test]
async fn rules_that_ask_for_anything_else_are_refused() {
    let world = World::start().await;
    let related = json!({"kind": "has", "record": "deal", "rules": [field("status", "any_of", json!(["open"]))]});
    for (rules, code) in [
        (json!({}), "filter_value"),
        (field("role", "any_of", json!(["billing"])), "field_unknown"),
        (field("stage", "any_of", json!(["new"])), "field_unknown"),
        (field("health", "empty", json!([])), "operator_invalid"),
        (field("health", "any_of", json!(["splendid"])), "values_invalid"),
        (group("all", json!([related])), "record_invalid"),
    ] {
        for path in ["/v1/companies", "/v1/companies/count"] {
            let answer = world.owner.get(&format!("{path}?filter=rules:eq:{rules}")).await;
            let error = &answer.expect(422)["errors"][0];
            assert_eq!((&error["field"], &error["code"]), (&json!("/filter"), &json!(code)), "{rules}");
        }
        let view = json!({"list": "companies", "name": "No", "filter": [format!("rules:eq:{rules}")]});
        world.owner.post("/v1/saved-views", view).await.expect(422);
    }
}
