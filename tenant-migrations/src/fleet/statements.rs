//! Cuts a file into statements, for those that PostgreSQL accepts only one at a time.

use anyhow::{Result, bail};

/// The statements of a text without the semicolons; comments stay with what follows them. Quotes, dollar quotes and
/// (nested) comments are understood.
pub(super) fn split(sql: &str) -> Vec<&str> {
    let bytes = sql.as_bytes();
    let mut statements = Vec::new();
    let (mut start, mut at, mut substance) = (0, 0, false);
    while at < bytes.len() {
        let skipped = comment(sql, at);
        if skipped > at {
            at = skipped;
            continue;
        }
        match bytes[at] {
            b';' => {
                if substance {
                    statements.push(sql[start..at].trim());
                }
                (start, substance) = (at + 1, false);
                at += 1;
            }
            byte => {
                substance |= !byte.is_ascii_whitespace();
                at = quoted(sql, at);
            }
        }
    }
    if substance {
        statements.push(sql[start..].trim());
    }
    statements
}

/// Position behind the comment that begins at `at`, or `at`.
fn comment(sql: &str, at: usize) -> usize {
    let rest = &sql.as_bytes()[at..];
    if rest.starts_with(b"--") {
        return rest.iter().position(|byte| *byte == b'\n').map_or(sql.len(), |end| at + end + 1);
    }
    if !rest.starts_with(b"/*") {
        return at;
    }
    let (mut depth, mut offset) = (0_usize, 0);
    while offset < rest.len() {
        if rest[offset..].starts_with(b"/*") {
            depth += 1;
            offset += 2;
        } else if rest[offset..].starts_with(b"*/") {
            depth -= 1;
            offset += 2;
            if depth == 0 {
                return at + offset;
            }
        } else {
            offset += 1;
        }
    }
    sql.len()
}

/// Position behind the quoted text, or behind the one byte, at `at`.
fn quoted(sql: &str, at: usize) -> usize {
    let bytes = sql.as_bytes();
    let escapes = at > 0 && matches!(bytes[at - 1], b'e' | b'E') && (at == 1 || !is_word(bytes[at - 2]));
    match bytes[at] {
        quote @ (b'\'' | b'"') => {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != quote {
                end += if escapes && quote == b'\'' && bytes[end] == b'\\' { 2 } else { 1 };
            }
            (end + 1).min(bytes.len())
        }
        b'$' if at == 0 || !is_word(bytes[at - 1]) => {
            let length = bytes[at + 1..].iter().take_while(|byte| is_word(**byte) && **byte != b'$').count();
            let close = at + 1 + length;
            if bytes.get(close) != Some(&b'$') {
                return at + 1;
            }
            let tag = &sql[at..=close];
            sql[close + 1..].find(tag).map_or(bytes.len(), |found| close + 1 + found + tag.len())
        }
        _ => at + 1,
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// A statement outside a transaction may be run twice after a kill, so it has to allow that.
pub(super) fn check_repeatable(statement: &str) -> Result<()> {
    let text = statement
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    let creates =
        text.starts_with("create ") && !text.contains("if not exists") && !text.starts_with("create or replace");
    let drops = text.starts_with("drop ") && !text.contains("if exists");
    if creates || drops {
        bail!("a statement of a nontransactional file must be repeatable (if not exists, if exists): {text}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_comments_hide_semicolons() {
        let sql = "-- a; b\nselect 'x;''y', \"a;b\" /* ; /* ; */ ; */; select $$ ; $$, $t$ ; $$ ; $t$;\n-- end;\n";
        assert_eq!(split(sql).len(), 2);
        assert!(split(sql)[1].starts_with("select $$"));
        assert_eq!(split(r"select E'\';'; select '\'; select 3").len(), 3);
        assert_eq!(split("select $1; select a$b$c; select 2").len(), 3);
        assert!(split("  ;; -- nothing\n").is_empty());
    }

    #[test]
    fn repeatable() {
        assert!(check_repeatable("-- why\ncreate index concurrently if not exists a on b (c)").is_ok());
        assert!(check_repeatable("create index concurrently a on b (c)").is_err());
        assert!(check_repeatable("drop index concurrently a").is_err());
        assert!(check_repeatable("vacuum a").is_ok());
    }
}
