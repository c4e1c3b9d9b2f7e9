//! What can be done with activities.
use super::{
    db,
    model::{Activity, ActivityId, ActivityPatch, Draft, NewActivity},
};
use contacts::{ContactId, Owners};
use kernel::{Result, Tx, events::NewEvent, http::check_if_match};
use serde_json::json;
use uuid::Uuid;

/// Logs an activity with a contact.
pub async fn create(
    tx: &mut Tx,
    contact: ContactId,
    new: NewActivity,
    author: Option<Uuid>,
    owners: &Owners,
) -> Result<Activity> {
    contacts::require(tx, contact, owners).await?;
    let draft = Draft::new(new, tx.now())?;
    let id = ActivityId::new(tx.now());
    db::insert(tx, id, contact, author, &draft).await?;
    record(tx, "activity.logged", "Activity logged", id, contact, &draft.kind).await?;
    db::find(tx, id, owners).await
}

/// Changes a logged activity.
pub async fn update(
    tx: &mut Tx,
    id: ActivityId,
    patch: ActivityPatch,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Activity> {
    let activity = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, activity.version)?;
    let contact = activity.contact;
    let draft = Draft::patched(activity, patch, tx.now())?;
    db::update(tx, id, &draft).await?;
    record(tx, "activity.updated", "Activity changed", id, contact, &draft.kind).await?;
    db::find(tx, id, owners).await
}

/// Deletes a logged activity.
pub async fn delete(tx: &mut Tx, id: ActivityId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let activity = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, activity.version)?;
    db::delete(tx, id).await?;
    record(tx, "activity.deleted", "Activity deleted", id, activity.contact, &activity.kind).await
}

async fn record(
    tx: &mut Tx,
    kind: &'static str,
    title: &str,
    id: ActivityId,
    contact: ContactId,
    what: &str,
) -> Result<()> {
    let event = NewEvent::new(kind, "activities", id.0, title).contact(contact.0).payload(&json!({ "kind": what }));
    tx.record(event).await?;
    Ok(())
}
