//! Every statement on runs through sequences.
use super::model::{Enrolment, EnrolmentId, EnrolmentStatus};
use crate::{follow_up_rules::FollowUpRuleId, follow_ups::EndReason, sequences::SequenceId};
use contacts::{ContactId, Owners};
use deals::DealId;
use kernel::{
    Error, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Runs of contacts that are not deleted.
const LIST: ListSpec = ListSpec {
    select: "select e.id, e.sequence_id as sequence, q.name as sequence_name, e.contact_id as contact, c.display_name as contact_name, \
        e.deal_id as deal, e.rule_id as rule, e.status, \
        (select count(*) from follow_ups f where f.enrolment_id = e.id and f.status = 'fired') as steps_done, \
        (select count(*) from follow_ups f where f.enrolment_id = e.id) as steps, e.reason, e.cause_subject, e.cause_id, e.started_by, e.started_at, \
        e.paused_at, e.ended_at, e.created_at, e.version \
        from enrolments e join sequences q on q.id = e.sequence_id join contacts c on c.id = e.contact_id",
    id: "e.id",
    always: "c.deleted_at is null",
    fields: &[
        Field { name: "sequence", sql: "e.sequence_id", kind: FieldKind::Id("seq"), sort: None },
        Field { name: "contact", sql: "e.contact_id", kind: FieldKind::Id("con"), sort: None },
        Field { name: "deal", sql: "e.deal_id", kind: FieldKind::Id("dea"), sort: None },
        Field { name: "status", sql: "e.status", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "e.created_at", kind: FieldKind::Time, sort: Some("e.created_at") },
    ],
    default_sort: "-created_at",
};

const REACHED: &str = "c.owner_id = any(?)";

/// One page of runs in reach.
pub(super) async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<Enrolment>> {
    let reach: Vec<Clause<'_>> = owners.iter().map(|_| Clause(REACHED, owners, Type::UUID_ARRAY)).collect();
    tx.list(&LIST, query, &reach).await
}

/// The run, if it is in reach.
pub(super) async fn find(tx: &mut Tx, id: EnrolmentId, owners: &Owners) -> Result<Enrolment> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = vec![Clause("e.id = ?", &id, Type::UUID)];
    clauses.extend(owners.iter().map(|_| Clause(REACHED, owners, Type::UUID_ARRAY)));
    let page: Page<Enrolment> = tx.list(&LIST, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// Every run of a contact.
pub(crate) async fn of_contact(tx: &mut Tx, contact: ContactId) -> Result<Vec<Enrolment>> {
    const ANY: ListSpec = ListSpec { always: "", ..LIST };
    let mut query = ListQuery { limit: Some(200), sort: Some("created_at".into()), ..ListQuery::default() };
    let mut all = vec![];
    loop {
        let page: Page<Enrolment> = tx.list(&ANY, &query, &[Clause("e.contact_id = ?", &contact, Type::UUID)]).await?;
        all.extend(page.items);
        match page.next_cursor {
            Some(next) => query.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

/// Removes every run of a contact; gives how many.
pub(crate) async fn delete_all_of(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    tx.exec(sql!("delete from enrolments where contact_id = $1"), &[&contact]).await
}

/// A run that begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRun {
    pub sequence: SequenceId,
    pub contact: ContactId,
    pub deal: Option<DealId>,
    pub rule: Option<FollowUpRuleId>,
}

/// Begins a run; gives whether the contact does not go through the sequence already.
pub(super) async fn insert(tx: &mut Tx, id: EnrolmentId, new: &NewRun) -> Result<bool> {
    const INSERT: Sql = sql!(
        "insert into enrolments (id, sequence_id, contact_id, deal_id, rule_id, started_by, started_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7, $7)
         on conflict (sequence_id, contact_id) where status in ('active', 'paused') do nothing"
    );
    let (now, by) = (tx.now(), tx.context().actor.id);
    Ok(tx.exec(INSERT, &[&id, &new.sequence, &new.contact, &new.deal, &new.rule, &by, &now]).await? == 1)
}

row! {
    /// A locked run.
    #[derive(Debug, Clone)]
    pub(super) struct Run {
        pub id: EnrolmentId,
        pub contact: ContactId,
        pub status: EnrolmentStatus,
        pub version: i64,
    }
}

/// The run, locked until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, id: EnrolmentId) -> Result<Run> {
    const LOCK: Sql =
        sql!("select e.id, e.contact_id as contact, e.status, e.version from enrolments e where e.id = $1 for update");
    tx.row(LOCK, &[&id]).await
}

/// Whether steps of a run still wait or are held back.
pub(super) async fn has_steps(tx: &mut Tx, id: EnrolmentId) -> Result<bool> {
    const HAS: Sql = sql!(
        "select exists (select from follow_ups f where f.enrolment_id = $1 and f.status in ('waiting', 'paused'))"
    );
    tx.value(HAS, &[&id]).await
}

/// Writes how far a locked run has come.
pub(super) async fn set_status(
    tx: &mut Tx,
    id: EnrolmentId,
    status: EnrolmentStatus,
    reason: Option<EndReason>,
    cause: Option<(&str, Uuid)>,
) -> Result<()> {
    const SET: Sql = sql!(
        "update enrolments set status = $2, reason = $3, cause_subject = $4, cause_id = $5,
           paused_at = case when $2 = 'paused' then $6::timestamptz end, ended_at = case when $2 in ('stopped', 'finished') then $6::timestamptz end,
           updated_at = $6, version = version + 1
         where id = $1"
    );
    let now = tx.now();
    let reason = reason.map(EndReason::as_str);
    tx.exec_one(SET, &[&id, &status.as_str(), &reason, &cause.map(|c| c.0), &cause.map(|c| c.1), &now]).await
}
