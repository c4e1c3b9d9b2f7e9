//! A module may use only modules above it in the one list; anything else is an event.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Violation;
use crate::build;

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    metadata: Option<Custom>,
}

#[derive(Debug, Deserialize)]
struct Custom {
    upzento: Upzento,
}

#[derive(Debug, Deserialize)]
struct Upzento {
    order: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

pub(super) fn check(project: &Path) -> Result<Vec<Violation>> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1", "--offline"];
    let output = build::command(project, &build::cargo(), &arguments).output().context("cannot run cargo metadata")?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata printed something else")?;
    let mut found = violations(&metadata);
    found.extend(mounts(project, &metadata));
    Ok(found)
}

fn violations(metadata: &Metadata) -> Vec<Violation> {
    let order: &[String] = metadata.metadata.as_ref().map_or(&[], |custom| &custom.upzento.order);
    let place = |name: &str| order.iter().position(|module| module == name);
    let whole = |path: &str, message: String| Violation { path: path.into(), line: 0, rule: "order", message };
    let mut found = Vec::new();
    let mut modules = BTreeSet::new();
    for package in &metadata.packages {
        let Some(at) = place(&package.name) else {
            if package.manifest_path.contains("/core/") {
                found.push(whole("Cargo.toml", format!("{} is missing in the order of modules", package.name)));
            }
            continue;
        };
        modules.insert(package.name.as_str());
        let shipped = package.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev"));
        for dependency in shipped.filter(|dependency| dependency.path.is_some()) {
            if place(&dependency.name).is_some_and(|below| below >= at) {
                let message =
                    format!("uses {}, which stands below it in the order: send an event instead", dependency.name);
                found.push(whole(&format!("core/{}/Cargo.toml", package.name), message));
            }
        }
    }
    let gone = order.iter().filter(|module| !modules.contains(module.as_str()));
    found.extend(
        gone.map(|module| whole("Cargo.toml", format!("{module} is in the order of modules but does not exist"))),
    );
    found
}

/// The server mounts the modules in the same order, so that its list reads like the table of contents.
fn mounts(project: &Path, metadata: &Metadata) -> Option<Violation> {
    let path = "core/server/src/modules.rs";
    let text = std::fs::read_to_string(project.join(path)).ok()?;
    let order = &metadata.metadata.as_ref()?.upzento.order;
    let places: Vec<usize> = order.iter().filter_map(|module| text.find(&format!("{module}::module()"))).collect();
    let message = "modules are not mounted in the order of Cargo.toml".to_owned();
    (!places.is_sorted()).then_some(Violation { path: path.into(), line: 0, rule: "order", message })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(kind: &str) -> Metadata {
        let text = format!(
            r#"{{"metadata": {{"upzento": {{"order": ["kernel", "contacts", "forms"]}}}}, "packages": [
              {{"name": "kernel", "manifest_path": "/x/core/kernel/Cargo.toml", "dependencies": []}},
              {{"name": "contacts", "manifest_path": "/x/core/contacts/Cargo.toml", "dependencies": [
                {{"name": "kernel", "kind": null, "path": "/x"}}, {{"name": "forms", "kind": {kind}, "path": "/x"}},
                {{"name": "serde", "kind": null, "path": null}}]}},
              {{"name": "forms", "manifest_path": "/x/core/forms/Cargo.toml", "dependencies": []}}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn nobody_uses_what_stands_below() {
        let found = violations(&metadata("null"));
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("forms") && found[0].path == "core/contacts/Cargo.toml");
        assert!(violations(&metadata("\"dev\"")).is_empty());
    }
}
