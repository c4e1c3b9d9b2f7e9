//! The companies a tenant deals with.
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod companies;
mod company_bulk_runs;
mod company_contacts;
mod company_duplicates;
mod company_merges;
mod family;
mod health;
mod hierarchy;
mod lists;
mod personal;
mod rules;

use serde_json::{Value, json};
use tests::Client;

/// Makes a company; gives the whole answer.
pub async fn add(client: &Client, company: Value) -> Value {
    client.post("/v1/companies", company).await.expect(201).clone()
}

/// Makes a company; gives its id.
pub async fn id_of(client: &Client, company: Value) -> String {
    add(client, company).await["id"].as_str().expect("an id").to_owned()
}

/// Makes a company of which only the name matters; gives its path.
pub async fn path_of(client: &Client, name: &str) -> String {
    format!("/v1/companies/{}", id_of(client, json!({"name": name})).await)
}

/// Names of the rows of a page.
pub fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap_or_else(|| panic!("no items: {page}"));
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}
