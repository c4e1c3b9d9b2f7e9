//! What can be done with working time.
use super::{
    db,
    model::{NewWorkingTime, WorkingTime},
};
use kernel::{Result, Tx, events::NewEvent, http::check_if_match, ids::UserId};
use tasks::Calendar;

/// Replaces the working hours. What waits already keeps its moment.
pub(super) async fn replace(tx: &mut Tx, new: NewWorkingTime, if_match: Option<&str>) -> Result<WorkingTime> {
    let new = new.checked()?;
    let before = db::find_for_update(tx).await?;
    check_if_match(if_match, before.version)?;
    db::update(tx, new).await?;
    let tenant = tx.tenant().id;
    tx.record(NewEvent::new("working_time.updated", "working_time", tenant.0, "Working hours changed")).await?;
    db::find(tx).await
}

/// When what falls to a member may come: in his hours, else the tenant's, and not while he is away and nobody stands in for him.
pub(crate) async fn calendar(tx: &mut Tx, member: Option<UserId>) -> Result<Calendar> {
    let mut calendar = tasks::working_calendars(tx).await?.of(member);
    calendar.absences.retain(|absence| absence.stand_in.is_none());
    Ok(calendar)
}
