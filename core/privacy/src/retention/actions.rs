//! Saying how long people are kept, and erasing those whose time is over.
use super::{
    db,
    jobs::EraseQuietContacts,
    model::{NewRetention, Retention},
};
use crate::data_requests::{self, DataRequestKind, NewDataRequest};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Result, Tx, events::NewEvent, http::check_if_match, jobs::Enqueue};
use serde_json::json;

/// So many contacts are asked to be erased at once.
const BATCH: i64 = 50;
/// So long after a full batch the next one comes.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// So long after the others are looked for again, and after a change: what was said by mistake can be taken back.
const ROUND: TimeDelta = TimeDelta::days(1);

/// The moment before which the last thing has happened, for so many days.
pub(super) fn since(now: DateTime<Utc>, days: i32) -> DateTime<Utc> {
    now - TimeDelta::days(i64::from(days))
}

/// Says how long contacts are kept; the first ones are erased a day later.
pub(super) async fn put(tx: &mut Tx, new: NewRetention, if_match: Option<&str>) -> Result<Retention> {
    let before = db::find_for_update(tx).await?;
    check_if_match(if_match, before.version)?;
    let after = db::put(tx, new.contact_days).await?;
    if after.contact_days.is_some() {
        plan(tx, after.version, ROUND).await?;
    }
    let tenant = tx.tenant().id;
    let payload = json!({ "contact_days": after.contact_days, "before": before.contact_days });
    tx.record(NewEvent::new("retention.updated", "retention", tenant.0, "Retention changed").payload(&payload)).await?;
    Ok(after)
}

/// Asks for the erasure of some contacts whose time is over, unless something else was said since; comes again for the others.
pub(super) async fn erase_quiet(tx: &mut Tx, version: i64) -> Result<()> {
    let found = db::find_for_update(tx).await?;
    let Some(days) = found.contact_days.filter(|_| found.version == version) else { return Ok(()) };
    let quiet = db::quiet(tx, since(tx.now(), days), BATCH).await?;
    for contact in &quiet {
        let reason = Some(format!("Nothing happened for {days} days."));
        let request = NewDataRequest { contact: *contact, kind: DataRequestKind::Erasure, reason };
        data_requests::create(tx, request, &None).await?;
    }
    let is_full = i64::try_from(quiet.len()).is_ok_and(|count| count == BATCH);
    plan(tx, version, if is_full { PAUSE } else { ROUND }).await
}

async fn plan(tx: &mut Tx, version: i64, pause: TimeDelta) -> Result<()> {
    let at = tx.now() + pause;
    let unique_key = Some(format!("{version}/{}", at.timestamp()));
    tx.enqueue(&EraseQuietContacts { version }, Enqueue { run_at: Some(at), unique_key }).await.map(drop)
}
