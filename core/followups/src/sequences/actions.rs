//! What can be done with sequences.
use super::{
    db,
    model::{NewSequence, Sequence, SequenceId},
};
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match};
use serde_json::json;

/// Most sequences of a tenant.
const MOST: i64 = 100;

/// Makes a sequence.
pub(super) async fn create(tx: &mut Tx, new: NewSequence) -> Result<Sequence> {
    let new = new.checked()?;
    if db::count(tx).await? >= MOST {
        return Err(Error::conflict("sequences_full", "There are as many sequences as there may be."));
    }
    let id = SequenceId::new(tx.now());
    db::put(tx, id, &new).await?;
    tx.record(NewEvent::new("sequence.created", "sequences", id.0, "Sequence added")).await?;
    db::find(tx, id).await
}

/// Replaces a sequence. Whoever goes through it already keeps the steps that were planned for him.
pub(super) async fn replace(tx: &mut Tx, id: SequenceId, new: NewSequence, if_match: Option<&str>) -> Result<Sequence> {
    let new = new.checked()?;
    let before = db::find_for_update(tx, id).await?;
    check_if_match(if_match, before.version)?;
    db::put(tx, id, &new).await?;
    let event = NewEvent::new("sequence.updated", "sequences", id.0, "Sequence changed");
    tx.record(event.payload(&json!({ "enabled": new.enabled }))).await?;
    db::find(tx, id).await
}

/// Removes a sequence.
pub(super) async fn delete(tx: &mut Tx, id: SequenceId, if_match: Option<&str>) -> Result<()> {
    let before = db::find_for_update(tx, id).await?;
    check_if_match(if_match, before.version)?;
    db::delete(tx, id).await?;
    tx.record(NewEvent::new("sequence.deleted", "sequences", id.0, "Sequence removed")).await?;
    Ok(())
}
