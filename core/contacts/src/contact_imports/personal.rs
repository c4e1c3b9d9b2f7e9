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
    Ok(rows.iter().map(row).collect())
}

/// Forgets it, and removes the files that he stands in; while one is being taken in, as soon as that ends.
pub(crate) async fn erase(tx: &mut Tx, person: &Person) -> Result<u64> {
    let (count, imports) = db::ledger::erase(tx, person.contact, &person.addresses).await?;
    db::erase_later(tx, &imports).await?;
    for id in db::at_rest(tx, &imports).await? {
        actions::remove_file(tx, id).await?;
    }
    Ok(count)
}
