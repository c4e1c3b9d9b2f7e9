//! The people a tenant deals with.
mod consents;
mod contact_bulk_runs;
pub mod contact_duplicates;
mod contact_import_parts;
pub mod contact_imports;
mod contact_imports_undone;
pub mod contact_merges;
mod contact_stages;
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod contacts;
mod do_not_contact;
mod exports;
mod lists;
mod matching;
mod tag_runs;
mod tags;
mod upsert;

use crate::forms::World;
use serde_json::{Value, json};
use tests::Client;

/// Makes a contact; gives the whole answer.
pub async fn add(client: &Client, contact: Value) -> Value {
    client.post("/v1/contacts", contact).await.expect(201).clone()
}

/// Makes a contact; gives its id.
pub async fn id_of(client: &Client, contact: Value) -> String {
    add(client, contact).await["id"].as_str().expect("an id").to_owned()
}

/// A member with a role of these grants.
pub async fn member_with(world: &World, name: &str, grants: Value) -> (Client, String) {
    let key = format!("role_{}", name.to_lowercase());
    world.owner.post("/v1/roles", json!({"key": key, "name": name, "grants": grants})).await.expect(201);
    world.member(&key, name).await
}

/// Display names of the rows of a page.
pub fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap_or_else(|| panic!("no items: {page}"));
    items.iter().map(|item| item["display_name"].as_str().expect("a name").to_owned()).collect()
}
