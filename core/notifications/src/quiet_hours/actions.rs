//! Who is not to be disturbed now, and saying when one is not.
use super::{
    db,
    model::{NewQuietHours, QuietHours, QuietHoursRow, Spans},
};
use crate::held_notices;
use chrono::{DateTime, Utc};
use kernel::{Result, Tx, events::NewEvent};
use std::collections::HashMap;
use uuid::Uuid;

/// Who of these is not to be disturbed now, and until when.
pub(crate) async fn quiet_now(tx: &mut Tx, users: &[Uuid]) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    let rows = db::of_users(tx, users).await?;
    let (now, account) = (tx.now(), &tx.tenant().zone);
    Ok(rows.iter().filter_map(|row| Some((row.user_id, row.hours(account).until(now)?))).collect())
}

/// A person's quiet hours; none are an empty list.
pub(super) async fn get(tx: &mut Tx, user: Uuid) -> Result<QuietHours> {
    let row = db::find(tx, user).await?;
    Ok(shown(tx, row.unwrap_or(QuietHoursRow { user_id: user, zone: None, spans: Spans(vec![]) })))
}

/// Other ones. What waits for the former comes when these say so.
pub(super) async fn put(tx: &mut Tx, user: Uuid, new: NewQuietHours) -> Result<QuietHours> {
    let row = db::put(tx, user, new.checked()?).await?;
    held_notices::actions::look_again(tx, user).await?;
    let event = NewEvent::new("quiet_hours.updated", "quiet_hours", user, "Quiet hours of a member changed");
    tx.record(event).await?;
    Ok(shown(tx, row))
}

fn shown(tx: &Tx, row: QuietHoursRow) -> QuietHours {
    let account = &tx.tenant().zone;
    let quiet_until = row.hours(account).until(tx.now());
    let zone_in_force = row.zone.clone().unwrap_or_else(|| account.clone());
    QuietHours { spans: row.spans.0, zone: row.zone, zone_in_force, quiet_until }
}
