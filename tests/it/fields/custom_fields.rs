//! Definitions: made, changed, ordered, put away, deleted.
use super::{define, path_of, refused};
use crate::{
    contacts::{id_of, member_with},
    forms::World,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn keys(page: &Value) -> Vec<&str> {
    page.as_array().expect("a list").iter().map(|f| f["key"].as_str().expect("a key")).collect()
}

#[tokio::test]
async fn a_field_is_defined_changed_put_away_and_taken_out_again() {
    let world = World::start().await;
    let body =
        json!({"label": " Größe (m) ", "help": "Without shoes", "type": "number", "decimals": 2, "section": "Body"});
    let field = define(&world.owner, body).await;
    assert_eq!(
        (&field["key"], &field["label"], &field["position"]),
        (&json!("grosse_m"), &json!("Größe (m)"), &json!(0)),
        "{field}"
    );
    let second = define(&world.owner, json!({"label": "Größe (m)", "type": "text"})).await;
    assert_eq!((&second["key"], &second["position"]), (&json!("grosse_m_2"), &json!(1)));
    let got = world.owner.get(&path_of(&field)).await;
    assert_eq!(got.expect(200)["section"], "Body");

    let change = json!({"label": "Height", "section": null, "decimals": 3, "required": true});
    let changed = world.owner.with("if-match", got.etag()).patch(&path_of(&field), change.clone()).await;
    let after = changed.expect(200);
    assert_eq!((&after["label"], &after["decimals"], after.get("section")), (&json!("Height"), &json!(3), None));
    world.owner.with("if-match", got.etag()).patch(&path_of(&field), change).await.problem(412, "stale");
    let fewer = world.owner.patch(&path_of(&field), json!({"decimals": 1})).await;
    assert_eq!(refused(&fewer), [("/decimals".into(), "decimals_fewer".into())]);

    let away = world.owner.patch(&path_of(&field), json!({"archived": true})).await;
    assert!(away.expect(200)["archived_at"].is_string());
    id_of(&world.owner, json!({"first_name": "Ada"})).await;
    world.owner.patch(&path_of(&field), json!({"archived": false})).await.expect(200);
    let lacking = world.owner.post("/v1/contacts", json!({"first_name": "Ada"})).await;
    assert_eq!(refused(&lacking), [("/custom/grosse_m".into(), "required".into())]);
    world.app.settle().await;
    let events = world.events().await;
    for kind in ["created", "updated", "archived", "restored"] {
        assert!(events.contains(&format!("custom_field.{kind}")), "{kind}: {events:?}");
    }
    let told = world.tenant_query("select title || payload::text from events where kind like 'custom_field%'").await;
    assert!(!told.iter().any(|row| row.get::<_, String>(0).contains("Height")));
}

#[tokio::test]
async fn what_is_wrong_with_a_definition_is_told_at_once() {
    let world = World::start().await;
    for (body, expected) in [
        (json!({"type": "text", "label": " "}), vec![("/label", "required")]),
        (json!({"type": "text", "label": "A", "key": "Big"}), vec![("/key", "key_invalid")]),
        (json!({"type": "money", "label": "A"}), vec![("/currency", "required")]),
        (json!({"type": "money", "label": "A", "currency": "ABC"}), vec![("/currency", "currency_unknown")]),
        (
            json!({"type": "text", "label": "A", "currency": "EUR", "decimals": 2}),
            vec![("/currency", "not_taken"), ("/decimals", "not_taken")],
        ),
        (json!({"type": "select", "label": "A"}), vec![("/options", "required")]),
        (
            json!({"type": "select", "label": "A", "options": [{"label": "x"}, {"label": "X"}]}),
            vec![("/options/1/label", "twice")],
        ),
        (json!({"type": "link", "label": "A"}), vec![("/target", "required")]),
        (json!({"type": "number", "label": "A", "decimals": 7}), vec![("/decimals", "range")]),
        (json!({"type": "checkbox", "label": "A", "unique": true}), vec![("/unique", "not_taken")]),
        (json!({"type": "date", "label": "A", "default": "31.1.2026"}), vec![("/default", "date_invalid")]),
        (json!({"type": "formula", "label": "A", "result": "number"}), vec![("/expression", "required")]),
    ] {
        let mut sent = json!({"record": "company"});
        sent.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let answer = world.owner.post("/v1/custom-fields", sent).await;
        let expected: Vec<_> = expected.into_iter().map(|(f, c)| (f.to_owned(), c.to_owned())).collect();
        assert_eq!(refused(&answer), expected, "{body}");
    }
    define(&world.owner, json!({"type": "text", "label": "Taken", "key": "taken"})).await;
    let again = world
        .owner
        .post("/v1/custom-fields", json!({"record": "contact", "type": "text", "label": "B", "key": "taken"}))
        .await;
    assert_eq!(refused(&again), [("/key".into(), "key_taken".into())]);
    world
        .owner
        .post("/v1/custom-fields", json!({"record": "deal", "type": "text", "label": "B", "key": "taken"}))
        .await
        .expect(201);
}

#[tokio::test]
async fn options_are_renamed_and_put_away_and_old_values_stay() {
    let world = World::start().await;
    let field = define(
        &world.owner,
        json!({"label": "Size", "type": "select", "options": [{"label": "Small"}, {"label": "Big"}]}),
    )
    .await;
    let id = id_of(&world.owner, json!({"first_name": "Ada", "custom": {"size": "big"}})).await;
    let options = json!({"options": [{"key": "small", "label": "Tiny"}, {"label": "Huge"}]});
    let after = world.owner.patch(&path_of(&field), options).await;
    let options = after.expect(200)["options"].clone();
    let short: Vec<_> = options
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (o["key"].as_str().unwrap(), o["label"].as_str().unwrap(), o["archived"].as_bool().unwrap()))
        .collect();
    assert_eq!(short, [("small", "Tiny", false), ("huge", "Huge", false), ("big", "Big", true)]);
    let path = format!("/v1/contacts/{id}");
    assert_eq!(world.owner.get(&path).await.expect(200)["custom"]["size"], "big");
    // What the record has may be sent again with everything else.
    world.owner.patch(&path, json!({"last_name": "L", "custom": {"size": "big"}})).await.expect(200);
    let other = world.owner.post("/v1/contacts", json!({"first_name": "Bo", "custom": {"size": "big"}})).await;
    assert_eq!(refused(&other), [("/custom/size".into(), "option_archived".into())]);
    world.owner.patch(&path, json!({"custom": {"size": "huge"}})).await.expect(200);
}

#[tokio::test]
async fn fields_are_put_into_an_order() {
    let world = World::start().await;
    let mut ids = vec![];
    for label in ["A", "B", "C"] {
        ids.push(
            define(&world.owner, json!({"label": label, "type": "text"})).await["id"].as_str().unwrap().to_owned(),
        );
    }
    let order = json!({"record": "contact", "fields": [ids[2], ids[0], ids[1]]});
    let ordered = world.owner.post("/v1/custom-fields/order", order).await;
    assert_eq!(keys(ordered.expect(200)), ["c", "a", "b"]);
    let page = world.owner.get("/v1/custom-fields?filter=record:eq:contact&sort=position").await;
    assert_eq!(keys(&page.expect(200)["items"]), ["c", "a", "b"]);
    for wrong in [json!([ids[0], ids[1]]), json!([ids[0], ids[1], ids[1]])] {
        let answer = world.owner.post("/v1/custom-fields/order", json!({"record": "contact", "fields": wrong})).await;
        assert_eq!(refused(&answer), [("/fields".into(), "fields_differ".into())]);
    }
}

#[tokio::test]
async fn a_field_goes_with_its_last_value_and_only_when_all_of_them_were_named() {
    let world = World::start().await;
    let field = define(&world.owner, json!({"label": "Shoe size", "type": "number"})).await;
    let path = path_of(&field);
    for name in ["Ada", "Bo"] {
        id_of(&world.owner, json!({"first_name": name, "custom": {"shoe_size": 40}})).await;
    }
    assert_eq!(world.owner.get(&format!("{path}/usage")).await.expect(200)["records"], 2);
    world.owner.delete(&format!("{path}?values=2")).await.problem(409, "field_in_use");
    world.owner.patch(&path, json!({"archived": true})).await.expect(200);
    world.owner.delete(&format!("{path}?values=1")).await.problem(409, "values_differ");
    world.owner.delete(&format!("{path}?values=2")).await.expect(204);
    world.owner.patch(&path, json!({"archived": false})).await.problem(409, "field_deleting");
    let early = world
        .owner
        .post(
            "/v1/custom-fields",
            json!({"record": "contact", "label": "Shoe size", "key": "shoe_size", "type": "text"}),
        )
        .await;
    assert_eq!(refused(&early), [("/key".into(), "key_taken".into())], "until the last value is gone");
    world.app.settle().await;
    world.owner.get(&path).await.problem(404, "not_found");
    assert_eq!(world.count("select count(*) from custom_field_values").await, 0);
    assert_eq!(world.count("select count(*) from contacts where custom <> '{}'").await, 0);
    let again = define(&world.owner, json!({"label": "Shoe size", "type": "text"})).await;
    assert_eq!(again["key"], "shoe_size");
}

#[tokio::test]
async fn there_is_an_end_to_fields_however_many_are_defined_at_once() {
    let world = World::start().await;
    world.tenant_query(
        "insert into custom_fields (id, record, key, label, type, position, created_at, updated_at)
         select gen_random_uuid(), 'contact', 'f' || n, 'F', 'text', n, now(), now() from generate_series(1, 198) n returning id",
    )
    .await;
    let tries = (0..5).map(|n| {
        let body = json!({"record": "contact", "label": format!("Last {n}"), "type": "text"});
        let owner = &world.owner;
        async move { owner.post("/v1/custom-fields", body).await }
    });
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 2);
    for answer in answers.iter().filter(|a| a.status != 201) {
        answer.problem(409, "field_limit");
    }
}

#[tokio::test]
async fn who_may_not_define_fields_sees_them_and_others_see_nothing() {
    let world = World::start().await;
    let field = define(&world.owner, json!({"label": "Secret", "type": "text"})).await;
    let (reader, _) = member_with(&world, "Reader", json!({"fields.read": "all", "contacts.*": "all"})).await;
    assert_eq!(reader.get("/v1/custom-fields").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
    reader.patch(&path_of(&field), json!({"label": "x"})).await.problem(403, "permission_missing");
    reader
        .post("/v1/custom-fields", json!({"record": "contact", "label": "x", "type": "text"}))
        .await
        .problem(403, "permission_missing");
    id_of(&reader, json!({"first_name": "Ada", "custom": {"secret": "x"}})).await;
    let stranger = world.stranger().await;
    for path in [path_of(&field), format!("{}/usage", path_of(&field))] {
        stranger.get(&path).await.problem(404, "not_found");
    }
    stranger.patch(&path_of(&field), json!({"label": "x"})).await.problem(404, "not_found");
    stranger.delete(&format!("{}?values=0", path_of(&field))).await.problem(404, "not_found");
}
