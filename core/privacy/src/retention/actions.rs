//! Saying how long people are kept, and erasing those whose time is over.
use super::{
    db::{self, Quiet, Step},
    jobs::EraseQuietContacts,
    model::{NewRetention, Retention, RetentionPreview},
};
use crate::data_requests::{self, DataRequestKind, NewDataRequest};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Result, Tx, events::NewEvent, http::check_if_match, jobs::Enqueue};
use serde_json::json;
use std::time::{Duration, Instant};

/// So many contacts are asked to be erased at once.
const BATCH: usize = 50;
/// So long after a full batch the next one comes.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// So long after the others are looked for again, and after a change: what was said by mistake can be taken back.
const ROUND: TimeDelta = TimeDelta::days(1);
/// So many contacts are counted for a preview.
const COUNTED: i64 = 10_000;
/// So long is counted for a preview.
const PATIENCE: Duration = Duration::from_secs(1);

/// The moment before which the last thing has happened, for so many days.
fn since(now: DateTime<Utc>, days: i32) -> DateTime<Utc> {
    now - TimeDelta::days(i64::from(days))
}

/// Says how long contacts are kept; the first ones are erased a day later.
pub(super) async fn put(tx: &mut Tx, new: NewRetention, if_match: Option<&str>) -> Result<Retention> {
    let before = db::find_for_update(tx).await?;
    check_if_match(if_match, before.version)?;
    let after = db::put(tx, new.contact_days).await?;
    if after.contact_days.is_some() {
        plan(tx, EraseQuietContacts { version: after.version, step: Some(0), after: None }, ROUND).await?;
    }
    let tenant = tx.tenant().id;
    let payload = json!({ "contact_days": after.contact_days, "before": before.contact_days });
    tx.record(NewEvent::new("retention.updated", "retention", tenant.0, "Retention changed").payload(&payload)).await?;
    Ok(after)
}

/// Counts who would be erased after so many days, as far as one look after the other comes in the time for it.
pub(super) async fn preview(tx: &mut Tx, days: i32) -> Result<RetentionPreview> {
    let (since, begun) = (since(tx.now(), days), Instant::now());
    let (mut contacts, mut is_more, mut after) = (0, true, None);
    while is_more && contacts <= COUNTED && begun.elapsed() < PATIENCE {
        let left = PATIENCE.saturating_sub(begun.elapsed());
        let looked = tx.within(left, async |tx| db::look(tx, since, after).await).await?;
        let Some((quiet, more)) = looked else { break };
        contacts += quiet.iter().map(|contact| i64::from(contact.is_over)).sum::<i64>();
        (is_more, after) = (more, quiet.last().map(Quiet::place));
    }
    Ok(RetentionPreview { contacts: contacts.min(COUNTED), is_more: is_more || contacts > COUNTED })
}

/// Goes on with a round: looks at the next contacts and asks for the erasure of those whose time is over. One look and what
/// follows of it are a transaction, so whatever stops it, the next one goes on behind the last contact that was looked at. It never
/// asks for more while others wait: an erasure looks through all that was ever written.
pub(super) async fn erase_quiet(tx: &mut Tx, job: EraseQuietContacts) -> Result<()> {
    let taken = db::take_step(tx, job.version, job.step).await?;
    let Some(Step { contact_days: Some(days), next }) = taken else { return Ok(()) };
    if db::is_busy(tx).await? {
        return plan(tx, EraseQuietContacts { step: Some(next), ..job }, PAUSE).await;
    }
    let (quiet, is_more) = db::look(tx, since(tx.now(), days), job.after).await?;
    let (mut looked, mut asked, mut after) = (quiet.into_iter(), 0, None);
    while asked < BATCH
        && let Some(contact) = looked.next()
    {
        after = Some(contact.place());
        if contact.is_over {
            let reason = Some(format!("Nothing happened for {days} days."));
            let request = NewDataRequest { contact: contact.contact, kind: DataRequestKind::Erasure, reason };
            data_requests::create(tx, request, &None).await?;
            asked += 1;
        }
    }
    let (after, pause) = match asked {
        BATCH => (after, PAUSE),
        _ if is_more => (after, TimeDelta::zero()),
        _ => (None, ROUND),
    };
    plan(tx, EraseQuietContacts { version: job.version, step: Some(next), after }, pause).await
}

async fn plan(tx: &mut Tx, next: EraseQuietContacts, pause: TimeDelta) -> Result<()> {
    let run_at = Some(tx.now() + pause);
    tx.enqueue(&next, Enqueue { run_at, ..Enqueue::default() }).await.map(drop)
}
