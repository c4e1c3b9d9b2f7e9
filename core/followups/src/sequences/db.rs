//! Every statement on sequences.
use super::model::{NewSequence, Sequence, SequenceId};
use crate::words::{stored, time};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    sql,
};
use tokio_postgres::types::ToSql;

/// Every sequence.
pub(super) const LIST: ListSpec = ListSpec {
    select: "select q.id, q.name, q.is_enabled as enabled, array(select s.value from jsonb_array_elements(q.steps) with ordinality s(value, place) \
        order by s.place) as steps, q.days, to_char(q.at_time, 'HH24:MI') as at_time, q.cancel_on, q.withdraws, q.assignee, q.member_id as member, \
        (select count(*) from (select from enrolments e where e.sequence_id = q.id and e.status in ('active', 'paused') limit 1000) r) as running, \
        q.created_at, q.updated_at, \
        q.version from sequences q",
    id: "q.id",
    always: "",
    fields: &[
        Field { name: "name", sql: "q.name", kind: FieldKind::Text, sort: None },
        Field { name: "enabled", sql: "q.is_enabled", kind: FieldKind::Bool, sort: None },
        Field { name: "created_at", sql: "q.created_at", kind: FieldKind::Time, sort: Some("q.created_at") },
    ],
    default_sort: "created_at",
};

/// The sequence.
pub(crate) async fn find(tx: &mut Tx, id: SequenceId) -> Result<Sequence> {
    const FIND: Sql = sql!(
        "select q.id, q.name, q.is_enabled as enabled,
           array(select s.value from jsonb_array_elements(q.steps) with ordinality s(value, place) order by s.place) as steps, q.days,
           to_char(q.at_time, 'HH24:MI') as at_time, q.cancel_on, q.withdraws, q.assignee, q.member_id as member,
           (select count(*) from (select from enrolments e where e.sequence_id = q.id and e.status in ('active', 'paused') limit 1000) r) as running,
           q.created_at, q.updated_at, q.version
         from sequences q where q.id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// The sequence, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, id: SequenceId) -> Result<Sequence> {
    const LOCK: Sql = sql!("select version from sequences where id = $1 for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id).await
}

/// How many there are; whoever adds one waits here for others.
pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    const LOCK: Sql = sql!("select w.version from working_time w where w.key = 1 for update");
    tx.value::<i64>(LOCK, &[]).await?;
    tx.value(sql!("select count(*) from sequences"), &[]).await
}

/// Writes a sequence, new or locked.
pub(super) async fn put(tx: &mut Tx, id: SequenceId, new: &NewSequence) -> Result<()> {
    const PUT: Sql = sql!(
        "insert into sequences (id, name, is_enabled, steps, days, at_time, cancel_on, withdraws, assignee, member_id, created_at, updated_at)
         values ($1, $2, $3, to_jsonb($4::jsonb[]), $5, $6, $7, $8, $9, $10, $11, $11)
         on conflict on constraint sequences_pkey do update set name = $2, is_enabled = $3, steps = to_jsonb($4::jsonb[]), days = $5, at_time = $6,
           cancel_on = $7, withdraws = $8, assignee = $9, member_id = $10, updated_at = $11, version = sequences.version + 1"
    );
    let now = tx.now();
    let values: &[&(dyn ToSql + Sync)] = &[
        &id,
        &new.name,
        &new.enabled,
        &new.steps,
        &new.days.as_str(),
        &new.at_time.as_deref().and_then(time),
        &stored(&new.cancel_on),
        &new.withdraws,
        &new.assignee.as_str(),
        &new.member,
        &now,
    ];
    let taken = || Error::invalid("/name", "name_taken", "Another sequence is called so.");
    tx.exec_one(PUT, values).await.on_constraint("sequences_name_key", taken)
}

/// Removes a sequence and the runs through it.
pub(super) async fn delete(tx: &mut Tx, id: SequenceId) -> Result<()> {
    let used = || Error::conflict("sequence_in_use", "A follow-up rule puts contacts into it. Change the rule first.");
    let gone = tx.exec_one(sql!("delete from sequences where id = $1"), &[&id]).await;
    gone.on_constraint("follow_up_rules_sequence_id_fkey", used)
}
