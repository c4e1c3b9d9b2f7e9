//! Every table has one owner, named in the first page of its module, and only the owner writes to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::{Source, Violation};

/// Tables of the kernel and of the fleet runner, which are no modules.
const SHARED: &[&str] = &[
    "events",
    "event_log",
    "event_cursors",
    "audit_events",
    "fleet",
    "tenant_schemas",
    "deletion_certificates",
    "outbox",
    "jobs",
    "schedules",
    "idempotency_keys",
    "usage",
    "traffic",
    "signs_of_life",
];

pub(super) fn check(sources: &[Source]) -> Vec<Violation> {
    let tables = tables(sources);
    let owners = owners(sources, &tables);
    let mut found: Vec<Violation> = tables
        .iter()
        .filter(|(table, _)| !SHARED.contains(&table.as_str()))
        .filter_map(|(table, migration)| claims(table, migration, &owners))
        .collect();
    for source in sources {
        if let Some(module) = module_of(&source.path) {
            found.extend(foreign_writes(source, module, &tables, &owners));
        }
    }
    found
}

/// Table with the migration that creates it; names without their schema.
fn tables(sources: &[Source]) -> BTreeMap<String, String> {
    static CREATE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^create table (?:if not exists )?(?:\w+\.)?(\w+)").ok());
    let migrations = sources.iter().filter(|source| source.path.starts_with("tenant-migrations/"));
    migrations
        .filter(|source| source.path.ends_with(".sql") && source.path.contains("/V"))
        .flat_map(|source| {
            let hits = CREATE.iter().flat_map(|regex| regex.captures_iter(&source.text));
            hits.map(|hit| (hit[1].to_owned(), source.path.clone())).collect::<Vec<_>>()
        })
        .collect()
}

/// Module with the tables its first page names.
fn owners<'a>(sources: &'a [Source], tables: &BTreeMap<String, String>) -> BTreeMap<&'a str, BTreeSet<String>> {
    let pages = sources.iter().filter(|source| source.path.ends_with("/src/lib.rs"));
    pages
        .filter_map(|page| {
            let module = module_of(&page.path)?;
            let named = quoted(&section(&page.text, "Tables"));
            let words = named.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            Some((module, words.filter(|word| tables.contains_key(*word)).map(str::to_owned).collect()))
        })
        .collect()
}

fn module_of(path: &str) -> Option<&str> {
    let module = path.strip_prefix("core/")?.split('/').next()?;
    (!matches!(module, "kernel" | "server")).then_some(module)
}

/// The text under a heading of a module's first page, up to the next heading.
fn section(text: &str, heading: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let inside = lines.skip_while(|line| line.trim_start_matches(['#', ' ']) != heading).skip(1);
    inside.take_while(|line| !line.starts_with('#')).collect::<Vec<_>>().join(" ")
}

/// What stands in backticks, when anything does: the words around it are not names.
fn quoted(text: &str) -> String {
    let inside: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    if inside.is_empty() { text.to_owned() } else { inside.join(" ") }
}

fn claims(table: &str, migration: &str, owners: &BTreeMap<&str, BTreeSet<String>>) -> Option<Violation> {
    let claiming: Vec<&str> = owners.iter().filter(|(_, own)| own.contains(table)).map(|(module, _)| *module).collect();
    let message = match claiming.as_slice() {
        [_] => return None,
        [] => format!("no module names the table {table} under Tables in its lib.rs"),
        several => format!("the table {table} is named under Tables by {}", several.join(", ")),
    };
    Some(Violation { path: migration.to_owned(), line: 0, rule: "tables", message })
}

fn foreign_writes(
    source: &Source,
    module: &str,
    tables: &BTreeMap<String, String>,
    owners: &BTreeMap<&str, BTreeSet<String>>,
) -> Vec<Violation> {
    static WRITE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\b(?:insert\s+into|delete\s+from|update)\s+(?:\w+\.)?(\w+)").ok());
    if !(source.path.ends_with("/db.rs") || source.path.contains("/db/")) {
        return Vec::new();
    }
    let own = |table: &str| owners.get(module).is_some_and(|own| own.contains(table)) || SHARED.contains(&table);
    let shipped = source.shipped();
    let hits = WRITE.iter().flat_map(|regex| regex.captures_iter(shipped)).filter_map(|hit| hit.get(1));
    hits.filter(|hit| tables.contains_key(hit.as_str()) && !own(hit.as_str()))
        .map(|hit| {
            let line = shipped[..hit.start()].matches('\n').count() + 1;
            let message = format!("writes to {}, which is not under Tables in this module's lib.rs: call its owner's verb, or name it there", hit.as_str());
            source.violation("tables", line, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_writes() {
        let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
        let page =
            |tables: &str| format!("//! # Purpose\n//! x\n//! # Tables\n//! {tables}\n//! # Permissions\n//! deals\n");
        let migration = source("tenant-migrations/tenant/V2__x.sql", "create table notes (\ncreate table deals (\n");
        let statement =
            "fn a() {\n    sql!(\"update notes set x = 1 where id in (select id from deals for update)\");\n}\n";
        let mut sources = vec![
            migration,
            source("core/notes/src/lib.rs", &page("`notes` (tenant, for deals).")),
            source("core/deals/src/lib.rs", &page("`deals`.")),
            source("core/notes/src/notes/db.rs", statement),
        ];
        assert_eq!(check(&sources), []);
        sources.push(source("core/deals/src/deals/db.rs", statement));
        let found = check(&sources);
        assert_eq!((found.len(), found[0].line), (1, 2));
        sources[2].text = page("none");
        assert!(check(&sources).iter().any(|violation| violation.message.contains("no module names the table deals")));
    }
}
