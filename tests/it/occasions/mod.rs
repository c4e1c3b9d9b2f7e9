//! Days that matter, feasts, and greetings on them.
mod feasts;
mod greeting_batches;
mod greetings;
mod moved_days;
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod occasions;
mod personal;
mod simulations;
mod yearly;

use crate::forms::{World, sign_in};
use serde_json::{Value, json};
use tests::Client;

/// The owner, signed in anew: time has passed since he was.
pub async fn owner(world: &World) -> Client {
    sign_in(&world.app, "northlight@example.com").await.0
}

/// A contact with an address; gives his id.
pub async fn person(world: &World, name: &str, more: Value) -> String {
    let mut contact =
        json!({"first_name": name, "emails": [{"address": format!("{}@people.example", name.to_lowercase())}]});
    for (key, value) in more.as_object().expect("an object") {
        contact[key] = value.clone();
    }
    crate::contacts::id_of(&owner(world).await, contact).await
}

/// Writes a birthday down; gives the whole answer.
pub async fn birthday(world: &World, contact: &str, month: i32, day: i32, year: Option<i32>) -> Value {
    let body = json!({"contact": contact, "kind": "birthday", "date_kind": "yearly", "month": month, "day": day, "year": year});
    owner(world).await.post("/v1/occasions", body).await.expect(201).clone()
}

/// A greeting for birthdays that goes out by itself, with changes; gives its id.
pub async fn greeting(world: &World, more: Value) -> String {
    let mut body = json!({"name": "Birthdays", "kinds": ["birthday"], "subject": "Happy birthday, {{first_name|friend}}",
        "body": "All the best for your {{years|next}} year.\n\n{{sender}}", "approval": "automatic", "enabled": true});
    for (key, value) in more.as_object().expect("an object") {
        body[key] = value.clone();
    }
    owner(world).await.post("/v1/greetings", body).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

/// What became of greetings: (contact's name, state, reason), by name.
pub async fn sends(world: &World) -> Vec<(String, String, String)> {
    let page = owner(world).await.get("/v1/greeting-sends?limit=200").await.expect(200).clone();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = page["items"].as_array().expect("items").iter();
    let mut found: Vec<_> =
        rows.map(|row| (text(row, "contact_name"), text(row, "state"), text(row, "reason"))).collect();
    found.sort();
    found
}
