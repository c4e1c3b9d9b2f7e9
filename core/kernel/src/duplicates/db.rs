//! Every statement on runs. The tables of a kind of records have its name in theirs, so the texts are put together when the program
//! is compiled.
use super::{DuplicateRunId, DuplicateRunKind, DuplicateRunState, Sure};
use crate::{
    Error, OnConstraint, Result, Tx,
    bulk::Owners,
    db::{Clause, Field, FieldKind, FromRow, ListQuery, ListSpec, Sql},
    http::Page,
    row,
};
use chrono::{DateTime, Utc};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// What runs over one kind of records are called, and their statements; [`duplicate_runs!`](crate::duplicate_runs) writes it.
#[expect(missing_docs, reason = "each statement is told where it is used")]
#[derive(Debug)]
pub struct Names {
    /// The table of runs, which is the subject of their events.
    pub runs: &'static str,
    /// Kind of the event that tells of a new run.
    pub created: &'static str,
    /// Of one that was stopped.
    pub cancelled: &'static str,
    /// Of one that is through.
    pub finished: &'static str,
    /// The constraint that keeps runs of a kind apart.
    pub running: &'static str,
    /// Every run, the latest first.
    pub list: ListSpec,
    pub insert: Sql,
    pub lock: Sql,
    pub advance: Sql,
    pub finish: Sql,
    pub next_sure: Sql,
}

/// What runs are filtered and sorted by.
pub const FIELDS: &[Field] = &[
    Field { name: "kind", sql: "u.kind", kind: FieldKind::Text, sort: None },
    Field { name: "state", sql: "u.state", kind: FieldKind::Text, sort: None },
    Field { name: "created_at", sql: "u.created_at", kind: FieldKind::Time, sort: Some("u.created_at") },
];

/// Defines what the API says of runs over one kind of records, and `NAMES`, what they are called:
/// `duplicate_runs! { "company", "companies", ["company_duplicate_run.created", …], /// Doc. pub struct CompanyDuplicateRun }` is about
/// the table `company_duplicate_runs` and the pairs of `company_duplicates`; kinds of events come in the order of
/// [`Names`](crate::duplicates::Names).
#[macro_export]
macro_rules! duplicate_runs {
    ($one:literal, $many:literal, [$created:literal, $cancelled:literal, $finished:literal $(,)?],
     $(#[$m:meta])* pub struct $run:ident) => {
        $crate::row! {
            $(#[$m])*
            #[derive(poem_openapi::Object, Debug, Clone)]
            #[oai(skip_serializing_if_is_none)]
            pub struct $run {
                /// Its id.
                pub id: $crate::duplicates::DuplicateRunId,
                /// What it does.
                pub kind: $crate::duplicates::DuplicateRunKind,
                /// How far it has come.
                pub state: $crate::duplicates::DuplicateRunState,
                /// The least confidence of pairs that it merges, in percent.
                pub confidence: i16,
                /// Records that there were when it began, or pairs of which both were there and in reach.
                pub total: i64,
                /// Those it has looked at.
                pub done: i64,
                /// New pairs that it found.
                pub found: i64,
                /// Pairs that it merged.
                pub merged: i64,
                /// Pairs that it left alone: under legal hold, or changed meanwhile.
                pub skipped: i64,
                /// Who began it.
                pub created_by: Option<$crate::ids::UserId>,
                /// When, UTC.
                pub created_at: chrono::DateTime<chrono::Utc>,
                /// When it ended, UTC.
                pub finished_at: Option<chrono::DateTime<chrono::Utc>>,
                /// Rises with every change.
                pub version: i64,
            }
        }

        /// What these runs are called.
        pub(super) const NAMES: &$crate::duplicates::Names = &$crate::duplicates::Names {
            runs: concat!($one, "_duplicate_runs"),
            created: $created,
            cancelled: $cancelled,
            finished: $finished,
            running: concat!($one, "_duplicate_runs_running_key"),
            list: $crate::db::ListSpec {
                select: concat!(
                    "select u.id, u.kind, u.state, u.confidence, u.total, u.done, u.found, u.merged, u.skipped, u.created_by, u.created_at, \
                     u.finished_at, u.version from ",
                    $one,
                    "_duplicate_runs u"
                ),
                id: "u.id",
                always: "",
                fields: $crate::duplicates::db::FIELDS,
                default_sort: "-created_at",
            },
            insert: $crate::db::Sql(concat!(
                "insert into ", $one, "_duplicate_runs (id, kind, confidence, reach, total, created_by, created_at)
                 values ($1, $2, $3, $4, case $2 when 'scan' then (select count(*) from ", $many, " where deleted_at is null)
                   else (select count(*) from ", $one, "_duplicates d join ", $many, " x on x.id = d.one_id join ", $many, " y on y.id = d.other_id
                     where d.state = 'open' and d.confidence >= $3 and x.deleted_at is null and y.deleted_at is null
                       and ($4::uuid[] is null or x.owner_id = any($4) and y.owner_id = any($4))) end, $5, $6)"
            )),
            lock: $crate::db::Sql(concat!(
                "select kind, state, confidence, reach, position, created_at from ", $one, "_duplicate_runs where id = $1 for update"
            )),
            advance: $crate::db::Sql(concat!(
                "update ", $one, "_duplicate_runs set position = $2, done = done + $3, found = found + $4, merged = merged + $5,
                   skipped = skipped + $6, total = greatest(total, done + $3), version = version + 1 where id = $1"
            )),
            finish: $crate::db::Sql(concat!(
                "update ", $one, "_duplicate_runs set state = $2, finished_at = $3, version = version + 1 where id = $1"
            )),
            next_sure: $crate::db::Sql(concat!(
                "select d.id, case when (x.created_at, x.id) <= (y.created_at, y.id) then x.id else y.id end as kept,
                   case when (x.created_at, x.id) <= (y.created_at, y.id) then y.id else x.id end as merged
                 from ", $one, "_duplicates d join ", $many, " x on x.id = d.one_id join ", $many, " y on y.id = d.other_id
                 where d.state = 'open' and d.confidence >= $2 and ($1::uuid is null or d.id > $1) and d.created_at <= $3
                   and x.deleted_at is null and y.deleted_at is null
                   and ($4::uuid[] is null or x.owner_id = any($4) and y.owner_id = any($4))
                 order by d.id limit 1"
            )),
        };
    };
}

/// One page of runs.
pub async fn list<T: FromRow + ParseFromJSON + ToJSON>(
    tx: &mut Tx,
    names: &Names,
    query: &ListQuery,
) -> Result<Page<T>> {
    tx.list(&names.list, query, &[]).await
}

/// The run.
pub(super) async fn find<T: FromRow + ParseFromJSON + ToJSON>(
    tx: &mut Tx,
    names: &Names,
    id: DuplicateRunId,
) -> Result<T> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let page: Page<T> = tx.list(&names.list, &query, &[Clause("u.id = ?", &id, Type::UUID)]).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// A new run; 409 when one of its kind is at work.
pub(super) async fn insert(
    tx: &mut Tx,
    names: &Names,
    id: DuplicateRunId,
    kind: DuplicateRunKind,
    confidence: i16,
    reach: &Owners,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.context().actor.id);
    let running = || Error::conflict("run_running", "Such a run is at work already.");
    let made = tx.exec_one(names.insert, &[&id, &kind.as_str(), &confidence, reach, &by, &now]).await;
    made.on_constraint(names.running, running)
}

row! {
    /// A locked run.
    pub(super) struct Run {
        pub kind: DuplicateRunKind,
        pub state: DuplicateRunState,
        pub confidence: i16,
        pub reach: Owners,
        pub position: Option<Uuid>,
        pub created_at: DateTime<Utc>,
    }
}

/// A run, locked until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, names: &Names, id: DuplicateRunId) -> Result<Run> {
    tx.row(names.lock, &[&id]).await
}

/// What a step did.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Step {
    pub position: Option<Uuid>,
    pub done: i64,
    pub found: i64,
    pub merged: i64,
    pub skipped: i64,
}

/// Notes a step of a locked run.
pub(super) async fn advance(tx: &mut Tx, names: &Names, id: DuplicateRunId, step: Step) -> Result<()> {
    let Step { position, done, found, merged, skipped } = step;
    tx.exec_one(names.advance, &[&id, &position, &done, &found, &merged, &skipped]).await
}

/// Ends a locked run.
pub(super) async fn finish(tx: &mut Tx, names: &Names, id: DuplicateRunId, state: DuplicateRunState) -> Result<()> {
    let now = tx.now();
    tx.exec_one(names.finish, &[&id, &state.as_str(), &now]).await
}

/// The next open pair that is as sure as a locked run wants it, in the order of ids, made before the run, with both in reach.
pub(super) async fn next_sure(tx: &mut Tx, names: &Names, run: &Run) -> Result<Option<Sure>> {
    tx.opt(names.next_sure, &[&run.position, &run.confidence, &run.created_at, &run.reach]).await
}
