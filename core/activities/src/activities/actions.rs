//! What can be done with activities.
use super::{
    db,
    model::{Activity, ActivityId, ActivityPatch, Draft, NewActivity},
};
use crate::records::{Reach, Record, require};
use contacts::ContactId;
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match};
use serde_json::json;
use uuid::Uuid;

/// Logs an activity with a contact, or about a company or a deal.
pub async fn create(
    tx: &mut Tx,
    record: Record,
    new: NewActivity,
    author: Option<Uuid>,
    reach: &Reach,
) -> Result<Activity> {
    // The deal first, then the contact: the order in which everybody locks.
    match record {
        Record::Deal(deal) => deals::hold(tx, deal, &reach.deals).await?,
        _ => require(tx, record, reach).await?,
    }
    let with = with_whom(tx, record, new.contact, reach).await?;
    let draft = Draft::new(new, tx.now())?;
    let id = ActivityId::new(tx.now());
    db::insert(tx, id, (record, with), author, &draft).await?;
    let activity = db::find(tx, id, reach).await?;
    note_event(tx, "activity.logged", "Activity logged", &activity, &draft.kind).await?;
    Ok(activity)
}

/// The contact it was with, in reach; with a contact it is that one.
async fn with_whom(tx: &mut Tx, record: Record, with: Option<ContactId>, reach: &Reach) -> Result<Option<ContactId>> {
    let unknown = || Error::invalid("/contact", "contact_unknown", "There is no such contact.");
    match (record, with) {
        (Record::Contact(contact), Some(with)) if with != contact => {
            Err(Error::invalid("/contact", "about_one", "It was with the contact that it is about."))
        }
        (Record::Contact(_), _) | (_, None) => Ok(None),
        (_, Some(with)) => match contacts::require(tx, with, &reach.contacts).await {
            Ok(()) => Ok(Some(with)),
            Err(error) if error.is_not_found() => Err(unknown()),
            Err(error) => Err(error),
        },
    }
}

/// Fails with 404 unless the activity is there and what it is about in reach.
pub async fn require_activity(tx: &mut Tx, id: ActivityId, reach: &Reach) -> Result<()> {
    db::find(tx, id, reach).await.map(drop)
}

/// Changes a logged activity.
pub async fn update(
    tx: &mut Tx,
    id: ActivityId,
    patch: ActivityPatch,
    if_match: Option<&str>,
    reach: &Reach,
) -> Result<Activity> {
    let activity = db::find_for_update(tx, id, reach).await?;
    check_if_match(if_match, activity.version)?;
    let draft = Draft::patched(activity, patch, tx.now())?;
    db::update(tx, id, &draft).await?;
    let activity = db::find(tx, id, reach).await?;
    note_event(tx, "activity.updated", "Activity changed", &activity, &draft.kind).await?;
    Ok(activity)
}

/// Deletes a logged activity.
pub async fn delete(tx: &mut Tx, id: ActivityId, if_match: Option<&str>, reach: &Reach) -> Result<()> {
    let activity = db::find_for_update(tx, id, reach).await?;
    check_if_match(if_match, activity.version)?;
    db::delete(tx, id).await?;
    note_event(tx, "activity.deleted", "Activity deleted", &activity, &activity.kind).await
}

/// Records a fact; timelines of its contact, company and deal show it, and follow-ups go by it.
async fn note_event(tx: &mut Tx, kind: &'static str, title: &str, activity: &Activity, what: &str) -> Result<()> {
    let payload = activity.record()?.payload(json!({ "kind": what }));
    let event = NewEvent::new(kind, "activities", activity.id.0, title).contact(activity.contact.map(|c| c.0));
    tx.record(event.payload(&payload)).await?;
    Ok(())
}
