//! Segments: who fits, who comes and goes, and who may see it.
mod filters;
mod follow;
mod members;
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod segments;

use crate::forms::World;
use serde_json::{Value, json};
use tests::Client;

pub use crate::followups::owner;

/// A comparison.
pub fn field(name: &str, op: &str, values: Value) -> Value {
    json!({"kind": "field", "field": name, "op": op, "values": values})
}

/// A group.
pub fn all(rules: Value) -> Value {
    json!({"kind": "all", "rules": rules})
}

/// A related record.
pub fn has(record: &str, rules: Value) -> Value {
    json!({"kind": "has", "record": record, "rules": rules})
}

/// Makes a dynamic segment; gives its id.
pub async fn dynamic(client: &Client, name: &str, definition: Value) -> String {
    let new = json!({"name": name, "kind": "dynamic", "definition": definition});
    client.post("/v1/segments", new).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

/// Names of the contacts in a segment, sorted, as their list says.
pub async fn members(client: &Client, segment: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/contacts?limit=200&filter=segment:eq:{segment}")).await;
    sorted(crate::contacts::names(page.expect(200)))
}

/// Names of the contacts that fit, sorted: every contact is read. The sample shows ten at most.
pub async fn fitting(client: &Client, definition: &Value) -> Vec<String> {
    let found = client.post("/v1/segments/preview", json!({"definition": definition})).await;
    let preview = found.expect(200);
    let contacts = preview["contacts"].as_array().expect("contacts").iter();
    let names: Vec<_> = contacts.map(|c| c["display_name"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(preview["members"], json!(names.len()), "{preview}");
    sorted(names)
}

/// Names of the contacts that a list narrowed by the conditions shows, sorted.
pub async fn filtered(client: &Client, definition: &Value) -> Vec<String> {
    let page = client.get(&format!("/v1/contacts?limit=200&filter=rules:eq:{definition}")).await;
    sorted(crate::contacts::names(page.expect(200)))
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

/// A tag's id.
pub async fn tag(client: &Client, name: &str) -> String {
    client.post("/v1/tags", json!({"name": name})).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

/// Contacts with first names.
pub async fn people(world: &World, names: &[&str]) -> Vec<String> {
    let mut ids = vec![];
    for name in names {
        ids.push(crate::contacts::id_of(&world.owner, json!({"first_name": name})).await);
    }
    ids
}
