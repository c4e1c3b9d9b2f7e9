//! House rules that a machine can check, so that no reviewer has to.
//!
//! A rule that is broken for a good reason has a line in `exceptions.toml` with that reason. An exception that is no
//! longer needed is itself a violation, so the list can only shrink.

mod code;
mod documents;
mod migrations;
mod order;
mod settings;
mod shape;
mod sql;
mod tables;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files::walk;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// File, relative to the project.
    pub path: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Short name of the rule.
    pub rule: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {} ({})", self.path, self.line, self.message, self.rule)
    }
}

/// A source file under the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// Path relative to the project, with forward slashes.
    pub path: String,
    /// Content.
    pub text: String,
}

impl Source {
    /// The part that is shipped: unit tests stand at the bottom.
    pub fn shipped(&self) -> &str {
        self.text.find("\n#[cfg(test)]\n").map_or(&self.text, |end| &self.text[..=end])
    }

    pub fn violation(&self, rule: &'static str, line: usize, message: impl Into<String>) -> Violation {
        Violation { path: self.path.clone(), line, rule, message: message.into() }
    }

    fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// Checks every rule on the project.
///
/// # Errors
/// A file cannot be read, or the exceptions are malformed.
pub fn check(project: &Path) -> Result<Vec<Violation>> {
    let sources = sources(project)?;
    let mut found = Vec::new();
    found.extend(shape::check(&sources));
    found.extend(order::check(project)?);
    found.extend(code::check(&sources));
    found.extend(migrations::check(&sources));
    found.extend(tables::check(&sources));
    found.extend(documents::check(project)?);
    found.extend(settings::check(project)?);
    found.sort();
    found.dedup();
    Ok(without_exceptions(found, &exceptions()?))
}

const SKIPPED: &[&str] =
    &["target", "node_modules", "dist", "generated", ".git", ".upzento", "test-results", "playwright-report"];

fn sources(project: &Path) -> Result<Vec<Source>> {
    let code = |path: &PathBuf| {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        matches!(kind, "rs" | "ts" | "tsx" | "mjs" | "js" | "sql")
    };
    walk(project, SKIPPED)
        .into_iter()
        .filter(code)
        .map(|path| {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let path = path.strip_prefix(project).unwrap_or(&path).to_string_lossy().into_owned();
            Ok(Source { path, text })
        })
        .collect()
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Exception {
    rule: String,
    path: String,
    reason: String,
}

const EXCEPTIONS: &str = include_str!("exceptions.toml");

fn exceptions() -> Result<Vec<Exception>> {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        exception: Vec<Exception>,
    }
    let file: File = toml::from_str(EXCEPTIONS).context("exceptions.toml")?;
    Ok(file.exception)
}

fn without_exceptions(found: Vec<Violation>, exceptions: &[Exception]) -> Vec<Violation> {
    let covers = |exception: &Exception, violation: &Violation| {
        exception.rule == violation.rule && exception.path == violation.path && !exception.reason.is_empty()
    };
    let unused = exceptions.iter().filter(|exception| !found.iter().any(|violation| covers(exception, violation)));
    let mut left: Vec<Violation> = unused
        .map(|exception| Violation {
            path: exception.path.clone(),
            line: 0,
            rule: "exceptions",
            message: format!(
                "no longer breaks {}; delete its line in infra/xtask/src/rules/exceptions.toml",
                exception.rule
            ),
        })
        .collect();
    left.extend(found.into_iter().filter(|violation| !exceptions.iter().any(|exception| covers(exception, violation))));
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_cover_and_expire() {
        let broken = Violation { path: "a.rs".into(), line: 3, rule: "size", message: "long".into() };
        let exception = |path: &str| Exception { rule: "size".into(), path: path.into(), reason: "because".into() };
        assert_eq!(without_exceptions(vec![broken.clone()], &[exception("a.rs")]), []);
        let left = without_exceptions(vec![broken.clone()], &[exception("b.rs")]);
        assert_eq!((left.len(), left[0].rule, &left[1]), (2, "exceptions", &broken));
    }

    #[test]
    fn shipped_code_ends_where_the_tests_begin() {
        let source = Source { path: "x.rs".into(), text: "fn a() {}\n\n#[cfg(test)]\nmod tests {}\n".into() };
        assert_eq!(source.shipped(), "fn a() {}\n\n");
    }
}
