//! What imports keep about a person: the row that he came with, and what he was before.
use super::{actions, db};
use crate::contacts::Person;
use kernel::{Result, Tx};
use serde_json::{Value, json};

/// What is kept.
pub(crate) async fn export(tx: &mut Tx, person: &Person) -> Result<Value> {
    let rows = db::ledger::about(tx, person.contact).await?;
    let row = |row: &db::ledger::About| {
        json!({
            "import": row.import_id, "file": row.file_name, "line": row.line, "outcome": row.outcome,
            "cells": row.cells, "before": row.before,
        })
    };
    let more = db::traces::about(tx, person.contact).await?;
    let trace =
        |t: &db::traces::About| json!({ "import": t.import_id, "line": t.line, "part": t.part, "brought": t.trace });
    Ok(rows.iter().map(row).chain(more.iter().map(trace)).collect())
}

/// Forgets it, and removes the files that he stands in; while one is being taken in, as soon as that ends. Gives how many rows
/// and traces there were, and how many imports said of themselves who he is.
pub(crate) async fn erase(tx: &mut Tx, person: &Person) -> Result<(u64, u64, u64)> {
    let traces = db::traces::erase(tx, person.contact).await?;
    let (count, mut imports) = db::ledger::erase(tx, person.contact, &person.addresses).await?;
    let told = db::redact(tx, &person.addresses).await?;
    let said = told.len() as u64;
    imports.extend(told);
    db::erase_later(tx, &imports).await?;
    for id in db::at_rest(tx, &imports).await? {
        actions::remove_file(tx, id).await?;
    }
    Ok((count, traces, said))
}
