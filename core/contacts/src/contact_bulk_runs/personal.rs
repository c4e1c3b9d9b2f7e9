//! What bulk runs keep about a person: what they changed, for an undo.
use super::db;
use crate::contacts::Person;
use kernel::{Result, Tx};
use serde_json::{Value, json};

/// What is kept.
pub(crate) async fn export(tx: &mut Tx, person: &Person) -> Result<Value> {
    let rows = db::about(tx, person.contact).await?;
    let row = |row: &db::About| json!({ "run": row.run, "at": row.created_at, "outcome": row.outcome, "changed": row.trace, "undo": row.undo });
    Ok(rows.iter().map(row).collect())
}

/// Forgets it; that one contact was changed stays in the figures of the run.
pub(crate) async fn erase(tx: &mut Tx, person: &Person) -> Result<u64> {
    db::erase(tx, person.contact).await
}
