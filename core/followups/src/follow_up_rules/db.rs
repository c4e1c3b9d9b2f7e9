//! Every statement on rules.
use super::model::{FollowUpRule, FollowUpRuleId, NewFollowUpRule};
use crate::{
    sequences::SequenceId,
    words::{stored, time},
};
use activities::{ActivityDirection, ActivityKind, ActivityTopic};
use deals::StageId;
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    sql,
};
use tokio_postgres::types::ToSql;

/// Every rule.
pub(super) const LIST: ListSpec = ListSpec {
    select: "select r.id, r.name, r.is_enabled as enabled, r.cause, r.activity_kind, r.direction, r.topic, r.deal_stage_id as deal_stage, \
        (select s.name from pipeline_stages s where s.id = r.deal_stage_id) as deal_stage_name, r.contact_stage, r.wait_days, r.days, \
        to_char(r.at_time, 'HH24:MI') as at_time, r.restarts, r.cancel_on, r.withdraws, r.sequence_id as sequence, r.task_title, r.task_kind, \
        r.task_priority, r.assignee, r.member_id as member, r.created_at, r.updated_at, r.version from follow_up_rules r",
    id: "r.id",
    always: "",
    fields: &[
        Field { name: "name", sql: "r.name", kind: FieldKind::Text, sort: None },
        Field { name: "cause", sql: "r.cause", kind: FieldKind::Text, sort: None },
        Field { name: "enabled", sql: "r.is_enabled", kind: FieldKind::Bool, sort: None },
        Field { name: "created_at", sql: "r.created_at", kind: FieldKind::Time, sort: Some("r.created_at") },
    ],
    default_sort: "created_at",
};

/// The rule.
pub(super) async fn find(tx: &mut Tx, id: FollowUpRuleId) -> Result<FollowUpRule> {
    const FIND: Sql = sql!(
        "select r.id, r.name, r.is_enabled as enabled, r.cause, r.activity_kind, r.direction, r.topic, r.deal_stage_id as deal_stage,
           (select s.name from pipeline_stages s where s.id = r.deal_stage_id) as deal_stage_name, r.contact_stage, r.wait_days, r.days,
           to_char(r.at_time, 'HH24:MI') as at_time, r.restarts, r.cancel_on, r.withdraws, r.sequence_id as sequence, r.task_title, r.task_kind,
           r.task_priority, r.assignee, r.member_id as member, r.created_at, r.updated_at, r.version
         from follow_up_rules r where r.id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// The rule, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, id: FollowUpRuleId) -> Result<FollowUpRule> {
    const LOCK: Sql = sql!("select version from follow_up_rules where id = $1 for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id).await
}

/// How many there are; whoever adds one waits here for others.
pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    const LOCK: Sql = sql!("select w.version from working_time w where w.key = 1 for update");
    tx.value::<i64>(LOCK, &[]).await?;
    tx.value(sql!("select count(*) from follow_up_rules"), &[]).await
}

/// Writes a rule, new or locked.
pub(super) async fn put(tx: &mut Tx, id: FollowUpRuleId, rule: &NewFollowUpRule) -> Result<()> {
    const PUT: Sql = sql!(
        "insert into follow_up_rules (id, name, is_enabled, cause, activity_kind, direction, topic, deal_stage_id, contact_stage, wait_days, days,
           at_time, restarts, cancel_on, withdraws, sequence_id, task_title, task_kind, task_priority, assignee, member_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $22)
         on conflict on constraint follow_up_rules_pkey do update set name = $2, is_enabled = $3, cause = $4, activity_kind = $5, direction = $6,
           topic = $7, deal_stage_id = $8, contact_stage = $9, wait_days = $10, days = $11, at_time = $12, restarts = $13, cancel_on = $14,
           withdraws = $15, sequence_id = $16, task_title = $17, task_kind = $18, task_priority = $19, assignee = $20, member_id = $21,
           updated_at = $22, version = follow_up_rules.version + 1"
    );
    let now = tx.now();
    let values: &[&(dyn ToSql + Sync)] = &[
        &id,
        &rule.name,
        &rule.enabled,
        &rule.cause.as_str(),
        &rule.activity_kind.map(ActivityKind::as_str),
        &rule.direction.map(ActivityDirection::as_str),
        &rule.topic.map(ActivityTopic::as_str),
        &rule.deal_stage,
        &rule.contact_stage,
        &rule.wait_days,
        &rule.days.as_str(),
        &rule.at_time.as_deref().and_then(time),
        &rule.restarts,
        &stored(&rule.cancel_on),
        &rule.withdraws,
        &rule.sequence,
        &rule.task_title,
        &rule.task_kind.as_str(),
        &(rule.task_priority as i16),
        &rule.assignee.as_str(),
        &rule.member,
        &now,
    ];
    let taken = || Error::invalid("/name", "name_taken", "Another rule is called so.");
    tx.exec_one(PUT, values).await.on_constraint("follow_up_rules_name_key", taken)
}

/// Lets rules of one stage of contacts be those of another one; gives which.
pub(super) async fn move_stage(tx: &mut Tx, from: &str, to: &str) -> Result<Vec<FollowUpRuleId>> {
    const MOVE: Sql = sql!(
        "update follow_up_rules set contact_stage = $2, updated_at = $3, version = version + 1 where contact_stage = $1 returning id"
    );
    let now = tx.now();
    tx.values(MOVE, &[&from, &to, &now]).await
}

/// Removes a rule; what it started and waits is stopped by its verb.
pub(super) async fn delete(tx: &mut Tx, id: FollowUpRuleId) -> Result<()> {
    tx.exec_one(sql!("delete from follow_up_rules where id = $1"), &[&id]).await
}

/// Whether a deal can come to the stage.
pub(super) async fn stage_exists(tx: &mut Tx, id: StageId) -> Result<bool> {
    const EXISTS: Sql = sql!("select exists (select from pipeline_stages s where s.id = $1 and s.removed_at is null)");
    tx.value(EXISTS, &[&id]).await
}

/// Whether a contact can come to the stage.
pub(super) async fn contact_stage_exists(tx: &mut Tx, key: &str) -> Result<bool> {
    tx.value(sql!("select exists (select from contact_stages where key = $1 and removed_at is null)"), &[&key]).await
}

/// Whether there is the sequence.
pub(super) async fn sequence_exists(tx: &mut Tx, id: SequenceId) -> Result<bool> {
    tx.value(sql!("select exists (select from sequences where id = $1)"), &[&id]).await
}

/// Rules that are on and wait for such an activity.
pub(crate) async fn of_activity(
    tx: &mut Tx,
    kind: &str,
    direction: &Option<String>,
    topic: &Option<String>,
) -> Result<Vec<FollowUpRule>> {
    const OF_ACTIVITY: Sql = sql!(
        "select r.id, r.name, r.is_enabled as enabled, r.cause, r.activity_kind, r.direction, r.topic, r.deal_stage_id as deal_stage,
           null::text as deal_stage_name, r.contact_stage, r.wait_days, r.days, to_char(r.at_time, 'HH24:MI') as at_time, r.restarts, r.cancel_on,
           r.withdraws, r.sequence_id as sequence, r.task_title, r.task_kind, r.task_priority, r.assignee, r.member_id as member, r.created_at,
           r.updated_at, r.version
         from follow_up_rules r where r.is_enabled and r.cause = 'activity' and (r.activity_kind is null or r.activity_kind = $1)
           and (r.direction is null or r.direction = $2) and (r.topic is null or r.topic = $3) order by r.id"
    );
    tx.rows(OF_ACTIVITY, &[&kind, direction, topic]).await
}

/// Rules that are on and wait for a deal in this stage.
pub(crate) async fn of_deal_stage(tx: &mut Tx, stage: StageId) -> Result<Vec<FollowUpRule>> {
    const OF_STAGE: Sql = sql!(
        "select r.id, r.name, r.is_enabled as enabled, r.cause, r.activity_kind, r.direction, r.topic, r.deal_stage_id as deal_stage,
           null::text as deal_stage_name, r.contact_stage, r.wait_days, r.days, to_char(r.at_time, 'HH24:MI') as at_time, r.restarts, r.cancel_on,
           r.withdraws, r.sequence_id as sequence, r.task_title, r.task_kind, r.task_priority, r.assignee, r.member_id as member, r.created_at,
           r.updated_at, r.version
         from follow_up_rules r where r.is_enabled and r.deal_stage_id = $1 order by r.id"
    );
    tx.rows(OF_STAGE, &[&stage]).await
}

/// Rules that are on and wait for a contact in this stage.
pub(crate) async fn of_contact_stage(tx: &mut Tx, stage: &str) -> Result<Vec<FollowUpRule>> {
    const OF_STAGE: Sql = sql!(
        "select r.id, r.name, r.is_enabled as enabled, r.cause, r.activity_kind, r.direction, r.topic, r.deal_stage_id as deal_stage,
           null::text as deal_stage_name, r.contact_stage, r.wait_days, r.days, to_char(r.at_time, 'HH24:MI') as at_time, r.restarts, r.cancel_on,
           r.withdraws, r.sequence_id as sequence, r.task_title, r.task_kind, r.task_priority, r.assignee, r.member_id as member, r.created_at,
           r.updated_at, r.version
         from follow_up_rules r where r.is_enabled and r.cause = 'contact_stage' and r.contact_stage = $1 order by r.id"
    );
    tx.rows(OF_STAGE, &[&stage]).await
}
