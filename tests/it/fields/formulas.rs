//! Formulas: what they give, when they fail, how they come to all records.
use super::{define, path_of, refused};
use crate::{contacts::id_of, forms::World};
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn formula(world: &World, key: &str, result: &str, expression: &str, more: Value) -> Value {
    let mut body = json!({"label": key, "key": key, "type": "formula", "result": result, "expression": expression});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    define(&world.owner, body).await
}

#[tokio::test]
async fn formulas_follow_what_they_read_in_the_same_write() {
    let world = World::start().await;
    define(&world.owner, json!({"label": "Seats", "type": "number"})).await;
    define(&world.owner, json!({"label": "Price", "type": "money", "currency": "EUR"})).await;
    define(&world.owner, json!({"label": "Since", "type": "date"})).await;
    formula(&world, "total", "money", "custom.seats * custom.price", json!({"currency": "EUR"})).await;
    formula(&world, "half", "number", "round(custom.total / 2, 1)", json!({"decimals": 1})).await;
    formula(&world, "renews", "date", "add_months(custom.since, 12)", json!({})).await;
    formula(&world, "big", "checkbox", "custom.total > 100", json!({})).await;
    formula(&world, "greeting", "text", "'Dear ' ~ (first_name | upper) ~ ', ' ~ custom.seats ~ ' seats'", json!({}))
        .await;
    formula(&world, "loose", "number", "custom.seats + 1", json!({"blank_as_zero": true})).await;

    let given = json!({"seats": 3, "price": 3333, "since": "2024-02-29"});
    let id = id_of(&world.owner, json!({"first_name": "Ada", "custom": given})).await;
    let path = format!("/v1/contacts/{id}");
    let custom = world.owner.get(&path).await.expect(200)["custom"].clone();
    assert_eq!((&custom["total"], &custom["half"]), (&json!(9999), &json!(50)), "{custom}");
    assert_eq!((&custom["renews"], &custom["big"]), (&json!("2025-02-28"), &json!(false)));
    assert_eq!((&custom["greeting"], &custom["loose"]), (&json!("Dear ADA, 3 seats"), &json!(4)));
    let changed = world.owner.patch(&path, json!({"first_name": "Bo", "custom": {"seats": 4}})).await;
    let custom = changed.expect(200)["custom"].clone();
    assert_eq!(
        (&custom["total"], &custom["big"], &custom["greeting"]),
        (&json!(13332), &json!(true), &json!("Dear BO, 4 seats"))
    );
    let emptied = world.owner.patch(&path, json!({"custom": {"seats": null}})).await;
    let custom = emptied.expect(200)["custom"].clone();
    assert_eq!((custom.get("total"), custom.get("half"), &custom["loose"]), (None, None, &json!(1)), "{custom}");
    let written = world.owner.patch(&path, json!({"custom": {"total": 1}})).await;
    assert_eq!(refused(&written), [("/custom/total".into(), "read_only".into())]);
    let found = world.owner.get("/v1/contacts?filter=custom.loose:eq:1&filter=custom.total:empty:true").await;
    assert_eq!(found.expect(200)["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_is_no_formula_is_refused_where_it_is_defined() {
    let world = World::start().await;
    define(&world.owner, json!({"label": "Seats", "type": "number"})).await;
    formula(&world, "one", "number", "custom.seats + 1", json!({})).await;
    for (expression, code) in [
        ("custom.seats +", "expression_invalid"),
        ("custom.nobody", "name_unknown"),
        ("password", "name_unknown"),
        ("custom", "name_unknown"),
        ("first_name * 'x'", "expression_invalid"),
        ("shell('ls')", "name_unknown"),
        ("custom.self_made", "name_unknown"),
        ("'a' * 100000000", "expression_invalid"),
        (&"1 + ".repeat(400), "too_long"),
    ] {
        let body =
            json!({"record": "contact", "label": "X", "type": "formula", "result": "number", "expression": expression});
        let answer = world.owner.post("/v1/custom-fields", body).await;
        assert_eq!(refused(&answer)[0], ("/expression".to_owned(), code.to_owned()), "{expression}");
    }
}

#[tokio::test]
async fn no_circle_is_closed_even_by_two_at_once() {
    let world = World::start().await;
    define(&world.owner, json!({"label": "Seats", "type": "number"})).await;
    let a = formula(&world, "a", "number", "custom.seats", json!({})).await;
    let b = formula(&world, "b", "number", "custom.seats", json!({})).await;
    let own = world.owner.patch(&path_of(&a), json!({"expression": "custom.a + 1"})).await;
    assert_eq!(refused(&own), [("/expression".into(), "cycle".into())]);
    let (to_b, to_a) = (path_of(&a), path_of(&b));
    let both = join_all([
        world.owner.patch(&to_b, json!({"expression": "custom.b + 1"})),
        world.owner.patch(&to_a, json!({"expression": "custom.a + 1"})),
    ])
    .await;
    let mut statuses: Vec<u16> = both.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    let seats = world.owner.get("/v1/custom-fields?filter=key:eq:seats").await.expect(200)["items"][0].clone();
    world.owner.patch(&path_of(&seats), json!({"archived": true})).await.expect(200);
    world.owner.delete(&format!("{}?values=0", path_of(&seats))).await.problem(409, "field_in_formula");
}

#[tokio::test]
async fn a_new_or_changed_formula_comes_to_every_record() {
    let world = World::start().await;
    define(&world.owner, json!({"label": "Seats", "type": "number"})).await;
    let mut ids = vec![];
    for seats in 1..=205 {
        ids.push(id_of(&world.owner, json!({"first_name": "A", "custom": {"seats": seats}})).await);
    }
    world.owner.delete(&format!("/v1/contacts/{}", ids[0])).await.expect(204);
    let field = formula(&world, "twice", "number", "custom.seats * 2", json!({})).await;
    assert_eq!(field["work_state"], "waiting");
    world.app.settle().await;
    let done = world.owner.get(&path_of(&field)).await.expect(200).clone();
    assert_eq!((&done["work_state"], &done["work_done"]), (&json!("idle"), &json!(205)), "{done}");
    assert_eq!(world.count("select sum((custom ->> 'twice')::bigint)::bigint from contacts").await, 205 * 206);
    assert_eq!(world.count("select sum(number_key)::bigint / 1000000 from custom_field_values v join custom_fields f on f.id = v.field_id where f.key = 'twice'").await, 205 * 206);
    world.owner.patch(&path_of(&field), json!({"expression": "custom.seats // 0"})).await;
    world.owner.patch(&path_of(&field), json!({"expression": "custom.seats * 3"})).await.expect(200);
    world.app.settle().await;
    assert_eq!(world.count("select sum((custom ->> 'twice')::bigint)::bigint from contacts").await, 205 * 206 / 2 * 3);
}

#[tokio::test]
async fn a_formula_is_tried_without_being_kept() {
    let world = World::start().await;
    define(&world.owner, json!({"label": "Seats", "type": "number"})).await;
    let body =
        json!({"record": "contact", "expression": "100 / custom.seats", "result": "number", "custom": {"seats": 4}});
    let tried = world.owner.post("/v1/custom-fields/formula-trials", body).await;
    assert_eq!((&tried.expect(200)["value"], &tried.expect(200)["inputs"]), (&json!(25), &json!(["custom.seats"])));
    let zero =
        json!({"record": "contact", "expression": "100 / custom.seats", "result": "number", "custom": {"seats": 0}});
    let failed = world.owner.post("/v1/custom-fields/formula-trials", zero).await;
    assert!(failed.expect(200)["error"].is_string() && failed.expect(200).get("value").is_none());
}
