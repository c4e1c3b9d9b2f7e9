//! Keeping when somebody was last in touch. What is planned counts from when it happens: one job for the account looks at the
//! next moment at which anything was planned, whoever it is with.
use super::{db, jobs::CountTouches};
use chrono::{DateTime, Utc};
use contacts::ContactId;
use kernel::{Result, Tx, events::NewEvent, jobs::Enqueue};
use uuid::Uuid;

/// What counts as being in touch.
pub(crate) const KINDS: &[&str] = &[
    "activity.logged",
    "activity.updated",
    "activity.deleted",
    "form.submitted",
    "contact.merge_settled",
    "contact.merge_undone",
];

/// Contacts that one transaction counts.
const BATCH: i64 = 200;

/// Keeps when somebody was last in touch with a contact, in the transaction in which that changes.
pub(crate) async fn note(tx: &mut Tx, event: &NewEvent) -> Result<()> {
    let Some(contact) = event.contact_id else { return Ok(()) };
    // A submission gets its contact after its event.
    let at = (event.kind == "form.submitted").then(|| tx.now());
    if count(tx, contact, at).await? {
        plan(tx).await?;
    }
    Ok(())
}

/// Counts it anew, with the contact locked, so it is right whatever was changed or removed at the same time; gives whether
/// somebody must look for what is planned. The contact's version stays: nothing that anybody edits has changed.
async fn count(tx: &mut Tx, contact: Uuid, at: Option<DateTime<Utc>>) -> Result<bool> {
    db::lock_contact(tx, contact).await?;
    let touches = db::touches(tx, contact, at).await?;
    contacts::set_last_contact(tx, ContactId(contact), touches.last).await?;
    Ok(touches.is_planned)
}

/// Sees to it that somebody looks when the next of what is planned happens. Whoever looks holds the same row, so he either
/// sees what is being planned, or has decided already when to look next.
async fn plan(tx: &mut Tx) -> Result<()> {
    let watched = db::watched_for_update(tx).await?;
    match db::next_planned(tx).await? {
        // No key: a job of that moment that runs already may have looked too early.
        Some(next) if watched.is_none_or(|watched| next < watched) => look_at(tx, next, None).await,
        _ => Ok(()),
    }
}

/// Sees to it that somebody looks at this moment.
async fn look_at(tx: &mut Tx, next: DateTime<Utc>, unique_key: Option<String>) -> Result<()> {
    db::watch(tx, Some(next)).await?;
    tx.enqueue(&CountTouches {}, Enqueue { run_at: Some(next), unique_key }).await.map(drop)
}

/// Counts what was planned and has happened; gives whether there may be more of it. Contacts are locked before the row of
/// whoever looks, as whoever plans does.
pub(super) async fn count_planned(tx: &mut Tx) -> Result<bool> {
    let Some(since) = db::watched(tx).await?.filter(|at| *at <= tx.now()) else { return Ok(false) };
    let came = db::came(tx, since, BATCH).await?;
    if !came.is_empty() {
        for contact in &came {
            count(tx, *contact, None).await?;
        }
        // Nothing is recorded: what happened was told when it was planned.
        tx.touched("contacts", &came).await?;
        return Ok(true);
    }
    let Some(since) = db::watched_for_update(tx).await?.filter(|at| *at <= tx.now()) else { return Ok(false) };
    if !db::came(tx, since, 1).await?.is_empty() {
        return Ok(true);
    }
    match db::next_planned(tx).await? {
        Some(next) => look_at(tx, next, Some(next.timestamp_micros().to_string())).await?,
        None => db::watch(tx, None).await?,
    }
    Ok(false)
}
