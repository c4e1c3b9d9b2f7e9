//! The OpenAPI document, corrected where the framework's output would mislead client generators.
use crate::{Error, Result};
use poem::{Endpoint, Response, endpoint::make_sync, error::ResponseError};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

/// JSON that is kept as it comes, but has a shape that callers should know.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// Name of its schema in the document.
    pub name: &'static str,
    /// Its schema in the dialect of OpenAPI 3.0; schemas it refers to stand under `components/schemas`.
    pub schema: fn() -> Value,
    /// Object and field where it is found.
    pub fields: &'static [(&'static str, &'static str)],
}

/// What is made when somebody asks for it the first time: few ever do, and it takes as long as all else of a start.
pub fn on_demand(
    content_type: &'static str,
    make: impl Fn() -> Result<String> + Send + Sync + 'static,
) -> impl Endpoint<Output = Response> + 'static {
    let made = OnceLock::new();
    make_sync(move |_| match made.get_or_init(&make) {
        Ok(text) => Response::builder().content_type(content_type).body(text.clone()),
        Err(error) => error.as_response(),
    })
}

/// The document as pretty JSON, ready to be compared with the checked-in copy.
pub fn document(spec: &str, described: &[Described]) -> Result<String> {
    let mut document: Value = serde_json::from_str(spec).map_err(Error::internal)?;
    for part in described {
        describe(&mut document, part);
    }
    correct(&mut document);
    serde_json::to_string_pretty(&document).map_err(Error::internal)
}

fn describe(document: &mut Value, part: &Described) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut schema = (part.schema)();
    spell_out_constants(&mut schema);
    if let Some(Value::Object(inner)) = schema.pointer_mut("/components/schemas").map(Value::take) {
        schemas.extend(inner);
    }
    if let Value::Object(root) = &mut schema {
        root.retain(|key, _| !matches!(key.as_str(), "components" | "$schema" | "title"));
    }
    schemas.insert(part.name.to_owned(), schema);
    for (object, field) in part.fields {
        let place = schemas.get_mut(*object).and_then(|o| o.pointer_mut(&format!("/properties/{field}")));
        if let Some(Value::Object(property)) = place {
            let reference = json!({ "$ref": format!("#/components/schemas/{}", part.name) });
            // Beside a reference nothing else counts, so what is said about the field stands around it.
            property.retain(|key, _| key == "description");
            property.insert("allOf".to_owned(), json!([reference]));
        }
    }
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

/// OpenAPI 3.0 has no `const`.
fn spell_out_constants(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(only) = map.remove("const") {
                map.insert("enum".to_owned(), json!([only]));
            }
            map.values_mut().for_each(spell_out_constants);
        }
        Value::Array(items) => items.iter_mut().for_each(spell_out_constants),
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
