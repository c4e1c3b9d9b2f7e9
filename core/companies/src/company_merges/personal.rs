//! What merges keep of what companies said: for an undo, which is given up when a person is erased who is mentioned there.
use super::db;
use kernel::{Result, Tx};

/// Removes every merge that keeps one of these texts; the companies stay one. Gives how many rows of each table went.
pub(crate) async fn forget(tx: &mut Tx, mentions: &[String]) -> Result<Vec<(&'static str, u64)>> {
    let gone = db::forget(tx, mentions).await?;
    Ok(vec![
        ("company_merges", gone.merges.cast_unsigned()),
        ("company_merge_members", gone.members.cast_unsigned()),
        ("company_merge_rows", gone.rows.cast_unsigned()),
    ])
}
