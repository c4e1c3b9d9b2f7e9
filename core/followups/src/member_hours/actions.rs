//! What can be done with the hours of members.
use super::{db, model::MemberHours};
use crate::working_time::NewWorkingTime;
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent, http::check_if_match, ids::UserId};
use uuid::Uuid;

/// Gives a member hours of his own. What waits already keeps its moment.
pub(super) async fn put(
    tx: &mut Tx,
    member: UserId,
    new: NewWorkingTime,
    if_match: Option<&str>,
) -> Result<MemberHours> {
    let new = new.checked()?;
    if let Some(before) = db::find_for_update(tx, member).await? {
        check_if_match(if_match, before.version)?;
    }
    let hours = db::put(tx, member, new).await?;
    tx.record(NewEvent::new("member_hours.updated", "member_hours", member.0, "Working hours of a member changed"))
        .await?;
    Ok(hours)
}

/// Lets a member work in the tenant's hours again.
pub(super) async fn delete(tx: &mut Tx, member: UserId, if_match: Option<&str>) -> Result<()> {
    let before = db::find_for_update(tx, member).await?.ok_or_else(Error::not_found)?;
    check_if_match(if_match, before.version)?;
    db::delete(tx, member).await?;
    tx.record(NewEvent::new("member_hours.deleted", "member_hours", member.0, "Member works in the hours of all"))
        .await?;
    Ok(())
}

/// Everybody says so of himself; whoever changes follow-ups of everybody says it of others.
pub(crate) fn require_self_or_everybody(level: Level, caller: Option<Uuid>, member: UserId) -> Result<()> {
    match level == Level::All || caller == Some(member.0) {
        true => Ok(()),
        false => Err(Error::forbidden("level_all_needed", "This is about the follow-ups of somebody else.")),
    }
}
