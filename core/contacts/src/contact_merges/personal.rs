//! What merges keep about a person: the contacts as they were, for an undo.
use super::db;
use crate::contacts::Person;
use kernel::{Result, Tx};
use serde_json::{Value, json};

/// What is kept.
pub(crate) async fn export(tx: &mut Tx, person: &Person) -> Result<Value> {
    let merges = db::about(tx, person.contact).await?;
    let one = |merge: &db::About| json!({ "merge": merge.id, "at": merge.created_at, "before": merge.before });
    Ok(merges.iter().map(one).collect())
}

/// Forgets it; the contacts stay one.
pub(crate) async fn erase(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let erased = db::erase(tx, person.contact).await?;
    Ok(vec![
        ("contact_merges", erased.merges.cast_unsigned()),
        ("contact_merge_members", erased.members.cast_unsigned()),
        ("contact_merge_rows", erased.rows.cast_unsigned()),
    ])
}
