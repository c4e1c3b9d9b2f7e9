//! Every statement on tasks.
pub(super) mod words;

use super::{
    calendar::{Absence, Calendar, Calendars, Week},
    draft::{Draft, Place},
    model::{Task, TaskId, TaskStatus},
    when,
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use contacts::{ContactId, Owners};
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql, contains, word_patterns},
    http::Page,
    ids::{UserId, new_uuid},
    row, sql,
};
use std::collections::HashMap;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// What is read of a task, of the table `tasks t`.
macro_rules! columns {
    () => {
        "t.id, t.title, t.kind, t.priority, t.status, t.description, t.due_on, to_char(t.due_time, 'HH24:MI') as due_time, t.zone, t.due_at, \
         t.snoozed_until, t.agenda_at, t.assignee_id as assignee, t.collaborators, t.contact_id as contact, \
         (select c.display_name from contacts c where c.id = t.contact_id and c.deleted_at is null) as contact_name, t.company_id as company, \
         (select o.name from companies o where o.id = t.company_id and o.deleted_at is null) as company_name, t.deal_id as deal, \
         (select d.title from deals d where d.id = t.deal_id and d.deleted_at is null) as deal_title, \
         array(select r.minutes_before from task_reminders r where r.task_id = t.id and r.minutes_before is not null order by 1) as reminders, \
         t.rule || coalesce(';COUNT=' || t.times, '') as rule, t.repeats, t.series_id as series, t.occurrence, t.occurs_on, t.series_from, \
         t.follows_id as follows, t.outcome, t.closed_at, t.closed_by, t.created_by, t.created_at, t.updated_at, t.deleted_at, t.version"
    };
}

/// Whether one of these members does a task or shares it. The index of collaborators keeps tasks that have some.
const HAS: &str = "(t.assignee_id = any(?) or (t.collaborators <> '{}' and t.collaborators && ?))";

/// What tasks are filtered and sorted by, on lists and boards.
pub(crate) const FIELDS: &[Field] = &[
    Field { name: "title", sql: "t.name_key", kind: FieldKind::Folded, sort: Some("t.name_key") },
    Field { name: "kind", sql: "t.kind", kind: FieldKind::Text, sort: None },
    Field {
        name: "priority",
        sql: "t.priority::bigint",
        kind: FieldKind::Int,
        // Of those that press alike, `-priority` begins with what comes up first. A moment has fewer than a million million seconds.
        sort: Some(
            "(t.priority * 1000000000000 - \
              extract(epoch from coalesce(t.agenda_at, '9999-12-31T00:00:00Z'::timestamptz) at time zone 'UTC')::bigint)",
        ),
    },
    Field { name: "status", sql: "t.status", kind: FieldKind::Text, sort: None },
    Field {
        name: "due",
        sql: "t.agenda_at",
        kind: FieldKind::Time,
        sort: Some("coalesce(t.agenda_at, '9999-12-31T00:00:00Z'::timestamptz)"),
    },
    Field { name: "due_on", sql: "t.due_on", kind: FieldKind::Date, sort: None },
    Field { name: "due_at", sql: "t.due_at", kind: FieldKind::Time, sort: None },
    Field {
        name: "completion",
        sql: "(case when t.status = 'done' and t.closed_at > t.due_at then 'late' when t.status = 'done' then 'in_time' \
            when t.status = 'skipped' and t.closed_by is null then 'withdrawn' else t.status end)",
        kind: FieldKind::Text,
        sort: None,
    },
    Field { name: "assignee", sql: "t.assignee_id", kind: FieldKind::Id("usr"), sort: None },
    Field { name: "member", sql: HAS, kind: FieldKind::Among("usr"), sort: None },
    Field { name: "contact", sql: "t.contact_id", kind: FieldKind::Id("con"), sort: None },
    Field { name: "company", sql: "t.company_id", kind: FieldKind::Id("com"), sort: None },
    Field { name: "deal", sql: "t.deal_id", kind: FieldKind::Id("dea"), sort: None },
    Field { name: "series", sql: "t.series_id", kind: FieldKind::Id("ser"), sort: None },
    Field {
        name: "closed_at",
        sql: "t.closed_at",
        kind: FieldKind::Time,
        sort: Some("coalesce(t.closed_at, '9999-12-31T00:00:00Z'::timestamptz)"),
    },
    Field { name: "created_at", sql: "t.created_at", kind: FieldKind::Time, sort: Some("t.created_at") },
    Field { name: "updated_at", sql: "t.updated_at", kind: FieldKind::Time, sort: Some("t.updated_at") },
    Field { name: "deleted_at", sql: "t.deleted_at", kind: FieldKind::Time, sort: Some("t.deleted_at") },
];

/// Tasks that are not deleted.
pub(crate) const LIST: ListSpec = ListSpec {
    select: concat!("select ", columns!(), " from tasks t"),
    id: "t.id",
    always: "t.deleted_at is null",
    fields: FIELDS,
    default_sort: "due",
};

/// Of these, tasks that are still to do.
pub(crate) const OPEN: ListSpec = ListSpec { always: "t.deleted_at is null and t.status = 'open'", ..LIST };

/// Tasks that can still be restored.
pub(super) const DELETED: ListSpec =
    ListSpec { always: "t.deleted_at is not null", default_sort: "-deleted_at", ..LIST };

/// What is asked for of lists and boards.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Patterns that each task, or what it is about, holds.
    patterns: Vec<String>,
    /// Whose tasks.
    owners: Owners,
}

impl Wish {
    /// Tasks in reach that hold each of these words.
    pub fn new(words: Option<String>, owners: Owners) -> Self {
        let words: String = words.unwrap_or_default().trim().chars().take(100).collect();
        Wish { patterns: word_patterns(&words), owners }
    }
}

/// The conditions of a wish.
pub(crate) fn wish_clauses(wish: &Wish) -> Vec<Clause<'_>> {
    const WORDS: &str = "(t.search like fold(?) or t.about like fold(?))";
    let mut clauses: Vec<Clause<'_>> = wish.patterns.iter().map(|p| Clause(WORDS, p, Type::TEXT)).collect();
    if wish.owners.is_some() {
        clauses.push(Clause(HAS, &wish.owners, Type::UUID_ARRAY));
    }
    clauses
}

/// One page of tasks. Those that are still to do have an index in the order in which they come up: words are looked for along it,
/// not among all that was ever done.
pub(super) async fn list(tx: &mut Tx, spec: &ListSpec, query: &ListQuery, wish: &Wish) -> Result<Page<Task>> {
    let is_open = spec.always == LIST.always && query.filter.iter().any(|filter| filter == "status:eq:open");
    tx.list(if is_open { &OPEN } else { spec }, query, &wish_clauses(wish)).await
}

/// Gets the same tasks, all of them, ready for a file; how many.
pub(super) async fn open(tx: &mut Tx, query: &ListQuery, wish: &Wish) -> Result<u64> {
    const SHEET: ListSpec = ListSpec { default_sort: "created_at", ..LIST };
    tx.open_whole(&SHEET, &[], query, &wish_clauses(wish)).await
}

/// The task, if it is in reach.
pub(super) async fn find(tx: &mut Tx, id: TaskId, owners: &Owners) -> Result<Task> {
    const FIND: Sql = sql!(
        "select t.id, t.title, t.kind, t.priority, t.status, t.description, t.due_on, to_char(t.due_time, 'HH24:MI') as due_time, t.zone, t.due_at,
           t.snoozed_until, t.agenda_at, t.assignee_id as assignee, t.collaborators, t.contact_id as contact,
           (select c.display_name from contacts c where c.id = t.contact_id and c.deleted_at is null) as contact_name, t.company_id as company,
           (select o.name from companies o where o.id = t.company_id and o.deleted_at is null) as company_name, t.deal_id as deal,
           (select d.title from deals d where d.id = t.deal_id and d.deleted_at is null) as deal_title,
           array(select r.minutes_before from task_reminders r where r.task_id = t.id and r.minutes_before is not null order by 1) as reminders,
           t.rule || coalesce(';COUNT=' || t.times, '') as rule, t.repeats, t.series_id as series, t.occurrence, t.occurs_on, t.series_from,
           t.follows_id as follows, t.outcome, t.closed_at, t.closed_by, t.created_by, t.created_at, t.updated_at, t.deleted_at, t.version
         from tasks t where t.id = $1 and t.deleted_at is null
           and ($2::uuid[] is null or t.assignee_id = any($2) or t.collaborators && $2)"
    );
    tx.row(FIND, &[&id, owners]).await
}

/// The task, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, id: TaskId, owners: &Owners) -> Result<Task> {
    const LOCK: Sql = sql!(
        "select t.version from tasks t where t.id = $1 and t.deleted_at is null
           and ($2::uuid[] is null or t.assignee_id = any($2) or t.collaborators && $2) for update"
    );
    tx.value::<i64>(LOCK, &[&id, owners]).await?;
    find(tx, id, owners).await
}

/// A new task; gives whether it was made: each time of a series is made once.
pub(super) async fn insert(
    tx: &mut Tx,
    id: TaskId,
    draft: &Draft,
    place: Option<&Place>,
    follows: Option<TaskId>,
) -> Result<bool> {
    const INSERT: Sql = sql!(
        "insert into tasks (id, title, kind, priority, description, due_on, due_time, zone, due_at, agenda_at, assignee_id, collaborators,
           contact_id, company_id, deal_id, rule, times, repeats, series_id, occurrence, series_from, occurs_on, follows_id, created_by,
           name_key, search, about, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
           fold($2), fold($24),
           coalesce((select c.search from contacts c where c.id = $12 and c.deleted_at is null), '')
             || coalesce((select o.search from companies o where o.id = $13 and o.deleted_at is null), ''), $25, $25)
         on conflict on constraint tasks_series_id_key do nothing"
    );
    let now = tx.now();
    let (rule, times, repeats) = rule_columns(draft);
    let (due_at, search) = (draft.due_at(), draft.search_text());
    let maker = tx.context().actor.id;
    let values: &[&(dyn ToSql + Sync)] = &[
        &id,
        &draft.title,
        &draft.kind.as_str(),
        &(draft.priority as i16),
        &draft.description,
        &draft.due_on,
        &draft.due_time,
        &draft.zone,
        &due_at,
        &draft.assignee,
        &draft.collaborators,
        &draft.contact,
        &draft.company,
        &draft.deal,
        &rule,
        &times,
        &repeats,
        &place.map(|p| p.series),
        &place.map(|p| p.occurrence),
        &place.map(|p| p.from),
        &place.map(|p| p.occurs_on),
        &follows,
        &maker,
        &search,
        &now,
    ];
    Ok(tx.exec(INSERT, values).await? == 1)
}

fn rule_columns(draft: &Draft) -> (Option<&str>, Option<i32>, Option<&'static str>) {
    match &draft.rule {
        Some((rule, repeats)) => (Some(&rule.text), rule.times, Some(repeats.as_str())),
        None => (None, None, None),
    }
}

/// Writes a locked task with its place in its series and how long it stays out of sight.
pub(super) async fn update(
    tx: &mut Tx,
    id: TaskId,
    draft: &Draft,
    place: Option<&Place>,
    snoozed: Option<DateTime<Utc>>,
) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update tasks set title = $2, kind = $3, priority = $4, description = $5, due_on = $6, due_time = $7, zone = $8, due_at = $9,
           snoozed_until = $10, agenda_at = $11, assignee_id = $12, collaborators = $13, contact_id = $14, company_id = $15, deal_id = $16,
           rule = $17, times = $18, repeats = $19, series_id = $20, occurrence = $21, series_from = $22, occurs_on = $23,
           name_key = fold($2), search = fold($24),
           about = coalesce((select c.search from contacts c where c.id = $14 and c.deleted_at is null), '')
             || coalesce((select o.search from companies o where o.id = $15 and o.deleted_at is null), ''),
           updated_at = $25, version = version + 1
         where id = $1"
    );
    let now = tx.now();
    let (rule, times, repeats) = rule_columns(draft);
    let (due_at, search) = (draft.due_at(), draft.search_text());
    let values: &[&(dyn ToSql + Sync)] = &[
        &id,
        &draft.title,
        &draft.kind.as_str(),
        &(draft.priority as i16),
        &draft.description,
        &draft.due_on,
        &draft.due_time,
        &draft.zone,
        &due_at,
        &snoozed,
        &when::agenda_at(due_at, snoozed),
        &draft.assignee,
        &draft.collaborators,
        &draft.contact,
        &draft.company,
        &draft.deal,
        &rule,
        &times,
        &repeats,
        &place.map(|p| p.series),
        &place.map(|p| p.occurrence),
        &place.map(|p| p.from),
        &place.map(|p| p.occurs_on),
        &search,
        &now,
    ];
    tx.exec_one(UPDATE, values).await
}

/// Ends a locked task; nobody is said to have done so when a follow-up was no longer needed.
pub(super) async fn close(
    tx: &mut Tx,
    id: TaskId,
    status: TaskStatus,
    outcome: &Option<String>,
    closer: Option<Uuid>,
) -> Result<()> {
    const CLOSE: Sql = sql!(
        "update tasks set status = $2, outcome = $3, closed_at = $4, closed_by = $5, updated_at = $4, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(CLOSE, &[&id, &status.as_str(), outcome, &now, &closer]).await
}

/// Opens a locked task again.
pub(super) async fn reopen(tx: &mut Tx, id: TaskId) -> Result<()> {
    const REOPEN: Sql = sql!(
        "update tasks set status = 'open', outcome = null, closed_at = null, closed_by = null, updated_at = $2, version = version + 1
         where id = $1"
    );
    let now = tx.now();
    tx.exec_one(REOPEN, &[&id, &now]).await
}

/// Takes back the next time of a task that is open again, when nobody has touched it since it was made.
pub(super) async fn withdraw(tx: &mut Tx, id: TaskId) -> Result<Option<TaskId>> {
    const WITHDRAW: Sql = sql!(
        "delete from tasks n using tasks t where t.id = $1 and n.follows_id = t.id and n.series_id = t.series_id
           and n.occurrence = t.occurrence + 1 and n.status = 'open' and n.version = 1 and n.deleted_at is null returning n.id"
    );
    tx.value_opt(WITHDRAW, &[&id]).await
}

/// Puts a locked task out of sight until then.
pub(super) async fn snooze(
    tx: &mut Tx,
    id: TaskId,
    until: Option<DateTime<Utc>>,
    agenda_at: Option<DateTime<Utc>>,
) -> Result<()> {
    const SNOOZE: Sql = sql!(
        "update tasks set snoozed_until = $2, agenda_at = $3, updated_at = $4, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(SNOOZE, &[&id, &until, &agenda_at, &now]).await
}

/// Marks a locked task as deleted.
pub(super) async fn delete(tx: &mut Tx, id: TaskId) -> Result<()> {
    const DELETE: Sql = sql!("update tasks set deleted_at = $2, updated_at = $2, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await
}

/// Takes a deletion back.
pub(super) async fn restore(tx: &mut Tx, id: TaskId, owners: &Owners) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update tasks set deleted_at = null, updated_at = $2, version = version + 1
         where id = $1 and deleted_at is not null and ($3::uuid[] is null or assignee_id = any($3) or collaborators && $3)"
    );
    let now = tx.now();
    tx.exec_one(RESTORE, &[&id, &now, owners]).await
}

/// Removes a task that has been deleted at this moment; gives whether it was there.
pub(super) async fn purge(tx: &mut Tx, id: TaskId, deleted_at: DateTime<Utc>) -> Result<bool> {
    const PURGE: Sql = sql!("delete from tasks where id = $1 and deleted_at = $2");
    Ok(tx.exec(PURGE, &[&id, &deleted_at]).await? == 1)
}

/// Every task about a contact, deleted or not.
pub(super) async fn of_contact(tx: &mut Tx, contact: ContactId) -> Result<Vec<Task>> {
    const ANY: ListSpec = ListSpec { always: "", ..LIST };
    let mut query = ListQuery { limit: Some(200), sort: Some("created_at".into()), ..ListQuery::default() };
    let mut all = vec![];
    loop {
        let page: Page<Task> = tx.list(&ANY, &query, &[Clause("t.contact_id = ?", &contact, Type::UUID)]).await?;
        all.extend(page.items);
        match page.next_cursor {
            Some(next) => query.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

/// Takes a contact off every task. What people wrote about tasks that were about him, or that mention one of these texts,
/// is removed; days and who did what stay. Gives the tasks whose words were removed.
pub(super) async fn forget(tx: &mut Tx, contact: ContactId, mentions: &[String]) -> Result<Vec<TaskId>> {
    const FORGET: Sql = sql!(
        "update tasks t set title = '[erased]', description = null, outcome = case when t.status = 'skipped' then '[erased]' end,
           contact_id = nullif(t.contact_id, $1), name_key = fold('[erased]'), search = fold('[erased]'), updated_at = $3, version = version + 1
         where t.contact_id = $1
           or t.deleted_at is null and t.search like any(array(select fold(m.pattern) from unnest($2::text[]) as m(pattern)))
           or t.deleted_at is not null and t.search like any(array(select fold(m.pattern) from unnest($2::text[]) as m(pattern)))
           or t.outcome is not null and lower(t.outcome) like any(array(select lower(m.pattern) from unnest($2::text[]) as m(pattern)))
         returning t.id"
    );
    let patterns: Vec<String> = mentions.iter().map(|mention| contains(mention)).collect();
    let now = tx.now();
    let forgotten: Vec<TaskId> = tx.values(FORGET, &[&contact, &patterns, &now]).await?;
    words::refresh(tx, &forgotten).await?;
    Ok(forgotten)
}

row! {
    /// A reminder that is still to be told.
    #[derive(Debug, Clone)]
    pub(super) struct Waiting {
        /// Which one.
        pub id: Uuid,
        /// When.
        pub remind_at: Option<DateTime<Utc>>,
    }
}

/// A locked task has these reminders, and no others: minutes before (null for the end of a snooze) and moments. One that
/// has another moment than before is to be told again; what is past already counts as told. Gives those that wait.
pub(super) async fn arm(
    tx: &mut Tx,
    id: TaskId,
    minutes: &[Option<i32>],
    moments: &[Option<DateTime<Utc>>],
) -> Result<Vec<Waiting>> {
    const DROP: Sql = sql!(
        "delete from task_reminders r where r.task_id = $1
           and not exists (select from unnest($2::int[]) as n(minutes) where n.minutes is not distinct from r.minutes_before)"
    );
    const ARM: Sql = sql!(
        "insert into task_reminders (id, task_id, minutes_before, remind_at, told_at)
         select n.id, $1, n.minutes, n.at, case when n.at <= $5 then $5 end
         from unnest($2::uuid[], $3::int[], $4::timestamptz[]) as n(id, minutes, at)
         on conflict on constraint task_reminders_task_id_key do update set remind_at = excluded.remind_at,
           told_at = case when task_reminders.remind_at is distinct from excluded.remind_at then excluded.told_at else task_reminders.told_at end"
    );
    const WAITING: Sql = sql!(
        "select r.id, r.remind_at from task_reminders r
         where r.task_id = $1 and r.told_at is null and r.remind_at is not null and r.remind_at > $2"
    );
    let now = tx.now();
    tx.exec(DROP, &[&id, &minutes]).await?;
    if minutes.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<Uuid> = minutes.iter().map(|_| new_uuid(now)).collect();
    tx.exec(ARM, &[&id, &ids, &minutes, &moments, &now]).await?;
    tx.rows(WAITING, &[&id, &now]).await
}

/// Whether a reminder is still to be told for this moment: the minutes before its task is due, or `Some(None)` for the end of a snooze.
pub(super) async fn reminder(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<Option<Option<i32>>> {
    const FIND: Sql = sql!(
        "select r.minutes_before from task_reminders r where r.id = $1 and r.remind_at = $2 and r.told_at is null"
    );
    tx.value_opt(FIND, &[&id, &at]).await
}

/// A reminder was told to everybody.
pub(super) async fn told(tx: &mut Tx, id: Uuid) -> Result<()> {
    let now = tx.now();
    tx.exec_one(sql!("update task_reminders set told_at = $2 where id = $1"), &[&id, &now]).await
}

row! {
    /// Hours of a day of the week, 1 is Monday: of a member, or of the tenant.
    struct Hours {
        member: Option<Uuid>,
        day: Option<i32>,
        from: Option<NaiveTime>,
        until: Option<NaiveTime>,
        zone: Option<String>,
    }
}

row! {
    /// A day off.
    struct DayOff {
        day: NaiveDate,
        is_yearly: bool,
    }
}

row! {
    /// Days on which a member is away.
    struct Away {
        member: Uuid,
        from: NaiveDate,
        until: NaiveDate,
        stand_in: Option<UserId>,
    }
}

/// How long absences are read after they have ended: what happened so long ago still starts something.
const PAST: Days = Days::new(60);

/// The hours and days off of the tenant and its members, to count with.
pub async fn working_calendars(tx: &mut Tx) -> Result<Calendars> {
    const HOURS: Sql = sql!(
        "select h.member, s.day, s.\"from\"::time as \"from\", s.until::time as until, h.zone from (
             select null::uuid as member, w.zone, w.spans from working_time w where w.key = 1
             union all select m.member_id, coalesce(m.zone, w.zone), m.spans from member_hours m cross join working_time w where w.key = 1
           ) h left join jsonb_to_recordset(h.spans) as s(day int, \"from\" text, until text) on true
         order by h.member, s.day, s.\"from\""
    );
    const DAYS_OFF: Sql = sql!("select h.day, h.is_yearly from holidays h order by h.day");
    const AWAY: Sql = sql!(
        "select a.member_id as member, a.from_on as from, a.until_on as until, a.stand_in_id as stand_in
         from member_absences a where a.until_on >= $1 order by a.from_on, a.id"
    );
    let account = tx.tenant().zone.clone();
    let mut weeks: HashMap<Option<Uuid>, (Tz, Week)> = HashMap::new();
    for Hours { member, day, from, until, zone } in tx.rows(HOURS, &[]).await? {
        let zone = when::zone_of(zone.as_deref().unwrap_or(&account));
        let (_, week) = weeks.entry(member).or_insert_with(|| (zone, Week::default()));
        let day = day.and_then(|day| usize::try_from(day - 1).ok()).and_then(|day| week.get_mut(day));
        if let (Some(day), Some(from), Some(until)) = (day, from, until) {
            day.push((from, until));
        }
    }
    let days_off: Vec<DayOff> = tx.rows(DAYS_OFF, &[]).await?;
    let holidays = days_off.into_iter().map(|off| (off.day, off.is_yearly)).collect();
    let mut absences: HashMap<Uuid, Vec<Absence>> = HashMap::new();
    let since = tx.now().date_naive() - PAST;
    for Away { member, from, until, stand_in } in tx.rows(AWAY, &[&since]).await? {
        absences.entry(member).or_default().push(Absence { from, until, stand_in });
    }
    let (zone, week) = weeks.remove(&None).unwrap_or_else(|| (when::zone_of(&account), Week::default()));
    let hours = weeks.into_iter().filter_map(|(member, hours)| Some((member?, hours))).collect();
    Ok(Calendars { tenant: Calendar { zone, week, holidays, absences: vec![] }, hours, absences })
}

/// Open tasks that are overdue now and are not out of sight, as far as they are asked for: the ones that came up first, at
/// most so many.
pub(super) async fn overdue(tx: &mut Tx, filter: Vec<String>, wish: &Wish, most: usize) -> Result<Vec<TaskId>> {
    let mut query = ListQuery { limit: Some(200), sort: Some("due".into()), filter, ..ListQuery::default() };
    let now = tx.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    query.filter.extend(["status:eq:open".to_owned(), format!("due:lt:{now}")]);
    let mut ids = vec![];
    loop {
        let page = list(tx, &LIST, &query, wish).await?;
        ids.extend(page.items.iter().map(|task| task.id));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() || ids.len() >= most {
            ids.truncate(most);
            return Ok(ids);
        }
    }
}

/// The task, deleted or not, locked until the end of the transaction.
pub(super) async fn find_any_for_update(tx: &mut Tx, id: TaskId, owners: &Owners) -> Result<Task> {
    const LOCK: Sql = sql!(
        "select t.version from tasks t where t.id = $1 and ($2::uuid[] is null or t.assignee_id = any($2) or t.collaborators && $2) for update"
    );
    const ANY: ListSpec = ListSpec { always: "", ..LIST };
    tx.value::<i64>(LOCK, &[&id, owners]).await?;
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let page: Page<Task> = tx.list(&ANY, &query, &[Clause("t.id = ?", &id, Type::UUID)]).await?;
    page.items.into_iter().next().ok_or_else(kernel::Error::not_found)
}
