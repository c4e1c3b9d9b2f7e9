//! What can be done with absences.
use super::{
    db,
    model::{DealAbsence, NewDealAbsence},
};
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent, http::check_if_match, ids::UserId};
use uuid::Uuid;

/// Says when a member is away.
pub(super) async fn put(
    tx: &mut Tx,
    member: UserId,
    days: NewDealAbsence,
    if_match: Option<&str>,
) -> Result<DealAbsence> {
    let days = days.checked()?;
    if let Some(before) = db::find(tx, member).await? {
        check_if_match(if_match, before.version)?;
    }
    let absence = db::put(tx, member, &days).await?;
    tx.record(NewEvent::new("deal_absence.set", "deal_absences", member.0, "Member takes no deals from rules")).await?;
    Ok(absence)
}

/// Ends an absence, now or before it began.
pub(super) async fn delete(tx: &mut Tx, member: UserId, if_match: Option<&str>) -> Result<()> {
    let before = db::find(tx, member).await?.ok_or_else(Error::not_found)?;
    check_if_match(if_match, before.version)?;
    db::delete(tx, member).await?;
    tx.record(NewEvent::new("deal_absence.ended", "deal_absences", member.0, "Member takes deals from rules again"))
        .await?;
    Ok(())
}

/// Everybody says so of himself; whoever changes deals of everybody says it of others.
pub(super) fn require_self_or_everybody(level: Level, caller: Option<Uuid>, member: UserId) -> Result<()> {
    match level == Level::All || caller == Some(member.0) {
        true => Ok(()),
        false => Err(Error::forbidden("level_all_needed", "This is about the deals of somebody else.")),
    }
}
