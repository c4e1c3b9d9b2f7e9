//! Values that come in from files, and go again with an undo.
use super::{define, refused};
use crate::{
    contacts::{
        contact_imports::{counts, path_of, prepare},
        id_of,
    },
    forms::World,
};
use serde_json::{Value, json};

async fn customs(world: &World) -> Vec<Value> {
    let page = world.owner.get("/v1/contacts?sort=name").await;
    page.expect(200)["items"].as_array().expect("items").iter().map(|c| c["custom"].clone()).collect()
}

#[tokio::test]
async fn columns_become_values_and_an_undo_takes_them_back() {
    let world = World::start().await;
    for field in [
        json!({"label": "Budget", "type": "money", "currency": "EUR"}),
        json!({"label": "Plan", "type": "select", "options": [{"label": "Free"}, {"label": "Paid"}]}),
        json!({"label": "Number", "type": "text", "unique": true}),
        json!({"label": "Origin", "type": "text", "default": "file", "required": true}),
        json!({"label": "Twice", "type": "formula", "result": "money", "currency": "EUR", "expression": "custom.budget * 2"}),
    ] {
        define(&world.owner, field).await;
    }
    let emails = json!([{"address": "ada@x.example"}]);
    let before = json!({"budget": 100, "number": "A1", "origin": "hand"});
    id_of(&world.owner, json!({"display_name": "Ada", "emails": emails, "custom": before})).await;
    world.app.settle().await;
    let text = "Name,Email,custom.budget,Plan,No\n\
        Ada,ada@x.example,\"1.234,50\",paid,A2\n\
        Bo,bo@x.example,12,Free,B1\n\
        Cy,cy@x.example,much,Free,C1\n\
        Di,di@x.example,1,Free,b1\n\
        Ed,ed@x.example,1,Gold,E1\n";
    let made = prepare(&world.owner, "people.csv", text).await;
    let guessed: Vec<Value> = made["columns"].as_array().unwrap().iter().map(|c| c["custom"].clone()).collect();
    assert_eq!(guessed, [Value::Null, Value::Null, json!("budget"), json!("plan"), Value::Null]);
    let path = path_of(&made);
    let wrong = world.owner.patch(&path, json!({"custom": [null, null, "twice", null, null]})).await;
    assert_eq!(refused(&wrong), [("/custom/2".into(), "field_unknown".into())]);
    let columns = json!({"custom": [null, null, "budget", "plan", "number"], "options": {"overwrite": true}});
    world.owner.patch(&path, columns).await.expect(200);
    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    let done = world.owner.get(&path).await.expect(200).clone();
    assert_eq!(counts(&done), [1, 1, 0, 0, 3], "{done}");
    let rows = world.owner.get(&format!("{path}/rows?filter=outcome:eq:failed")).await;
    let reasons: Vec<_> = rows.expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["reason"].clone(), r["column"].clone()))
        .collect();
    let wanted = [("value_invalid", "custom.budget"), ("not_unique", "No"), ("value_invalid", "Plan")];
    assert_eq!(reasons, wanted.map(|(reason, column)| (json!(reason), json!(column))));
    assert_eq!(
        customs(&world).await,
        [
            json!({"budget": 123_450, "plan": "paid", "number": "A2", "origin": "hand", "twice": 246_900}),
            json!({"budget": 1200, "plan": "free", "number": "B1", "origin": "file", "twice": 2400}),
        ]
    );
    let found = world.owner.get("/v1/contacts?filter=custom.budget:gt:2000&filter=custom.plan:eq:paid").await;
    assert_eq!(found.expect(200)["items"].as_array().map(Vec::len), Some(1));

    world.owner.post(&format!("{path}/undo"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(customs(&world).await, [json!({"budget": 100, "number": "A1", "origin": "hand", "twice": 200})]);
    assert_eq!(world.count("select count(*) from custom_field_values").await, 4);
    let taken = world.owner.post("/v1/contacts", json!({"first_name": "X", "custom": {"number": "a1"}})).await;
    assert_eq!(refused(&taken), [("/custom/number".into(), "not_unique".into())]);
    id_of(&world.owner, json!({"first_name": "X", "custom": {"number": "A2"}})).await;
}
