//! Rules about migration files.

use std::sync::LazyLock;

use regex::Regex;

use super::{Source, Violation, sql};

/// What may not stand in a tenant's schema, and why.
const TENANT_FORBIDS: &[(&str, &str)] = &[
    (
        r"\bcreate\s+(?:type|domain)\b",
        "tenant schemas define no types: a cached plan breaks when two tenants' types differ; use text with a check",
    ),
    (
        r"\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b",
        "tenant schemas have no triggers: what happens is written in actions.rs",
    ),
    (r"\bcreate\s+(?:or\s+replace\s+)?function\b", "functions stand in shared, once, not in every tenant's schema"),
    (r"\bcreate\s+extension\b", "extensions belong to shared"),
    (
        r"\b(?:public|control|edge|information_schema|t_[a-z0-9]{20,})\s*\.",
        "tenant migrations name their tables without a schema; only ops and shared are named",
    ),
    (r"\bset\s+(?:local\s+|session\s+)?(?:search_path|role)\b", "the runner binds the tenant"),
    (r"\b(?:serial|bigserial)\b", "ids are uuid, made by the program"),
];

pub(super) fn check(sources: &[Source]) -> Vec<Violation> {
    sources.iter().filter(|source| is_step(source)).flat_map(check_one).collect()
}

fn is_step(source: &Source) -> bool {
    let sets = ["tenant-migrations/control/", "tenant-migrations/ops/", "tenant-migrations/tenant/"];
    sets.iter().any(|set| source.path.starts_with(set)) && source.path.ends_with(".sql")
}

fn check_one(source: &Source) -> Vec<Violation> {
    let bare = sql::without_literals(&source.text);
    let mut found = Vec::new();
    found.extend(name(source));
    found.extend(header(source));
    found.extend(unnamed_constraints(source, &bare));
    for (line, text) in bare.lines().enumerate() {
        found.extend(sql::star(text).into_iter().map(|message| source.violation("migration", line + 1, message)));
    }
    if source.path.starts_with("tenant-migrations/tenant/") {
        for (pattern, message) in TENANT_FORBIDS {
            let Ok(regex) = Regex::new(&format!("(?i){pattern}")) else { continue };
            let lines = regex.find_iter(&bare).map(|hit| line_of(&bare, hit.start()));
            found.extend(lines.map(|line| source.violation("migration", line, *message)));
        }
    }
    found
}

fn name(source: &Source) -> Option<Violation> {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^V[1-9]\d*__[a-z][a-z0-9_]*\.sql$").ok());
    let good = NAME.as_ref().is_some_and(|regex| regex.is_match(source.file_name()));
    (!good).then(|| source.violation("migration", 0, "the file is called V<number>__<name>.sql"))
}

fn header(source: &Source) -> Option<Violation> {
    let lines = source.text.lines().take(2).filter(|line| line.starts_with("-- ") && line.len() > 10).count();
    let message = "the first two lines say what changes for the user and why it is safe while old code runs";
    (lines < 2).then(|| source.violation("migration", 1, message))
}

/// Constraint names are part of the error contract, so none is left to the server's imagination.
fn unnamed_constraints(source: &Source, bare: &str) -> Vec<Violation> {
    static TABLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bcreate\s+table\b[^(;]*\(").ok());
    static CONSTRAINT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)\b(?:primary\s+key|references\b|unique\b|check\s*\(|exclude\s+using)").ok());
    let (Some(table), Some(constraint)) = (TABLE.as_ref(), CONSTRAINT.as_ref()) else { return Vec::new() };
    let mut found = Vec::new();
    for start in table.find_iter(bare) {
        for (offset, item) in items(bare, start.end()) {
            if constraint.is_match(item) && !item.to_lowercase().contains("constraint ") {
                let line = line_of(bare, offset + item.len() - item.trim_start().len());
                found.push(source.violation("migration", line, "name the constraint: constraint <table>_<what> …"));
            }
        }
    }
    found
}

/// The comma-separated items of a list that begins after its opening parenthesis, with their offsets.
fn items(text: &str, begin: usize) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut depth, mut from) = (0, begin);
    for (at, c) in text[begin..].char_indices().map(|(at, c)| (begin + at, c)) {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ',' if depth > 0 => {}
            ',' | ')' => {
                found.push((from, &text[from..at]));
                from = at + 1;
                if c == ')' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset.min(text.len())].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "-- For the user: notes.\n-- Safe while old code runs: new table.\n";

    fn lines(set: &str, text: &str) -> Vec<usize> {
        let path = format!("tenant-migrations/{set}/V2__notes.sql");
        let source = Source { path, text: format!("{HEADER}{text}") };
        check(&[source]).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn good_files_pass() {
        let table = "create table notes (\n  id uuid not null,\n  kind text not null default 'a, b)',\n  constraint notes_pkey primary key (id),\n  constraint notes_kind_check check (kind in ('a', 'b')) -- unique\n);\ncreate index notes_x on notes using gin (kind shared.gin_trgm_ops);\n";
        assert!(lines("tenant", table).is_empty());
        assert!(lines("control", "create table control.x (id uuid, constraint x_pkey primary key (id));").is_empty());
    }

    #[test]
    fn tenant_schemas_stay_plain() {
        for wrong in [
            "create type kind as enum ('a');",
            "create trigger x before update on notes execute function f();",
            "insert into public.notes values (1);",
            "select * from notes;",
            "create table notes (id uuid primary key);",
            "create table notes (id uuid references contacts (id), constraint n check (true));",
            "set search_path = x;",
        ] {
            assert_eq!(lines("tenant", wrong), [3], "{wrong}");
        }
        assert!(
            lines("control", "create trigger x after update on control.x execute function control.f();").is_empty()
        );
    }

    #[test]
    fn files_say_what_they_do() {
        let source = Source { path: "tenant-migrations/ops/1.sql".into(), text: "select 1;".into() };
        assert_eq!(check(&[source]).len(), 2);
    }
}
