//! The rules of the house, as tests: what cannot be seen from one file.
mod access;
mod api;
mod events;
mod isolation;
mod levels;
mod marks;
mod samples;
mod sql;
mod statements;
mod world;

use std::collections::BTreeSet;

/// Fails with every line, if there are any.
#[track_caller]
fn none(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}:\n  {}", wrong.join("\n  "));
}

/// What a list says and what was found, where they differ: a list may only shrink, and says what is true.
fn differences<'a>(list: impl Iterator<Item = &'a str>, found: &BTreeSet<String>) -> Vec<String> {
    let list: BTreeSet<String> = list.map(str::to_owned).collect();
    let more = found.difference(&list).map(|name| format!("{name}: not in the list"));
    more.chain(list.difference(found).map(|name| format!("{name}: no longer true, take it out of the list"))).collect()
}
