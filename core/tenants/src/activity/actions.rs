//! Counting, and reading what was counted.
use super::{
    db,
    model::{Head, Week, Window},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use kernel::{ControlTx, Result, Tx, db::Here, events::Recorded};
use std::collections::HashMap;
use uuid::Uuid;

async fn locked(tx: &mut Tx) -> Result<Head> {
    if let Some(head) = db::lock(tx).await? {
        return Ok(head);
    }
    db::begin(tx).await?;
    Ok(db::lock(tx).await?.unwrap_or(Head { seq: 0, contacts_seq: 0 }))
}

/// Counts what the log holds by now. The first event of a batch counts all of it; what comes again, or is late after
/// others were counted, finds nothing left to do.
pub(crate) async fn count(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let head = locked(tx).await?;
    if head.seq < event.seq {
        db::count(tx, head.seq).await?;
    }
    Ok(())
}

/// Counts a tenant's log anew, and writes down how many contacts there are.
pub async fn recount(tx: &mut Tx, contacts: i64) -> Result<()> {
    locked(tx).await?;
    db::forget(tx).await?;
    db::count(tx, 0).await?;
    db::set_contacts(tx, contacts).await
}

/// Writes down how many contacts the tenant has, unless that was done for this event or a later one.
pub async fn count_contacts(
    tx: &mut Tx,
    event: &Recorded,
    how_many: impl AsyncFnOnce(&mut Tx) -> Result<i64>,
) -> Result<()> {
    if locked(tx).await?.contacts_seq < event.seq {
        let contacts = how_many(tx).await?;
        db::set_contacts(tx, contacts).await?;
    }
    Ok(())
}

/// Seven days of each of these tenants in a time zone, and when they began: three statements, however many they are.
pub(crate) async fn weeks(
    tx: &mut ControlTx,
    ids: &[Uuid],
    zone: &str,
) -> Result<(HashMap<Uuid, Week>, DateTime<Utc>)> {
    let window = Window::of(Here { now: tx.now(), zone: zone.parse().unwrap_or(Tz::UTC) });
    let named: HashMap<String, Uuid> = db::roles(tx, ids).await?.into_iter().map(|r| (r.role_name, r.id)).collect();
    let roles: Vec<String> = named.keys().cloned().collect();
    let mut weeks: HashMap<Uuid, Week> = ids.iter().map(|id| (*id, Week::quiet())).collect();
    for row in db::parts(tx, &roles, &window).await? {
        if let Some(week) = named.get(&row.tenant).and_then(|id| weeks.get_mut(id)) {
            week.take(&row);
        }
    }
    for row in db::latest(tx, &roles).await? {
        if let Some(week) = named.get(&row.tenant).and_then(|id| weeks.get_mut(id)) {
            (week.last_at, week.has_contacts) = (row.last_at, row.contacts);
        }
    }
    Ok((weeks, window.since))
}
