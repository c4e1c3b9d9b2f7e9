//! What can be done with rules.
use super::{
    db,
    model::{FollowUpRule, FollowUpRuleId, NewFollowUpRule},
};
use crate::follow_ups;
use contacts::Problems;
use kernel::{
    Error, Result, Tx,
    events::{NewEvent, Recorded},
    http::check_if_match,
};
use serde_json::json;

/// Most rules of a tenant: each activity reads those that are for it.
const MOST: i64 = 100;

/// Makes a rule.
pub(super) async fn create(tx: &mut Tx, new: NewFollowUpRule) -> Result<FollowUpRule> {
    let new = checked(tx, new).await?;
    if db::count(tx).await? >= MOST {
        return Err(Error::conflict("rules_full", "There are as many rules as there may be."));
    }
    let id = FollowUpRuleId::new(tx.now());
    db::put(tx, id, &new).await?;
    tx.record(NewEvent::new("follow_up_rule.created", "follow_up_rules", id.0, "Follow-up rule added")).await?;
    db::find(tx, id).await
}

/// Replaces a rule. What it started already stays as it was started, and does not fire while the rule is off.
pub(super) async fn replace(
    tx: &mut Tx,
    id: FollowUpRuleId,
    new: NewFollowUpRule,
    if_match: Option<&str>,
) -> Result<FollowUpRule> {
    let new = checked(tx, new).await?;
    let before = db::find_for_update(tx, id).await?;
    check_if_match(if_match, before.version)?;
    db::put(tx, id, &new).await?;
    let event = NewEvent::new("follow_up_rule.updated", "follow_up_rules", id.0, "Follow-up rule changed");
    tx.record(event.payload(&json!({ "enabled": new.enabled }))).await?;
    db::find(tx, id).await
}

/// Removes a rule and stops what it started.
pub(super) async fn delete(tx: &mut Tx, id: FollowUpRuleId, if_match: Option<&str>) -> Result<()> {
    // Follow-ups before their rule: whoever fires one reads the rule with the follow-up locked.
    follow_ups::stop_rule(tx, id).await?;
    let before = db::find_for_update(tx, id).await?;
    check_if_match(if_match, before.version)?;
    db::delete(tx, id).await?;
    tx.record(NewEvent::new("follow_up_rule.deleted", "follow_up_rules", id.0, "Follow-up rule removed")).await?;
    Ok(())
}

async fn checked(tx: &mut Tx, new: NewFollowUpRule) -> Result<NewFollowUpRule> {
    let new = new.checked()?;
    let mut wrong = Problems::default();
    if let Some(stage) = new.deal_stage
        && !db::stage_exists(tx, stage).await?
    {
        wrong.add("/deal_stage", "stage_unknown", "There is no such stage.");
    }
    if let Some(stage) = &new.contact_stage
        && !db::contact_stage_exists(tx, stage).await?
    {
        wrong.add("/contact_stage", "stage_unknown", "There is no such stage; see /v1/contact-stages.");
    }
    if let Some(sequence) = new.sequence
        && !db::sequence_exists(tx, sequence).await?
    {
        wrong.add("/sequence", "sequence_unknown", "There is no such sequence.");
    }
    wrong.check()?;
    Ok(new)
}

/// Rules of a stage that was taken away are those of the stage that its contacts go to.
pub(crate) async fn follow_stage(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let (Some(from), Some(to)) = (event.payload["key"].as_str(), event.payload["to"].as_str()) else { return Ok(()) };
    for id in db::move_stage(tx, from, to).await? {
        let event = NewEvent::new("follow_up_rule.updated", "follow_up_rules", id.0, "Follow-up rule follows a stage");
        tx.record(event).await?;
    }
    Ok(())
}
