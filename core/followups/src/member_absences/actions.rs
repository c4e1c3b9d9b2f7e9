//! What can be done with absences, and who is there.
use super::{
    db,
    model::{MemberAbsence, MemberAbsenceId, NewMemberAbsence},
};
use crate::{member_hours::require_self_or_everybody, words::DayKind, working_time::Calendar};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent, ids::UserId};
use uuid::Uuid;

/// Most absences of a member, those that are over included.
const MOST: i64 = 200;

/// Adds an absence. What waits for him is looked at when it comes.
pub(super) async fn create(tx: &mut Tx, new: NewMemberAbsence) -> Result<MemberAbsence> {
    let new = new.checked()?;
    if db::overlaps(tx, &new).await? {
        return Err(Error::conflict("absence_known", "He is away on one of these days already."));
    }
    if db::count(tx, &new).await? >= MOST {
        return Err(Error::conflict("absences_full", "He has as many absences as there may be."));
    }
    let absence = db::insert(tx, &new).await?;
    record(tx, "member_absence.created", absence.id, "Absence of a member added").await?;
    Ok(absence)
}

/// Takes an absence away, before, while or after it lasts. What was moved to its end stays there.
pub(super) async fn delete(tx: &mut Tx, id: MemberAbsenceId, (level, caller): (Level, Option<Uuid>)) -> Result<()> {
    let absence = db::find_for_update(tx, id).await?;
    require_self_or_everybody(level, caller, absence.member)?;
    db::delete(tx, id).await?;
    record(tx, "member_absence.deleted", id, "Absence of a member removed").await
}

async fn record(tx: &mut Tx, kind: &'static str, id: MemberAbsenceId, title: &str) -> Result<()> {
    tx.record(NewEvent::new(kind, "member_absences", id.0, title)).await?;
    Ok(())
}

/// Who gets what falls to a member now.
pub(crate) enum Presence {
    /// Whoever it falls to, or whoever stands in for him.
    There(Option<UserId>),
    /// Nobody until he is back: the day and the moment, and the calendar that says so.
    Away((NaiveDate, DateTime<Utc>), Box<Calendar>),
}

/// Who gets what falls to a member now, and is not to come before a time of the day. A stand-in who is away himself hands nothing
/// on, so nobody goes round in circles.
pub(crate) async fn presence(tx: &mut Tx, member: Option<UserId>, at: Option<NaiveTime>) -> Result<Presence> {
    let (calendars, now) = (tasks::working_calendars(tx).await?, tx.now());
    let calendar = calendars.of(member);
    let Some(absence) = calendar.absence(now) else { return Ok(Presence::There(member)) };
    if absence.stand_in.is_some_and(|other| calendars.of(Some(other)).absence(now).is_none()) {
        return Ok(Presence::There(absence.stand_in));
    }
    let back = calendar.due(now, 0, DayKind::Calendar, at);
    // Who is away for ever is not waited for.
    Ok(if back.1 > now { Presence::Away(back, Box::new(calendar)) } else { Presence::There(member) })
}
