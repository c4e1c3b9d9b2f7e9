//! The committed OpenAPI documents: what the programs say about themselves, reviewed in every change.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{build, console};

/// Program and the committed document of it.
const DOCUMENTS: [(&str, &str); 2] = [("upzento", "tests/openapi.json"), ("admin-api", "tests/admin-openapi.json")];

/// Fails when a committed document differs from what its program says.
///
/// # Errors
/// A document is missing or old.
pub fn check(project: &Path) -> Result<()> {
    for (program, path, said) in documents(project)? {
        let committed =
            fs::read_to_string(&path).with_context(|| format!("{} is missing; {ACCEPT}", path.display()))?;
        let committed: Value = serde_json::from_str(&committed)?;
        if committed != said {
            let place = first_difference(&committed, &said, String::new()).unwrap_or_default();
            bail!("{} is not what {program} says (first difference at {place}); {ACCEPT}", path.display());
        }
    }
    Ok(())
}

const ACCEPT: &str = "review with `git diff` after `cargo xtask openapi --accept`";

/// Writes the documents the programs print.
///
/// # Errors
/// A program does not run, or a file cannot be written.
pub fn accept(project: &Path) -> Result<()> {
    build::programs(project)?;
    for (_, path, said) in documents(project)? {
        fs::write(&path, format!("{said:#}\n")).with_context(|| format!("cannot write {}", path.display()))?;
        console::line(&format!("  {}", path.display()));
    }
    Ok(())
}

fn documents(project: &Path) -> Result<Vec<(&'static str, PathBuf, Value)>> {
    DOCUMENTS
        .iter()
        .map(|(program, path)| {
            let mut command = build::command(project, &build::binary(program)?.to_string_lossy(), &["openapi"]);
            let output = command.output().with_context(|| format!("cannot run {program}"))?;
            if !output.status.success() {
                bail!("{program} openapi failed: {}", String::from_utf8_lossy(&output.stderr).trim());
            }
            let said = serde_json::from_slice(&output.stdout).with_context(|| format!("{program} printed no JSON"))?;
            Ok((*program, project.join(path), said))
        })
        .collect()
}

/// Path of the first place where two documents differ, as `/paths/~1v1~1contacts/get`.
fn first_difference(left: &Value, right: &Value, at: String) -> Option<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            names.into_iter().find_map(|name| {
                let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                first_difference(left.get(name).unwrap_or(&Value::Null), right.get(name).unwrap_or(&Value::Null), place)
            })
        }
        _ => (left != right).then_some(at),
    }
}

/// Prints every route of the committed documents: method, path, operation.
///
/// # Errors
/// A document cannot be read.
pub fn routes(project: &Path, filter: Option<&str>) -> Result<()> {
    for (program, path) in DOCUMENTS {
        let Ok(text) = fs::read_to_string(project.join(path)) else { continue };
        let document: Value = serde_json::from_str(&text).with_context(|| format!("{path} is damaged"))?;
        let lines: Vec<String> =
            routes_of(&document).into_iter().filter(|line| filter.is_none_or(|filter| line.contains(filter))).collect();
        if !lines.is_empty() {
            console::line(&format!("{program} ({path})"));
            lines.iter().for_each(|line| console::line(&format!("  {line}")));
        }
    }
    Ok(())
}

fn routes_of(document: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation.is_object() {
                let name = operation["operationId"].as_str().unwrap_or_default();
                lines.push(format!("{:6} {path}  {name}", method.to_uppercase()));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_are_located_and_routes_listed() {
        let old = json!({"paths": {"/v1/x": {"get": {"operationId": "list_x"}}}});
        let new = json!({"paths": {"/v1/x": {"get": {"operationId": "list_y"}}}});
        assert_eq!(first_difference(&old, &new, String::new()).unwrap(), "/paths/~1v1~1x/get/operationId");
        assert_eq!(first_difference(&old, &old, String::new()), None);
        assert_eq!(routes_of(&old), ["GET    /v1/x  list_x"]);
    }
}
