//! Every statement on schedules.
use super::model::{Draft, ReportSchedule, ReportScheduleId, ReportScheduleState};
use chrono::{DateTime, Utc};
use contacts::Owners;
use kernel::tokio_postgres::types::Type;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    ids::UserId,
    sql,
};

/// Every schedule.
const LIST: ListSpec = ListSpec {
    select: "select s.id, s.name, s.owner_id as owner, s.kind, s.span, s.compare, s.member_id as member, s.team_id as team, s.pipeline_id as pipeline, s.format, \
        s.cadence, s.day, s.minute, s.zone, s.recipients, s.state, s.next_at, s.created_at, s.updated_at, s.version from report_schedules s",
    id: "s.id",
    always: "",
    fields: &[
        Field { name: "owner", sql: "s.owner_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "kind", sql: "s.kind", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "s.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "s.created_at", kind: FieldKind::Time, sort: Some("s.created_at") },
    ],
    default_sort: "-created_at",
};

/// One page of schedules in reach.
pub(crate) async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<ReportSchedule>> {
    tx.list(&LIST, query, &[within(owners)]).await
}

/// Gets the whole list ready for a file, the oldest schedule first.
pub(crate) async fn open(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<u64> {
    const SHEET: ListSpec = ListSpec { default_sort: "created_at", ..LIST };
    tx.open_whole(&SHEET, &[], query, &[within(owners)]).await
}

fn within(owners: &Owners) -> Clause<'_> {
    Clause("(?::uuid[] is null or s.owner_id = any(?))", owners, Type::UUID_ARRAY)
}

/// The schedule, if it is in reach.
pub(crate) async fn find(tx: &mut Tx, id: ReportScheduleId, owners: &Owners) -> Result<ReportSchedule> {
    const FIND: Sql = sql!(
        "select s.id, s.name, s.owner_id as owner, s.kind, s.span, s.compare, s.member_id as member, s.team_id as team, s.pipeline_id as pipeline, s.format,
           s.cadence, s.day, s.minute, s.zone, s.recipients, s.state, s.next_at, s.created_at, s.updated_at, s.version
         from report_schedules s where s.id = $1 and ($2::uuid[] is null or s.owner_id = any($2))"
    );
    tx.row(FIND, &[&id, owners]).await
}

/// The same, locked until the end of the transaction.
pub(crate) async fn find_for_update(tx: &mut Tx, id: ReportScheduleId, owners: &Owners) -> Result<ReportSchedule> {
    const LOCK: Sql = sql!(
        "select s.version from report_schedules s where s.id = $1 and ($2::uuid[] is null or s.owner_id = any($2)) for update"
    );
    tx.value::<i64>(LOCK, &[&id, owners]).await?;
    find(tx, id, owners).await
}

/// How many somebody owns. Whoever counts waits for others who make one for him in this tenant, until the end of the transaction.
pub(crate) async fn count_of(tx: &mut Tx, owner: UserId) -> Result<i64> {
    tx.lock(&format!("report schedules of {owner}")).await?;
    tx.value(sql!("select count(*) from report_schedules where owner_id = $1"), &[&owner]).await
}

/// A new schedule.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: ReportScheduleId,
    owner: UserId,
    draft: &Draft,
    next_at: DateTime<Utc>,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into report_schedules (id, name, owner_id, kind, span, compare, member_id, team_id, pipeline_id, format, cadence, day, minute, zone,
           recipients, next_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)"
    );
    let (now, d) = (tx.now(), draft);
    let rhythm = d.rhythm;
    tx.exec_one(
        INSERT,
        &[
            &id,
            &d.name,
            &owner,
            &d.kind.as_str(),
            &d.span.as_str(),
            &d.compare.as_str(),
            &d.member,
            &d.team,
            &d.pipeline,
            &d.format.as_str(),
            &rhythm.cadence.as_str(),
            &rhythm.day,
            &rhythm.minute,
            &rhythm.zone.name(),
            &d.recipients,
            &next_at,
            &now,
        ],
    )
    .await
}

/// Writes a locked schedule.
pub(crate) async fn update(
    tx: &mut Tx,
    id: ReportScheduleId,
    draft: &Draft,
    state: ReportScheduleState,
    next_at: Option<DateTime<Utc>>,
) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update report_schedules set name = $2, team_id = $3, format = $4, cadence = $5, day = $6, minute = $7, zone = $8, recipients = $9, state = $10,
           next_at = $11, updated_at = $12, version = version + 1 where id = $1"
    );
    let (now, d) = (tx.now(), draft);
    let rhythm = d.rhythm;
    tx.exec_one(
        UPDATE,
        &[
            &id,
            &d.name,
            &d.team,
            &d.format.as_str(),
            &rhythm.cadence.as_str(),
            &rhythm.day,
            &rhythm.minute,
            &rhythm.zone.name(),
            &d.recipients,
            &state.as_str(),
            &next_at,
            &now,
        ],
    )
    .await
}

/// Says when a locked schedule comes next, or that it has stopped. Its version stays: nobody changed it.
pub(crate) async fn move_on(tx: &mut Tx, id: ReportScheduleId, next_at: Option<DateTime<Utc>>) -> Result<()> {
    const MOVE: Sql = sql!(
        "update report_schedules set next_at = $2, state = case when $2::timestamptz is null then 'stopped' else state end where id = $1"
    );
    tx.exec_one(MOVE, &[&id, &next_at]).await
}

/// Removes a schedule with its runs.
pub(crate) async fn delete(tx: &mut Tx, id: ReportScheduleId) -> Result<()> {
    tx.exec_one(sql!("delete from report_schedules where id = $1"), &[&id]).await
}
