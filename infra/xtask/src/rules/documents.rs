//! Documents whose statements about this repository can be wrong, and therefore are checked.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::Result;
use regex::Regex;

use super::Violation;

/// Documents, and the most lines each may have.
const DOCUMENTS: &[(&str, usize)] = &[("README.md", 200), ("ARCHITECTURE.md", 300), ("CONTRIBUTING.md", 200)];

pub(super) fn check(project: &Path) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    let top: BTreeSet<String> =
        fs::read_dir(project)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    for (name, limit) in DOCUMENTS {
        let violation =
            |line: usize, message: String| Violation { path: (*name).into(), line, rule: "documents", message };
        let Ok(text) = fs::read_to_string(project.join(name)) else {
            found.push(violation(0, "is missing".into()));
            continue;
        };
        let lines = text.lines().count();
        if lines > *limit {
            found.push(violation(0, format!("{lines} lines, at most {limit}")));
        }
        for (line, path) in paths(&text, &top) {
            if !project.join(&path).exists() {
                found.push(violation(line, format!("{path} does not exist")));
            }
        }
    }
    Ok(found)
}

/// Paths of this repository that a document names in backticks or links to.
fn paths(text: &str, top: &BTreeSet<String>) -> Vec<(usize, String)> {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"`([^`\s]+)`|\]\(([^)\s]+)\)").ok());
    let Some(named) = NAMED.as_ref() else { return Vec::new() };
    let mut found = Vec::new();
    let mut fenced = false;
    for (line, content) in text.lines().enumerate() {
        fenced ^= content.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        for hit in named.captures_iter(content) {
            let link = hit.get(2).is_some();
            let path = hit.get(1).or(hit.get(2)).map_or("", |hit| hit.as_str());
            let path = path.split('#').next().unwrap_or_default().trim_end_matches('/').trim_start_matches("./");
            let pattern = path.contains(['<', '*', '{', '…', '$', '=', '(']);
            let first = path.split('/').next().unwrap_or_default();
            let own = if link {
                !path.contains("://") && !path.starts_with("mailto:")
            } else {
                path.contains('/') && top.contains(first)
            };
            if own && !pattern && !path.is_empty() {
                found.push((line + 1, path.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_repository_are_taken() {
        let top = BTreeSet::from(["core".to_owned(), "infra".to_owned()]);
        let text = "see `core/kernel/` and `core/<module>/src`, `GET /v1/x`, `a/b`\n[x](infra/xtask#top) [y](https://x.example/core/z)\n```\n`core/no`\n```\n";
        let found = paths(text, &top);
        assert_eq!(found, [(1, "core/kernel".to_owned()), (2, "infra/xtask".to_owned())]);
    }
}
