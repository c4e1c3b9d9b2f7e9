//! Every statement on runs.
use super::model::{ReportRun, ReportRunId, RunFile, WaitingRun};
use crate::{
    report_schedules::model::{ReportSchedule, ReportScheduleId},
    reports::Language,
};
use chrono::{DateTime, TimeDelta, Utc};
use contacts::Owners;
use kernel::{
    Error, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
    tokio_postgres::types::Type,
};
use uuid::Uuid;

/// Runs and their files are kept for so long.
pub(super) const KEPT: TimeDelta = TimeDelta::days(90);

/// Every run.
const LIST: ListSpec = ListSpec {
    select: "select r.id, r.schedule_id as schedule, r.due_at, r.state, r.error, r.recipients, r.file_name, r.created_at, r.finished_at, r.version from report_runs r",
    id: "r.id",
    always: "",
    fields: &[
        Field { name: "state", sql: "r.state", kind: FieldKind::Text, sort: None },
        Field { name: "due_at", sql: "r.due_at", kind: FieldKind::Time, sort: Some("r.due_at") },
    ],
    default_sort: "-due_at",
};

/// One page of a schedule's runs.
pub(crate) async fn list(tx: &mut Tx, schedule: ReportScheduleId, query: &ListQuery) -> Result<Page<ReportRun>> {
    tx.list(&LIST, query, &[Clause("r.schedule_id = ?", &schedule, Type::UUID)]).await
}

/// A new run of an occurrence; whether there was none.
pub(crate) async fn insert(tx: &mut Tx, id: ReportRunId, of: &ReportSchedule, due_at: DateTime<Utc>) -> Result<bool> {
    const INSERT: Sql = sql!(
        "insert into report_runs (id, schedule_id, due_at, state, recipients, created_at) values ($1, $2, $3, 'waiting', $4, $5)
         on conflict on constraint report_runs_schedule_id_key do nothing"
    );
    let now = tx.now();
    let recipients: Vec<Uuid> = of.recipients.iter().map(|id| id.0).collect();
    Ok(tx.exec(INSERT, &[&id, &of.id, &due_at, &recipients, &now]).await? == 1)
}

/// Removes runs whose time is over, with their files.
pub(super) async fn forget(tx: &mut Tx) -> Result<()> {
    let before = tx.now() - KEPT;
    tx.exec(sql!("delete from report_runs where created_at <= $1"), &[&before]).await.map(drop)
}

/// The run, if its schedule is in reach, or `reader` gets it.
pub(crate) async fn find(tx: &mut Tx, id: ReportRunId, owners: &Owners) -> Result<ReportRun> {
    const FIND: Sql = sql!(
        "select r.id, r.schedule_id as schedule, r.due_at, r.state, r.error, r.recipients, r.file_name, r.created_at, r.finished_at, r.version
         from report_runs r join report_schedules s on s.id = r.schedule_id where r.id = $1 and ($2::uuid[] is null or s.owner_id = any($2))"
    );
    tx.row(FIND, &[&id, owners]).await
}

/// The file of a run for its owner, for whoever reaches its owner's, and for those who got it; in this language, if it was made in it.
pub(crate) async fn file(
    tx: &mut Tx,
    id: ReportRunId,
    owners: &Owners,
    (reader, language): (Option<Uuid>, Language),
) -> Result<RunFile> {
    const FILE: Sql = sql!(
        "select r.file_name, s.owner_id as owner, coalesce($3::uuid = any(r.recipients), false) as is_reader, coalesce(r.other_contents[array_position(r.other_languages, $4)], r.content) as content from report_runs r join report_schedules s on s.id = r.schedule_id
         where r.id = $1 and r.content is not null and ($2::uuid[] is null or s.owner_id = any($2) or $3::uuid = any(r.recipients))"
    );
    tx.row(FILE, &[&id, owners, &reader, &language.tag()]).await
}

/// The run, while it waits.
pub(crate) async fn waiting(tx: &mut Tx, id: ReportRunId) -> Result<Option<WaitingRun>> {
    const WAITING: Sql =
        sql!("select r.schedule_id as schedule, r.due_at from report_runs r where r.id = $1 and r.state = 'waiting'");
    tx.opt(WAITING, &[&id]).await
}

/// Keeps the files of a waiting run, which is over then; who got it. None when it is over already.
pub(super) async fn finish(
    tx: &mut Tx,
    id: ReportRunId,
    name: &str,
    contents: &[(Language, Vec<u8>)],
) -> Result<Option<Vec<Uuid>>> {
    const FINISH: Sql = sql!(
        "update report_runs set state = 'sent', file_name = $2, content = $3, other_languages = $5, other_contents = $6, error = null,
           finished_at = $4, version = version + 1
         where id = $1 and state = 'waiting' returning recipients"
    );
    let now = tx.now();
    let (first, others) = contents.split_first().ok_or_else(|| Error::internal("a report in no language"))?;
    let (languages, others): (Vec<&str>, Vec<&[u8]>) =
        others.iter().map(|(language, content)| (language.tag(), content.as_slice())).unzip();
    tx.value_opt(FINISH, &[&id, &name, &first.1, &now, &languages, &others]).await
}

/// Says why a waiting run could not be made; its schedule.
pub(crate) async fn fail(tx: &mut Tx, id: ReportRunId, code: &str) -> Result<Option<ReportScheduleId>> {
    const FAIL: Sql = sql!(
        "update report_runs set state = 'failed', error = $2, finished_at = $3, version = version + 1
         where id = $1 and state = 'waiting' returning schedule_id"
    );
    let now = tx.now();
    tx.value_opt(FAIL, &[&id, &code, &now]).await
}
