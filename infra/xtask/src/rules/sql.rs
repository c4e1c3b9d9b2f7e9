//! Rules about single SQL statements.

use std::sync::LazyLock;

use regex::Regex;

fn compiled(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// Whether a string in ordinary code is a statement.
pub(super) fn looks_like_sql(text: &str) -> bool {
    static STATEMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        compiled(
            r"(?is)^\s*(?:select\s+(?:[\w.]+\s*,|[\w.()*]+\s+from\s+[\w.]+\s*(?:$|where|order|limit|join|for|\w+\s+(?:where|join)))|insert\s+into\s+[\w.]+\s*\(|update\s+[\w.]+\s+set\s+\w+\s*=|delete\s+from\s+[\w.]+(?:\s+where|\s*$)|with\s+\w+\s+as\s*\(|create\s+(?:table|schema|role|index)\s+\w|alter\s+(?:table|role)\s+\w|set\s+(?:local\s+)?(?:search_path|role)\b)",
        )
    });
    STATEMENT.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// What is wrong with a statement of a module.
pub(super) fn check_statement(text: &str) -> Vec<String> {
    static SHOUTING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        compiled(r"\b(?:SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|JOIN|VALUES|RETURNING|ORDER BY|GROUP BY)\b")
    });
    static QUALIFIED: LazyLock<Option<Regex>> =
        LazyLock::new(|| compiled(r"\b(public|information_schema|t_[a-z0-9]{20,})\s*\."));
    static SESSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
        compiled(r"(?i)^\s*(?:set\s|reset\s|begin\b|commit\b|rollback\b|listen\s|notify\s|create\s|alter\s|drop\s)")
    });
    let bare = without_literals(text);
    let mut found = star(&bare);
    let has = |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|regex| regex.is_match(&bare));
    if has(&SHOUTING) {
        found.push("SQL is written in lower case".to_owned());
    }
    if has(&QUALIFIED) {
        found.push("name tables without a schema; only ops, shared, control and edge are named".to_owned());
    }
    if has(&SESSION) {
        found.push("statements of modules read and write rows; the kernel owns transactions and sessions".to_owned());
    }
    found
}

/// `select *` and its relatives break when a tenant is one migration ahead.
pub(super) fn star(bare: &str) -> Vec<String> {
    static STAR: LazyLock<Option<Regex>> =
        LazyLock::new(|| compiled(r"(?i)(?:\bselect\s+(?:distinct\s+)?|\breturning\s+|,\s*)(?:\w+\.)?\*(?:\s|,|$|\))"));
    let starred = STAR.as_ref().is_some_and(|regex| regex.is_match(bare));
    starred
        .then(|| "name the columns: a star changes its meaning when a column is added".to_owned())
        .into_iter()
        .collect()
}

/// The statement without comments and with empty string literals.
pub(super) fn without_literals(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '-' if rest.peek() == Some(&'-') => {
                rest.by_ref().find(|c| *c == '\n');
                bare.push('\n');
            }
            '\'' => {
                // A doubled quote ends one literal and begins the next, which comes to the same.
                rest.by_ref().take_while(|c| *c != '\'').filter(|c| *c == '\n').for_each(|c| bare.push(c));
                bare.push_str("''");
            }
            _ => bare.push(c),
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_sentences() {
        for statement in [
            "select id, name from deals",
            "  insert into deals (id) values ($1)",
            "update control.tenants set state = 'x'",
            "with x as (select 1) select 2",
            "select count(*) from deals where id = $1",
            "set local role x",
        ] {
            assert!(looks_like_sql(statement), "{statement}");
        }
        for sentence in [
            "select a plan from the list",
            "Update the contact",
            "delete from here on",
            "with care as always",
            "insert into the form",
            "set the role",
        ] {
            assert!(!looks_like_sql(sentence), "{sentence}");
        }
    }

    #[test]
    fn statements_follow_the_rules() {
        assert!(
            check_statement("select a.id, count(*) from a join b on b.a_id = a.id where a.x is distinct from b.y")
                .is_empty()
        );
        assert!(check_statement("insert into ops.jobs (id) values ($1) returning id").is_empty());
        assert!(check_statement("select 'SELECT * FROM public.x' as text -- FROM\n").is_empty());
        for wrong in [
            "select a.* from a",
            "insert into a (id) values ($1) returning *",
            "SELECT id from a",
            "select id from public.a",
            "select id from t_0123456789abcdefghjkmnpqrs.a",
            "set search_path = x",
            "select id, * from a",
        ] {
            assert_eq!(check_statement(wrong).len(), 1, "{wrong}");
        }
        assert!(check_statement("select 2 * 3, price * quantity from a").is_empty());
    }
}
