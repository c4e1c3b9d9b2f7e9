//! Fields that tenants define themselves.
mod custom_fields;
mod formulas;
mod imports;
mod values;

use serde_json::{Value, json};
use tests::Client;

/// Defines a field of contacts; gives the whole answer.
pub async fn define(client: &Client, field: Value) -> Value {
    let mut body = json!({"record": "contact"});
    body.as_object_mut().expect("an object").extend(field.as_object().expect("an object").clone());
    client.post("/v1/custom-fields", body).await.expect(201).clone()
}

/// Path of a field.
pub fn path_of(field: &Value) -> String {
    format!("/v1/custom-fields/{}", field["id"].as_str().expect("an id"))
}

/// Refused fields with their codes, in the order of their names.
pub fn refused(answer: &tests::Answer) -> Vec<(String, String)> {
    let errors = answer.expect(422)["errors"].as_array().expect("errors").clone();
    let text = |e: &Value, name: &str| e[name].as_str().expect("text").to_owned();
    let mut all: Vec<_> = errors.iter().map(|e| (text(e, "field"), text(e, "code"))).collect();
    all.sort();
    all
}
