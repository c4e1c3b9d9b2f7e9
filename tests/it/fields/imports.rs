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
    assert_eq!(refused(&wrong), [("/custom/2".into(), "field_computed".into())]);
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

#[tokio::test]
async fn rows_find_their_contact_by_a_unique_field() {
    let world = World::start().await;
    for field in [
        json!({"label": "Number", "type": "text", "unique": true}),
        json!({"label": "Badge", "type": "number", "unique": true}),
    ] {
        define(&world.owner, field).await;
    }
    let mut ids = vec![];
    for (name, custom) in
        [("Ada", json!({"number": "A1", "badge": 7})), ("Bo", json!({"number": "B1"})), ("Di", json!({"number": "D1"}))]
    {
        ids.push(id_of(&world.owner, json!({"display_name": name, "custom": custom})).await);
    }
    world.owner.delete(&format!("/v1/contacts/{}", ids[2])).await.expect(204);
    let text = "Name,Email,Number,Badge\n\
        Ada Lane,ada@x.example,a1,\n\
        Bo,,,8\n\
        Bo Reed,,B1,9\n\
        Bo again,,b1,\n\
        Ada once more,,,7\n\
        Di,,D1,\n\
        Ed,,E1,\n";
    let made = prepare(&world.owner, "people.csv", text).await;
    let path = path_of(&made);
    let options = json!({"match_by": ["custom", "email"]});
    let columns = json!({"fields": ["display_name", "email", null, null], "custom": [null, null, "number", "badge"], "options": options});
    world.owner.patch(&path, columns).await.expect(200);
    world.owner.post(&format!("{path}/check"), json!({})).await.expect(200);
    world.app.settle().await;
    let tried = world.owner.get(&path).await.expect(200)["check"].clone();
    assert_eq!(["created", "updated", "skipped", "failed"].map(|name| tried[name].as_i64()), [2, 2, 2, 1].map(Some));
    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    let done = world.owner.get(&path).await.expect(200).clone();
    assert_eq!(counts(&done), [2, 2, 0, 2, 1], "{done}");
    let rows = world.owner.get(&format!("{path}/rows")).await;
    let told: Vec<Value> = rows.expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| json!([r["line"], r["outcome"], r["reason"], r["same_as"]]))
        .collect();
    let expected = json!([
        [2, "updated", null, null],
        [3, "created", null, null],
        [4, "updated", null, null],
        [5, "skipped", "duplicate_row", 4],
        [6, "skipped", "duplicate_row", 2],
        // Whoever is deleted keeps his number, and is not brought back by it.
        [7, "failed", "not_unique", null],
        [8, "created", null, null]
    ]);
    assert_eq!(Value::from(told), expected);
    let known = world.owner.get(&format!("/v1/contacts/{}", ids[0])).await.expect(200).clone();
    assert_eq!((&known["display_name"], &known["email"]), (&json!("Ada Lane"), &json!("ada@x.example")));
    assert_eq!(known["custom"], json!({"number": "a1", "badge": 7}));
    let known = world.owner.get(&format!("/v1/contacts/{}", ids[1])).await.expect(200).clone();
    assert_eq!(known["custom"], json!({"number": "B1", "badge": 9}));
    world.owner.post(&format!("{path}/undo"), json!({})).await.expect(200);
    world.app.settle().await;
    let known = world.owner.get(&format!("/v1/contacts/{}", ids[0])).await.expect(200).clone();
    assert_eq!((&known["display_name"], &known["custom"]), (&json!("Ada"), &json!({"number": "A1", "badge": 7})));
}

#[tokio::test]
async fn links_lead_to_one_record_or_the_row_is_told_why_not() {
    let world = World::start().await;
    let client = &world.owner;
    for (label, target) in [("Friend", "contact"), ("Backer", "company"), ("Project", "deal")] {
        define(client, json!({"label": label, "type": "link", "target": target})).await;
    }
    define(client, json!({"label": "Paper", "type": "file"})).await;
    let bo = json!({"display_name": "Bo Reed", "emails": [{"address": "Bo@x.example"}]});
    let bo = id_of(client, bo).await;
    for _ in 0..2 {
        id_of(client, json!({"display_name": "Twin"})).await;
    }
    let company = json!({"name": "Müller GmbH", "website": "https://www.mueller.example"});
    let company = crate::companies::id_of(client, company).await;
    // One is called as the other's site.
    crate::companies::id_of(client, json!({"name": "acme.example"})).await;
    crate::companies::id_of(client, json!({"name": "Acme", "website": "acme.example"})).await;
    let text = format!(
        "Name,Friend,Backer,Project,Paper\n\
         By name,bo reed,MULLER gmbh,,\n\
         By address,BO@X.example,http://mueller.example/about,,\n\
         By id,{bo},{company},,\n\
         Nobody,Jane,,,\n\
         Two,Twin,,,\n\
         Both,,acme.example,,\n\
         No deal,,,Roof,\n"
    );
    let made = prepare(client, "people.csv", text.clone()).await;
    let guessed: Vec<Value> = made["columns"].as_array().unwrap().iter().map(|c| c["custom"].clone()).collect();
    assert_eq!(guessed, [Value::Null, json!("friend"), json!("backer"), json!("project"), Value::Null]);
    let path = path_of(&made);
    let wrong = client.patch(&path, json!({"custom": [null, "friend", "backer", "project", "paper"]})).await;
    assert_eq!(refused(&wrong), [("/custom/4".into(), "field_file".into())]);
    client.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    let done = client.get(&path).await.expect(200).clone();
    assert_eq!(counts(&done), [3, 0, 0, 0, 4], "{done}");
    let page = client.get("/v1/contacts?sort=name&filter=name:prefix:by").await;
    let links = |c: &Value| (c["custom"]["friend"].clone(), c["custom"]["backer"].clone());
    let links: Vec<_> = page.expect(200)["items"].as_array().unwrap().iter().map(links).collect();
    assert_eq!(links, vec![(json!(bo), json!(company)); 3]);
    let rows = client.get(&format!("{path}/rows?filter=outcome:eq:failed")).await;
    let told = |r: &Value| (r["reason"].clone(), r["column"].clone());
    let told: Vec<_> = rows.expect(200)["items"].as_array().unwrap().iter().map(told).collect();
    let expected = [
        ("link_unknown", "Friend"),
        ("link_ambiguous", "Friend"),
        ("link_ambiguous", "Backer"),
        ("link_unknown", "Project"),
    ];
    assert_eq!(told, expected.map(|(reason, column)| (json!(reason), json!(column))));

    // Nobody finds out by a file whom there is beyond his reach; what is wrong may be left out.
    let grants = json!({"contacts.*": "own", "contacts.import": "own", "files.write": "all"});
    let (sam, _) = crate::contacts::member_with(&world, "Sam", grants).await;
    let made = prepare(&sam, "people.csv", text).await;
    let path = path_of(&made);
    let with =
        |backer: Value| json!({"custom": [null, "friend", backer, null, null], "options": {"bad_cells": "leave_out"}});
    let refusal = sam.patch(&path, with(json!("backer"))).await;
    assert_eq!(refused(&refusal), [("/custom/2".into(), "permission_missing".into())]);
    sam.patch(&path, with(Value::Null)).await.expect(200);
    sam.post(&format!("{path}/start"), json!({"again": true})).await.expect(200);
    world.app.settle().await;
    assert_eq!(counts(client.get(&path).await.expect(200)), [7, 0, 0, 0, 0]);
    let page = sam.get("/v1/contacts").await;
    let items = page.expect(200)["items"].as_array().unwrap().clone();
    assert!(items.iter().all(|contact| contact["custom"]["friend"].is_null()), "{items:?}");
}
