//! Every statement on follow-ups.
use super::model::{EndReason, FollowUp, FollowUpId, Plan, Recipe, Said};
use crate::{enrolments::EnrolmentId, follow_up_rules::FollowUpRuleId, words::CancelOn};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use contacts::{ContactId, Owners};
use deals::DealId;
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Change, Clause, Field, FieldKind, ListQuery, ListSpec, Reference, Sql},
    http::Page,
    ids::UserId,
    sql,
};
use tasks::TaskId;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// What the API shows of a follow-up.
macro_rules! columns {
    () => {
        "f.id, f.status, left(replace(replace(replace(replace(f.title, '{name}', coalesce(c.display_name, d.title, '')), \
           '{first_name}', coalesce(c.first_name, c.display_name, '')), '{company}', coalesce(c.company_name, '')), '{deal}', coalesce(d.title, '')), 200) as title, \
         f.task_kind as kind, f.task_priority as priority, f.rule_id as rule, r.name as rule_name, f.enrolment_id as enrolment, \
         coalesce(e.sequence_id, r.sequence_id) as sequence, (select q.name from sequences q where q.id = coalesce(e.sequence_id, r.sequence_id)) as sequence_name, \
         f.step, f.contact_id as contact, c.display_name as contact_name, f.deal_id as deal, d.title as deal_title, \
         case f.assignee when 'member' then f.member_id when 'actor' then coalesce(f.actor_id, d.owner_id, c.owner_id) else coalesce(d.owner_id, c.owner_id) end as assignee, \
         w.until_on as away_until, w.stand_in_id as stand_in, f.wait_days, f.days, f.cancel_on, f.due_on, f.zone, f.fire_at, f.started_at, f.started_subject, f.started_id, f.reason, f.cause_subject, f.cause_id, \
         f.ended_by, f.paused_at, f.ended_at, f.task_id as task, f.created_at, f.version"
    };
}

const ENDED: &[(&str, &str)] = &[
    ("status", "'cancelled'"),
    ("reason", "'merged'"),
    ("ended_at", "$4"),
    ("paused_at", "null"),
    ("updated_at", "$4"),
    ("version", "l.version + 1"),
];
const STOPPED: &[(&str, &str)] = &[
    ("status", "'stopped'"),
    ("reason", "'merged'"),
    ("ended_at", "$4"),
    ("paused_at", "null"),
    ("updated_at", "$4"),
    ("version", "l.version + 1"),
];

/// What waits for a contact waits for the one that he becomes part of. A rule waits for one thing at a time with a contact,
/// and he goes through a sequence once at a time: what the kept contact has goes on, the other ends.
pub(crate) const REFERENCES: &[Reference] = &[
    Reference {
        changes: &[
            Change {
                of_kept: false,
                when: "l.status in ('waiting', 'paused') and exists (select from enrolments e
                    join enrolments k on k.sequence_id = e.sequence_id and k.contact_id = $1 and k.status in ('active', 'paused')
                    where e.id = l.enrolment_id and e.contact_id = $2 and e.status in ('active', 'paused'))",
                set: ENDED,
            },
            Change {
                of_kept: false,
                when: "l.status in ('waiting', 'paused') and l.rule_id is not null and exists (select from follow_ups k
                    where k.contact_id = $1 and k.rule_id = l.rule_id and k.deal_id is not distinct from l.deal_id
                    and k.status in ('waiting', 'paused'))",
                set: ENDED,
            },
        ],
        ..Reference::new("follow_ups", "contact_id", &["id"])
    },
    Reference {
        only: Some("l.started_subject = 'contacts'"),
        ..Reference::new("follow_ups", "started_id", &["id"])
    },
    Reference { only: Some("l.cause_subject = 'contacts'"), ..Reference::new("follow_ups", "cause_id", &["id"]) },
    Reference {
        changes: &[Change {
            of_kept: false,
            when: "l.status in ('active', 'paused') and exists (select from enrolments k where k.contact_id = $1
                and k.sequence_id = l.sequence_id and k.status in ('active', 'paused'))",
            set: STOPPED,
        }],
        ..Reference::new("enrolments", "contact_id", &["id"])
    },
    Reference { only: Some("l.cause_subject = 'contacts'"), ..Reference::new("enrolments", "cause_id", &["id"]) },
];

/// Follow-ups that wait for a contact, with their moments.
pub(super) async fn waiting_of_contact(tx: &mut Tx, contact: ContactId) -> Result<Vec<Waiting>> {
    const WAITING: Sql =
        sql!("select f.id, f.fire_at from follow_ups f where f.contact_id = $1 and f.status = 'waiting' order by f.id");
    tx.rows(WAITING, &[&contact]).await
}

kernel::row! {
    /// A follow-up and its moment.
    pub(super) struct Waiting {
        pub id: FollowUpId,
        pub fire_at: DateTime<Utc>,
    }
}

/// Follow-ups about what is not deleted.
pub(super) const LIST: ListSpec = ListSpec {
    select: concat!(
        "select ",
        columns!(),
        " from follow_ups f left join contacts c on c.id = f.contact_id left join deals d on d.id = f.deal_id \
          left join follow_up_rules r on r.id = f.rule_id left join enrolments e on e.id = f.enrolment_id \
          left join member_absences w on f.status in ('waiting', 'paused') and f.due_on between w.from_on and w.until_on and w.member_id = \
            case f.assignee when 'member' then f.member_id when 'actor' then coalesce(f.actor_id, d.owner_id, c.owner_id) else coalesce(d.owner_id, c.owner_id) end"
    ),
    id: "f.id",
    always: "c.deleted_at is null and d.deleted_at is null",
    fields: &[
        Field { name: "status", sql: "f.status", kind: FieldKind::Text, sort: None },
        Field { name: "contact", sql: "f.contact_id", kind: FieldKind::Id("con"), sort: None },
        Field { name: "deal", sql: "f.deal_id", kind: FieldKind::Id("dea"), sort: None },
        Field { name: "owner", sql: "coalesce(d.owner_id, c.owner_id)", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "rule", sql: "f.rule_id", kind: FieldKind::Id("fur"), sort: None },
        Field { name: "enrolment", sql: "f.enrolment_id", kind: FieldKind::Id("enr"), sort: None },
        Field { name: "task", sql: "f.task_id", kind: FieldKind::Id("tsk"), sort: None },
        Field { name: "due_on", sql: "f.due_on", kind: FieldKind::Date, sort: None },
        Field { name: "fire_at", sql: "f.fire_at", kind: FieldKind::Time, sort: Some("f.fire_at") },
        Field { name: "created_at", sql: "f.created_at", kind: FieldKind::Time, sort: Some("f.created_at") },
    ],
    default_sort: "fire_at",
};

/// The condition that limits whoever reaches only some owners.
pub(super) const REACHED: &str = "coalesce(d.owner_id, c.owner_id) = any(?)";

/// One page of follow-ups in reach.
pub(super) async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<FollowUp>> {
    let reach: Vec<Clause<'_>> = owners.iter().map(|_| Clause(REACHED, owners, Type::UUID_ARRAY)).collect();
    tx.list(&LIST, query, &reach).await
}

/// Gets the same, all of it, ready for a file, what comes first before the others; how many.
pub(super) async fn open(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<u64> {
    let reach: Vec<Clause<'_>> = owners.iter().map(|_| Clause(REACHED, owners, Type::UUID_ARRAY)).collect();
    tx.open_whole(&LIST, &[], query, &reach).await
}

/// The follow-up, if it is in reach.
pub(super) async fn find(tx: &mut Tx, id: FollowUpId, owners: &Owners) -> Result<FollowUp> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = vec![Clause("f.id = ?", &id, Type::UUID)];
    clauses.extend(owners.iter().map(|_| Clause(REACHED, owners, Type::UUID_ARRAY)));
    let page: Page<FollowUp> = tx.list(&LIST, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// Every follow-up about a contact.
pub(super) async fn of_contact(tx: &mut Tx, contact: ContactId) -> Result<Vec<FollowUp>> {
    const ANY: ListSpec = ListSpec { always: "", ..LIST };
    let mut query = ListQuery { limit: Some(200), sort: Some("created_at".into()), ..ListQuery::default() };
    let mut all = vec![];
    loop {
        let page: Page<FollowUp> = tx.list(&ANY, &query, &[Clause("f.contact_id = ?", &contact, Type::UUID)]).await?;
        all.extend(page.items);
        match page.next_cursor {
            Some(next) => query.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

/// Removes every follow-up about a contact; gives how many.
pub(super) async fn delete_all_of(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    tx.exec(sql!("delete from follow_ups where contact_id = $1"), &[&contact]).await
}

/// Waits for whoever starts or cancels follow-ups of the contact, and makes others wait; gives whether he is there.
pub(crate) async fn lock_contact(tx: &mut Tx, contact: ContactId, owners: &Owners) -> Result<bool> {
    const LOCK: Sql = sql!(
        "select c.version from contacts c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))
         for no key update"
    );
    Ok(tx.value_opt::<i64>(LOCK, &[&contact, owners]).await?.is_some())
}

/// Keeps the deal and the contact from being changed by what cancels, in the order in which everybody locks them; `alone` also
/// waits for whoever starts or cancels. Gives whether both are there.
pub(super) async fn hold(tx: &mut Tx, deal: Option<DealId>, contact: Option<ContactId>, alone: bool) -> Result<bool> {
    const DEAL: Sql = sql!("select d.version from deals d where d.id = $1 and d.deleted_at is null for key share");
    const CONTACT: Sql =
        sql!("select c.version from contacts c where c.id = $1 and c.deleted_at is null for key share");
    let mut there = true;
    if let Some(deal) = deal {
        there &= tx.value_opt::<i64>(DEAL, &[&deal]).await?.is_some();
    }
    if let Some(contact) = contact {
        there &= match alone {
            true => lock_contact(tx, contact, &None).await?,
            false => tx.value_opt::<i64>(CONTACT, &[&contact]).await?.is_some(),
        };
    }
    Ok(there)
}

/// What a follow-up is about, without a lock.
pub(super) async fn plan(tx: &mut Tx, id: FollowUpId) -> Result<Plan> {
    const PLAN: Sql = sql!(
        "select f.id, f.rule_id as rule, f.enrolment_id as enrolment, f.contact_id as contact, f.deal_id as deal,
           case f.assignee when 'member' then f.member_id else coalesce(case f.assignee when 'actor' then f.actor_id end,
             (select d.owner_id from deals d where d.id = f.deal_id), (select c.owner_id from contacts c where c.id = f.contact_id)) end as assignee,
           f.status, f.reason, f.days, f.wait_days,
           to_char(f.at_time, 'HH24:MI') as at_time, f.zone, f.due_on, f.fire_at, f.paused_at, f.ended_at, f.started_at, f.version
         from follow_ups f where f.id = $1"
    );
    tx.row(PLAN, &[&id]).await
}

/// The same of several, locked in the order of their ids.
pub(super) async fn plans_for_update(tx: &mut Tx, ids: &[FollowUpId]) -> Result<Vec<Plan>> {
    const LOCK: Sql = sql!(
        "select f.id, f.rule_id as rule, f.enrolment_id as enrolment, f.contact_id as contact, f.deal_id as deal,
           case f.assignee when 'member' then f.member_id else coalesce(case f.assignee when 'actor' then f.actor_id end,
             (select d.owner_id from deals d where d.id = f.deal_id), (select c.owner_id from contacts c where c.id = f.contact_id)) end as assignee,
           f.status, f.reason, f.days, f.wait_days,
           to_char(f.at_time, 'HH24:MI') as at_time, f.zone, f.due_on, f.fire_at, f.paused_at, f.ended_at, f.started_at, f.version
         from follow_ups f where f.id = any($1) order by f.id for update"
    );
    tx.rows(LOCK, &[&ids]).await
}

/// Those of a run that wait or are held back.
pub(crate) async fn waiting_of_run(tx: &mut Tx, run: EnrolmentId) -> Result<Vec<FollowUpId>> {
    const WAITING: Sql = sql!(
        "select f.id from follow_ups f where f.enrolment_id = $1 and f.status in ('waiting', 'paused') order by f.id"
    );
    tx.values(WAITING, &[&run]).await
}

/// Those of a rule that wait or are held back.
pub(super) async fn waiting_of_rule(tx: &mut Tx, rule: FollowUpRuleId) -> Result<Vec<FollowUpId>> {
    const WAITING: Sql =
        sql!("select f.id from follow_ups f where f.rule_id = $1 and f.status in ('waiting', 'paused') order by f.id");
    tx.values(WAITING, &[&rule]).await
}

/// What the task of a locked follow-up is made of.
pub(super) async fn recipe(tx: &mut Tx, id: FollowUpId) -> Result<Recipe> {
    const RECIPE: Sql = sql!(
        "select left(replace(replace(replace(replace(f.title, '{name}', coalesce(c.display_name, d.title, '')),
             '{first_name}', coalesce(c.first_name, c.display_name, '')), '{company}', coalesce(c.company_name, '')), '{deal}', coalesce(d.title, '')), 200) as title,
           f.task_kind as kind, f.task_priority as priority,
           case f.assignee when 'member' then f.member_id when 'actor' then coalesce(f.actor_id, d.owner_id, c.owner_id) else coalesce(d.owner_id, c.owner_id) end as assignee,
           r.sequence_id as sequence, coalesce(r.is_enabled, q.is_enabled, false) as enabled
         from follow_ups f left join contacts c on c.id = f.contact_id left join deals d on d.id = f.deal_id
           left join follow_up_rules r on r.id = f.rule_id left join enrolments e on e.id = f.enrolment_id left join sequences q on q.id = e.sequence_id
         where f.id = $1"
    );
    tx.row(RECIPE, &[&id]).await
}

/// Who would get what is planned, as it is now.
pub(super) async fn assignee(
    tx: &mut Tx,
    (rule, member, actor): (&str, Option<Uuid>, Option<Uuid>),
    contact: Option<ContactId>,
    deal: Option<DealId>,
) -> Result<Option<UserId>> {
    const ASSIGNEE: Sql = sql!(
        "select case $1::text when 'member' then $2::uuid else coalesce(case $1 when 'actor' then $3::uuid end,
           (select d.owner_id from deals d where d.id = $5), (select c.owner_id from contacts c where c.id = $4)) end"
    );
    tx.value(ASSIGNEE, &[&rule, &member, &actor, &contact, &deal]).await
}

/// A follow-up as it is planned.
pub(crate) struct NewFollowUp<'a> {
    pub rule: Option<FollowUpRuleId>,
    pub run: Option<(EnrolmentId, i16)>,
    pub contact: Option<ContactId>,
    pub deal: Option<DealId>,
    pub title: &'a str,
    pub kind: &'static str,
    pub priority: i16,
    pub assignee: &'static str,
    pub member: Option<Uuid>,
    pub actor: Option<Uuid>,
    pub cancel_on: &'a [&'static str],
    pub restarts: bool,
    pub withdraws: bool,
    pub wait_days: i16,
    pub days: &'static str,
    pub at_time: Option<NaiveTime>,
    pub started_at: DateTime<Utc>,
    pub started: (&'a str, Uuid),
    pub due_on: NaiveDate,
    pub zone: &'a str,
    pub fire_at: DateTime<Utc>,
}

/// Plans a follow-up. When the rule waits already with the contact and the deal that one waits anew, if the rule says so
/// and it does not wait from later on. Gives its id, and whether it is new; nothing when it stays as it was.
pub(super) async fn insert(tx: &mut Tx, id: FollowUpId, new: &NewFollowUp<'_>) -> Result<Option<FollowUpId>> {
    const INSERT: Sql = sql!(
        "insert into follow_ups (id, rule_id, enrolment_id, step, contact_id, deal_id, title, task_kind, task_priority, assignee, member_id, actor_id,
           cancel_on, restarts, withdraws, wait_days, days, at_time, started_at, started_subject, started_id, due_on, zone, fire_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $25)
         on conflict (rule_id, contact_id, deal_id) where status in ('waiting', 'paused') and rule_id is not null do update set
           started_at = excluded.started_at, started_subject = excluded.started_subject, started_id = excluded.started_id, due_on = excluded.due_on,
           zone = excluded.zone, fire_at = excluded.fire_at, actor_id = excluded.actor_id, updated_at = excluded.updated_at, version = follow_ups.version + 1
         where follow_ups.restarts and follow_ups.status = 'waiting' and follow_ups.started_at <= excluded.started_at
         returning id"
    );
    let now = tx.now();
    let values: &[&(dyn ToSql + Sync)] = &[
        &id,
        &new.rule,
        &new.run.map(|run| run.0),
        &new.run.map(|run| run.1),
        &new.contact,
        &new.deal,
        &new.title,
        &new.kind,
        &new.priority,
        &new.assignee,
        &new.member,
        &new.actor,
        &new.cancel_on,
        &new.restarts,
        &new.withdraws,
        &new.wait_days,
        &new.days,
        &new.at_time,
        &new.started_at,
        &new.started.0,
        &new.started.1,
        &new.due_on,
        &new.zone,
        &new.fire_at,
        &now,
    ];
    tx.value_opt(INSERT, values).await
}

/// Gives a locked follow-up that waits another moment.
pub(super) async fn move_to(
    tx: &mut Tx,
    id: FollowUpId,
    started_at: DateTime<Utc>,
    (due_on, fire_at): (NaiveDate, DateTime<Utc>),
    zone: &str,
) -> Result<()> {
    const MOVE: Sql = sql!(
        "update follow_ups set started_at = $2, due_on = $3, fire_at = $4, zone = $5, updated_at = $6, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(MOVE, &[&id, &started_at, &due_on, &fire_at, &zone, &now]).await
}

/// Marks a locked follow-up as fired.
pub(super) async fn fired(tx: &mut Tx, id: FollowUpId, task: Option<TaskId>) -> Result<()> {
    const FIRED: Sql = sql!(
        "update follow_ups set status = 'fired', task_id = $2, ended_at = $3, updated_at = $3, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(FIRED, &[&id, &task, &now]).await
}

/// Cancels locked follow-ups, with what did it.
pub(crate) async fn cancel(
    tx: &mut Tx,
    ids: &[FollowUpId],
    reason: EndReason,
    cause: Option<(&str, Uuid)>,
) -> Result<()> {
    const CANCEL: Sql = sql!(
        "update follow_ups set status = 'cancelled', reason = $2, cause_subject = $3, cause_id = $4, ended_by = $5, ended_at = $6,
           paused_at = null, updated_at = $6, version = version + 1
         where id = any($1) and status in ('waiting', 'paused')"
    );
    let now = tx.now();
    let by = tx.context().actor.id.filter(|_| reason == EndReason::Stopped);
    tx.exec(CANCEL, &[&ids, &reason.as_str(), &cause.map(|c| c.0), &cause.map(|c| c.1), &by, &now]).await.map(|_| ())
}

/// Holds locked follow-ups back.
pub(crate) async fn pause(tx: &mut Tx, ids: &[FollowUpId]) -> Result<()> {
    const PAUSE: Sql = sql!(
        "update follow_ups set status = 'paused', paused_at = $2, updated_at = $2, version = version + 1
         where id = any($1) and status = 'waiting'"
    );
    let now = tx.now();
    tx.exec(PAUSE, &[&ids, &now]).await.map(|_| ())
}

/// Lets a locked follow-up wait again, for this moment.
pub(crate) async fn resume(tx: &mut Tx, id: FollowUpId, due: (NaiveDate, DateTime<Utc>), zone: &str) -> Result<()> {
    const RESUME: Sql = sql!(
        "update follow_ups set status = 'waiting', paused_at = null, reason = null, cause_subject = null, cause_id = null, ended_by = null,
           ended_at = null, due_on = $2, fire_at = $3, zone = $4, updated_at = $5, version = version + 1 where id = $1"
    );
    let now = tx.now();
    let waits = || Error::conflict("follow_up_waits", "The rule waits already with this contact.");
    tx.exec_one(RESUME, &[&id, &due.0, &due.1, &zone, &now]).await.on_constraint("follow_ups_rule_key", waits)
}

/// An activity as follow-ups see it. A call counts as answered when it took time, or when its outcome says anything but
/// that nobody was reached: `no answer`, `busy`, `voicemail`.
pub(super) async fn said(tx: &mut Tx, activity: Uuid) -> Result<Option<Said>> {
    const SAID: Sql = sql!(
        "select a.kind, a.direction, a.topic, a.occurred_at, a.deal_id as deal,
           coalesce(a.direction = 'inbound', false) or (a.kind = 'call' and (coalesce(a.duration_seconds, 0) > 0 or
             coalesce(lower(a.outcome), 'busy') not in ('no answer', 'busy', 'voicemail'))) as reply
         from activities a where a.id = $1"
    );
    tx.opt(SAID, &[&activity]).await
}

/// Whether the contact has got in touch since.
pub(super) async fn replied_since(tx: &mut Tx, contact: ContactId, since: DateTime<Utc>) -> Result<bool> {
    const REPLIED: Sql = sql!(
        "select exists (select from activities a where a.contact_id = $1 and a.occurred_at > $2
           and (a.direction = 'inbound' or (a.kind = 'call' and (coalesce(a.duration_seconds, 0) > 0 or
             coalesce(lower(a.outcome), 'busy') not in ('no answer', 'busy', 'voicemail')))))"
    );
    tx.value(REPLIED, &[&contact, &since]).await
}

/// Whom and what a task is about when it is a meeting that is to come; nothing when a follow-up made it.
pub(super) async fn planned_meeting(tx: &mut Tx, task: Uuid) -> Result<Option<Meeting>> {
    const PLANNED: Sql = sql!(
        "select t.contact_id as contact, t.deal_id as deal from tasks t where t.id = $1 and t.kind = 'meeting' and t.status = 'open'
           and not exists (select from follow_ups f where f.task_id = t.id)"
    );
    tx.opt(PLANNED, &[&task]).await
}

kernel::row! {
    /// What a planned meeting is about.
    pub(super) struct Meeting {
        pub contact: Option<ContactId>,
        pub deal: Option<DealId>,
    }
}

/// The stage of a contact.
pub(super) async fn stage_of(tx: &mut Tx, contact: ContactId) -> Result<Option<String>> {
    tx.value_opt(sql!("select c.stage from contacts c where c.id = $1"), &[&contact]).await
}

/// Follow-ups that such a thing cancels, locked in the order of their ids: those about the contact and about his deals,
/// or about the deal and, without a deal, about its contacts; what happened before they began cancels nothing.
pub(super) async fn cancelled_by(
    tx: &mut Tx,
    condition: CancelOn,
    contact: Option<ContactId>,
    deal: Option<DealId>,
    at: DateTime<Utc>,
) -> Result<Vec<FollowUpId>> {
    const CANCELLED: Sql = sql!(
        "select f.id from follow_ups f where f.status in ('waiting', 'paused') and $1 = any(f.cancel_on) and f.started_at <= $4 and f.id in (
           select o.id from follow_ups o where o.contact_id = $2 and o.status in ('waiting', 'paused')
           union all select o.id from deal_contacts dc join follow_ups o on o.deal_id = dc.deal_id where dc.contact_id = $2 and $1 <> 'stage'
           union all select o.id from follow_ups o where o.deal_id = $3 and o.status in ('waiting', 'paused')
           union all select o.id from deal_contacts dc join follow_ups o on o.contact_id = dc.contact_id and o.deal_id is null where dc.deal_id = $3)
         order by f.id for update"
    );
    tx.values(CANCELLED, &[&condition.as_str(), &contact, &deal, &at]).await
}

/// Tasks that fired follow-ups made, that are open, and that such a thing makes needless; in the order of their ids.
pub(super) async fn needless_tasks(
    tx: &mut Tx,
    condition: CancelOn,
    contact: Option<ContactId>,
    deal: Option<DealId>,
    at: DateTime<Utc>,
) -> Result<Vec<TaskId>> {
    const NEEDLESS: Sql = sql!(
        "select t.id from tasks t where t.status = 'open' and t.deleted_at is null and t.id in (
           select f.task_id from follow_ups f where f.status = 'fired' and f.withdraws and $1 = any(f.cancel_on) and f.started_at <= $4 and f.id in (
             select o.id from follow_ups o where o.contact_id = $2 and o.task_id is not null
             union all select o.id from deal_contacts dc join follow_ups o on o.deal_id = dc.deal_id where dc.contact_id = $2 and $1 <> 'stage'
             union all select o.id from follow_ups o where o.deal_id = $3 and o.task_id is not null
             union all select o.id from deal_contacts dc join follow_ups o on o.contact_id = dc.contact_id and o.deal_id is null where dc.deal_id = $3))
         order by t.id"
    );
    tx.values(NEEDLESS, &[&condition.as_str(), &contact, &deal, &at]).await
}

/// Follow-ups of stages that wait anew when anything is logged with the contact, locked in the order of their ids.
pub(super) async fn stirred_by(tx: &mut Tx, contact: ContactId, at: DateTime<Utc>) -> Result<Vec<FollowUpId>> {
    const STIRRED: Sql = sql!(
        "select f.id from follow_ups f where f.status = 'waiting' and f.restarts and f.started_at < $2
           and f.started_subject <> 'activities' and f.enrolment_id is null and f.id in (
             select o.id from follow_ups o where o.contact_id = $1 and o.status = 'waiting'
             union all select o.id from deal_contacts dc join follow_ups o on o.deal_id = dc.deal_id where dc.contact_id = $1)
         order by f.id for update"
    );
    tx.values(STIRRED, &[&contact, &at]).await
}
