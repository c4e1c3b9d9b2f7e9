//! The OpenAPI document, corrected where the framework's output would mislead client generators.
use crate::{Error, Result};
use serde_json::{Map, Value, json};

/// The document as pretty JSON, ready to be compared with the checked-in copy.
pub fn document(spec: &str) -> Result<String> {
    let mut document: Value = serde_json::from_str(spec).map_err(Error::internal)?;
    correct(&mut document);
    serde_json::to_string_pretty(&document).map_err(Error::internal)
}

/// Why: an absent option is written as null, which the framework's schemas do not say; content types carry a charset
/// that generators take for another type; header names come upper-cased.
fn correct(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("type") == Some(&json!("object")) && map.contains_key("properties") {
                make_nullable(map);
            }
            rename(map, "application/json; charset=utf-8", "application/json");
            if let Some(Value::Object(headers)) = map.get_mut("headers") {
                for (from, to) in [("ETAG", "ETag"), ("LOCATION", "Location")] {
                    rename(headers, from, to);
                }
            }
            correct_parameter(map);
            map.values_mut().for_each(correct);
        }
        Value::Array(items) => items.iter_mut().for_each(correct),
        _ => {}
    }
}

fn rename(map: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = map.remove(from) {
        map.insert(to.to_owned(), value);
    }
}

fn make_nullable(map: &mut Map<String, Value>) {
    let required: Vec<String> = map
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .collect();
    let Some(Value::Object(properties)) = map.get_mut("properties") else { return };
    for (name, property) in properties {
        if required.contains(name) {
            continue;
        }
        let Value::Object(schema) = property else { continue };
        if schema.contains_key("default") {
            continue;
        }
        if let Some(reference) = schema.remove("$ref") {
            schema.insert("oneOf".into(), json!([{ "$ref": reference }]));
        }
        schema.insert("nullable".into(), json!(true));
    }
}

/// A repeated query parameter may be left out; the framework says it is required.
fn correct_parameter(map: &mut Map<String, Value>) {
    let is_list = map.get("in") == Some(&json!("query"))
        && map.get("schema").is_some_and(|s| s.get("type") == Some(&json!("array")));
    if is_list {
        map.insert("required".into(), json!(false));
    }
}
