//! The commented configuration file is the configuration's documentation, so it must say exactly what the code says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use regex::Regex;

use super::Violation;

const CODE: &str = "core/kernel/src/config.rs";
const DOCUMENT: &str = "infra/upzento.default.toml";

/// Section and key with the default, as TOML would write it; `None` when the default is not a plain value.
type Keys = BTreeMap<String, Option<toml::Value>>;

pub(super) fn check(project: &Path) -> Result<Vec<Violation>> {
    let read = |path: &str| fs::read_to_string(project.join(path)).with_context(|| format!("cannot read {path}"));
    let (code, document) = (keys_of_code(&read(CODE)?), keys_of_document(&read(DOCUMENT)?)?);
    Ok(differences(&code, &document)
        .into_iter()
        .map(|message| Violation { path: DOCUMENT.into(), line: 0, rule: "settings", message })
        .collect())
}

fn differences(code: &Keys, document: &Keys) -> Vec<String> {
    let mut found = Vec::new();
    for (key, default) in code {
        match document.get(key) {
            None => found.push(format!("{key} is not documented")),
            Some(documented) if default.is_some() && documented != default => {
                let shown = |value: &Option<toml::Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
                found.push(format!("{key} is documented as {}, the code says {}", shown(documented), shown(default)));
            }
            _ => {}
        }
    }
    found.extend(document.keys().filter(|key| !code.contains_key(*key)).map(|key| format!("{key} does not exist")));
    found
}

fn keys_of_document(text: &str) -> Result<Keys> {
    let table: toml::Table = text.parse().context(DOCUMENT)?;
    let sections = table.iter().filter_map(|(section, keys)| Some((section, keys.as_table()?)));
    Ok(sections
        .flat_map(|(section, keys)| {
            keys.iter().map(move |(key, value)| (format!("{section}.{key}"), Some(value.clone())))
        })
        .collect())
}

/// Reads the `section!` blocks; the last one, `Config`, tells which name each section has.
fn keys_of_code(text: &str) -> Keys {
    static BLOCK: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?s)\nsection! \{\s*(?:///[^\n]*\n\s*)*(\w+) \{(.*?)\n    \}\n\}").ok());
    static FIELD: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^\s*(\w+)\s*:\s*([\w<>]+)\s*=\s*(.+?),?$").ok());
    let (Some(block), Some(field)) = (BLOCK.as_ref(), FIELD.as_ref()) else { return Keys::new() };
    let mut blocks = BTreeMap::new();
    for hit in block.captures_iter(text) {
        let fields: Vec<(String, String, String)> =
            field.captures_iter(&hit[2]).map(|hit| (hit[1].to_owned(), hit[2].to_owned(), hit[3].to_owned())).collect();
        blocks.insert(hit[1].to_owned(), fields);
    }
    let mut keys = Keys::new();
    for (section, structure, _) in blocks.get("Config").into_iter().flatten() {
        for (key, _, default) in blocks.get(structure).into_iter().flatten() {
            keys.insert(format!("{section}.{key}"), value(default));
        }
    }
    keys
}

fn value(code: &str) -> Option<toml::Value> {
    let code = code.trim().trim_end_matches(".into()").trim_end_matches(".to_owned()");
    match code {
        "String::new()" | "Secret::default()" => return Some(String::new().into()),
        "vec![]" | "Vec::new()" => return Some(toml::Value::Array(Vec::new())),
        _ => {}
    }
    if let Some((at_once, per_minute)) =
        code.strip_prefix("Rate::new(").and_then(|rest| rest.strip_suffix(')')?.split_once(", "))
    {
        let pair = [("at_once", at_once), ("per_minute", per_minute)];
        let number = |(key, text): (&str, &str)| Some((key.to_owned(), value(text)?));
        return pair.into_iter().map(number).collect::<Option<toml::Table>>().map(Into::into);
    }
    if let Some(text) = code.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Some(text.to_owned().into());
    }
    code.parse::<bool>().map(Into::into).or_else(|_| code.replace('_', "").parse::<i64>().map(Into::into)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "
section! {
    /// Limits.
    Limits {
        /// Bytes.
        body_bytes: usize = 1_048_576,
        hosts: Vec<String> = vec![],
        from: String = \"A <a@x>\".into(),
        rate: Rate = Rate::new(3_000, 1),
    }
}
section! {
    /// Everything.
    Config {
        /// Limits.
        limits: Limits = Limits::default(),
    }
}
";

    #[test]
    fn code_and_document_must_agree() {
        let code = keys_of_code(EXAMPLE);
        assert_eq!(code.len(), 4);
        let document = |text: &str| keys_of_document(text).unwrap();
        let good = "[limits]\nbody_bytes = 1048576\nhosts = []\nfrom = \"A <a@x>\"\n\
                    rate = { at_once = 3000, per_minute = 1 }\n";
        assert!(differences(&code, &document(good)).is_empty());
        let wrong = differences(&code, &document("[limits]\nbody_bytes = 1\nhosts = []\nmore = 1\n"));
        assert_eq!(wrong.len(), 4, "{wrong:?}");
    }

    #[test]
    fn this_project_is_read() {
        let text = fs::read_to_string(crate::project_root().join(CODE)).unwrap();
        let keys = keys_of_code(&text);
        assert!(keys.contains_key("database.owner_url") && keys.contains_key("telemetry.json"), "{keys:?}");
    }
}
