//! Every statement on runs and their rows. The tables of a kind of records have its name in theirs, so the texts are put together
//! when the program is compiled.
use super::{BulkRunId, BulkRunState, Fate, Meant, Owners};
use crate::{
    Error, Result, Tx,
    db::{Clause, Field, FieldKind, FromRow, ListQuery, ListSpec, Sql},
    http::Page,
    row,
};
use chrono::{DateTime, Utc};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use serde::Serialize;
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Kinds of events that tell of runs.
#[derive(Debug)]
pub struct Events {
    /// It began.
    pub created: &'static str,
    /// It was stopped.
    pub cancelled: &'static str,
    /// It is through.
    pub finished: &'static str,
    /// It went wrong.
    pub failed: &'static str,
    /// Its undo began.
    pub undo_started: &'static str,
    /// Its undo is through.
    pub undone: &'static str,
}

/// What runs over one kind of records are called, and their statements; [`bulk_runs!`](crate::bulk_runs) writes it.
#[expect(missing_docs, reason = "each statement is told where it is used")]
#[derive(Debug)]
pub struct Names {
    /// One record, in a sentence.
    pub one: &'static str,
    /// Many of them.
    pub many: &'static str,
    /// The table of runs, which is the subject of their events.
    pub runs: &'static str,
    pub events: Events,
    /// Every run, the latest first.
    pub list: ListSpec,
    pub lock: Sql,
    pub insert: Sql,
    pub name: Sql,
    pub set_total: Sql,
    pub waiting: Sql,
    pub settle: Sql,
    pub advance: Sql,
    pub finish: Sql,
    pub start_undo: Sql,
    pub changed: Sql,
    pub settle_undo: Sql,
    pub advance_undo: Sql,
    pub finish_undo: Sql,
    pub forget: Sql,
    pub reached: Sql,
    pub mentioning: Sql,
    pub reword: Sql,
}

/// What runs are filtered and sorted by.
pub const FIELDS: &[Field] = &[
    Field { name: "state", sql: "u.state", kind: FieldKind::Text, sort: None },
    Field { name: "created_at", sql: "u.created_at", kind: FieldKind::Time, sort: Some("u.created_at") },
];

/// What rows of a run are filtered and sorted by.
pub const ROW_FIELDS: &[Field] = &[
    Field { name: "place", sql: "r.place", kind: FieldKind::Int, sort: Some("r.place::bigint") },
    Field { name: "outcome", sql: "r.outcome", kind: FieldKind::Text, sort: None },
    Field { name: "reason", sql: "r.reason", kind: FieldKind::Text, sort: None },
    Field { name: "undo", sql: "r.undo", kind: FieldKind::Text, sort: None },
];

/// Defines what the API says of runs over one kind of records, and `NAMES`, what they are called:
/// `bulk_runs! { "deal", "deals", ["deal_bulk_run.created", …], /// Doc. pub struct DealBulkRun { change: DealBulkChange } }` is about
/// the tables `deal_bulk_runs` and `deal_bulk_run_rows`; kinds of events are in the order of [`Events`](crate::bulk::db::Events).
#[macro_export]
macro_rules! bulk_runs {
    ($one:literal, $many:literal,
     [$created:literal, $cancelled:literal, $finished:literal, $failed:literal, $undo_started:literal, $undone:literal $(,)?],
     $(#[$m:meta])* pub struct $run:ident { change: $change:ty }) => {
        $crate::row! {
            $(#[$m])*
            #[derive(poem_openapi::Object, Debug, Clone)]
            #[oai(skip_serializing_if_is_none)]
            pub struct $run {
                /// Its id.
                pub id: $crate::bulk::BulkRunId,
                /// What is changed.
                pub change: $change,
                /// Whether the records were named one by one, rather than by what they match.
                pub named: bool,
                /// Words that the records held when it was made.
                pub q: Option<String>,
                /// Filters that they fitted then.
                pub filter: Vec<String>,
                /// How far it has come.
                pub state: $crate::bulk::BulkRunState,
                /// Records that are meant.
                pub total: i32,
                /// Those it has come to.
                pub done: i32,
                /// Those that are different because of it.
                pub changed: i32,
                /// Those that it left alone, because they were so already or for a reason; the rows say which.
                pub skipped: i32,
                /// Those that were put back.
                pub undone: i32,
                /// Those that an undo left as they are, because somebody changed them since or they are gone; the rows say which.
                pub kept: i32,
                /// Code of the error that stopped it.
                pub error: Option<String>,
                /// Who began it.
                pub created_by: Option<$crate::ids::UserId>,
                /// When, UTC.
                pub created_at: chrono::DateTime<chrono::Utc>,
                /// When it ended, UTC.
                pub finished_at: Option<chrono::DateTime<chrono::Utc>>,
                /// When it was taken back, UTC.
                pub undone_at: Option<chrono::DateTime<chrono::Utc>>,
                /// Until when it can be taken back, UTC.
                pub undo_until: Option<chrono::DateTime<chrono::Utc>>,
                /// Rises with every change.
                pub version: i64,
            }
        }

        /// What these runs are called.
        pub const NAMES: &$crate::bulk::Names = &$crate::bulk::Names {
            one: $one,
            many: $many,
            runs: concat!($one, "_bulk_runs"),
            events: $crate::bulk::db::Events {
                created: $created,
                cancelled: $cancelled,
                finished: $finished,
                failed: $failed,
                undo_started: $undo_started,
                undone: $undone,
            },
            list: $crate::db::ListSpec {
                select: concat!(
                    "select u.id, u.change, u.is_named as named, nullif(u.q, '') as q, u.filter, u.state, u.total, u.done, u.changed, u.skipped, \
                     u.undone, u.kept, u.error, u.created_by, u.created_at, u.finished_at, u.undone_at, u.undo_until, u.version from ",
                    $one,
                    "_bulk_runs u"
                ),
                id: "u.id",
                always: "",
                fields: $crate::bulk::db::FIELDS,
                default_sort: "-created_at",
            },
            lock: $crate::db::Sql(concat!(
                "select id, change, state, reach, place, done, changed, skipped, undo_place, undone, kept, undo_until from ", $one, "_bulk_runs
                 where id = $1 and ($2::uuid[] is null or created_by = any($2)) for update"
            )),
            insert: $crate::db::Sql(concat!(
                "insert into ", $one, "_bulk_runs (id, change, is_named, q, filter, reach, created_by, created_at, updated_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
            )),
            name: $crate::db::Sql(concat!(
                "insert into ", $one, "_bulk_run_rows (run_id, place, ", $one, "_id)
                 select $1, row_number() over (order by n.id)::int, n.id from (select distinct id from unnest($2::uuid[]) as given(id)) n"
            )),
            set_total: $crate::db::Sql(concat!("update ", $one, "_bulk_runs set total = $2::bigint::int where id = $1")),
            waiting: $crate::db::Sql(concat!(
                "select place, ", $one, "_id as record from ", $one, "_bulk_run_rows where run_id = $1 and place > $2 order by place limit $3"
            )),
            settle: $crate::db::Sql(concat!(
                "update ", $one, "_bulk_run_rows r set outcome = n.outcome, reason = n.reason, field = n.field,
                   trace = case when r.", $one, "_id is not null then n.trace end
                 from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) as n(place, outcome, reason, field, trace)
                 where r.run_id = $1 and r.place = n.place"
            )),
            advance: $crate::db::Sql(concat!(
                "update ", $one, "_bulk_runs set place = $2, done = done + $3 + $4, changed = changed + $3, skipped = skipped + $4, updated_at = $5,
                   version = version + 1 where id = $1"
            )),
            finish: $crate::db::Sql(concat!(
                "update ", $one, "_bulk_runs set state = $2, error = $3, finished_at = $4, undo_until = $5, updated_at = $4, version = version + 1
                 where id = $1"
            )),
            start_undo: $crate::db::Sql(concat!(
                "update ", $one, "_bulk_runs set state = 'undoing', reach = $2, error = null, updated_at = $3, version = version + 1 where id = $1"
            )),
            changed: $crate::db::Sql(concat!(
                "select place, ", $one, "_id as record, coalesce(trace, '{}') as trace from ", $one, "_bulk_run_rows
                 where run_id = $1 and place > $2 and outcome = 'changed' and undo is null order by place limit $3"
            )),
            settle_undo: $crate::db::Sql(concat!(
                "update ", $one, "_bulk_run_rows r set undo = n.undo from unnest($2::int[], $3::text[]) as n(place, undo)
                 where r.run_id = $1 and r.place = n.place"
            )),
            advance_undo: $crate::db::Sql(concat!(
                "update ", $one, "_bulk_runs set undo_place = $2, undone = undone + $3, kept = kept + $4, updated_at = $5, version = version + 1
                 where id = $1"
            )),
            finish_undo: $crate::db::Sql(concat!(
                "update ", $one, "_bulk_runs set state = 'undone', undone_at = $2, updated_at = $2, version = version + 1 where id = $1"
            )),
            forget: $crate::db::Sql(concat!(
                "delete from ", $one, "_bulk_run_rows where run_id = $1
                   and place < (select min(place) from ", $one, "_bulk_run_rows where run_id = $1) + $2::int"
            )),
            reached: $crate::db::Sql(concat!("select id from ", $many, " where id = any($1) and owner_id = any($2)")),
            mentioning: $crate::db::Sql(concat!(
                "select id, q, filter, change from ", $one, "_bulk_runs where q ~ '^[0-9+ ()./-]{6,}$'
                   or exists (select from unnest($1::text[]) as m(mention)
                     where position(m.mention in lower(concat_ws(' ', q, array_to_string(filter, ' '), change))) > 0)
                 order by id for update"
            )),
            reword: $crate::db::Sql(concat!(
                "update ", $one, "_bulk_runs u set q = r.q, filter = array(select jsonb_array_elements_text(r.filter)), change = r.change,
                   updated_at = $2, version = u.version + 1
                 from jsonb_to_recordset($1) as r(id uuid, q text, filter jsonb, change jsonb) where u.id = r.id"
            )),
        };
    };
}

/// Runs that these members began; everybody's when `None`.
pub(super) async fn list<T: FromRow + ParseFromJSON + ToJSON>(
    tx: &mut Tx,
    names: &Names,
    query: &ListQuery,
    members: &Owners,
) -> Result<Page<T>> {
    let clause = members.as_ref().map(|members| Clause("u.created_by = any(?)", members, Type::UUID_ARRAY));
    tx.list(&names.list, query, &Vec::from_iter(clause)).await
}

/// The run, if one of these members began it.
pub(super) async fn find<T: FromRow + ParseFromJSON + ToJSON>(
    tx: &mut Tx,
    names: &Names,
    id: BulkRunId,
    members: &Owners,
) -> Result<T> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = vec![Clause("u.id = ?", &id, Type::UUID)];
    clauses.extend(members.as_ref().map(|members| Clause("u.created_by = any(?)", members, Type::UUID_ARRAY)));
    let page: Page<T> = tx.list(&names.list, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// What became of the records of a run.
pub(super) async fn rows<T: FromRow + ParseFromJSON + ToJSON>(
    tx: &mut Tx,
    spec: &ListSpec,
    id: BulkRunId,
    query: &ListQuery,
) -> Result<Page<T>> {
    tx.list(spec, query, &[Clause("r.run_id = ?", &id, Type::UUID)]).await
}

/// Which of these records the owners have.
pub(super) async fn reached(tx: &mut Tx, names: &Names, ids: &[Uuid], owners: &Owners) -> Result<Vec<Uuid>> {
    tx.values(names.reached, &[&ids, owners]).await
}

row! {
    /// How far a run is.
    #[derive(Debug, Clone)]
    pub(super) struct Run {
        pub id: BulkRunId,
        pub change: Value,
        pub state: BulkRunState,
        pub reach: Owners,
        pub place: i32,
        pub done: i32,
        pub changed: i32,
        pub skipped: i32,
        pub undo_place: i32,
        pub undone: i32,
        pub kept: i32,
        pub undo_until: Option<DateTime<Utc>>,
    }
}

/// The same, locked until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, names: &Names, id: BulkRunId, members: &Owners) -> Result<Run> {
    tx.row(names.lock, &[&id, members]).await
}

/// A new run over records that are still to be noted.
pub(super) async fn insert(
    tx: &mut Tx,
    names: &Names,
    id: BulkRunId,
    change: &Value,
    meant: &Meant<'_>,
    reach: &Owners,
) -> Result<()> {
    let (now, by, named) = (tx.now(), tx.context().actor.id, !meant.named.is_empty());
    tx.exec_one(names.insert, &[&id, change, &named, &meant.words, &meant.filter, reach, &by, &now]).await
}

/// Notes records that were named, each once; how many.
pub(super) async fn name(tx: &mut Tx, names: &Names, id: BulkRunId, records: &[Uuid]) -> Result<i64> {
    Ok(tx.exec(names.name, &[&id, &records]).await?.cast_signed())
}

/// Writes how many records a new run is about.
pub(super) async fn set_total(tx: &mut Tx, names: &Names, id: BulkRunId, total: i64) -> Result<()> {
    tx.exec_one(names.set_total, &[&id, &total]).await
}

row! {
    /// A row that is still to be done.
    #[derive(Debug, Clone)]
    pub(super) struct Waiting {
        pub place: i32,
        pub record: Option<Uuid>,
    }
}

/// The rows after a place.
pub(super) async fn waiting(tx: &mut Tx, names: &Names, id: BulkRunId, after: i32, limit: i64) -> Result<Vec<Waiting>> {
    tx.rows(names.waiting, &[&id, &after, &limit]).await
}

/// Notes what became of rows; both lists pair up. Whoever was erased in this moment leaves nothing to be put back.
pub(super) async fn settle<T: Serialize>(
    tx: &mut Tx,
    names: &Names,
    id: BulkRunId,
    rows: &[Waiting],
    fates: &[Fate<T>],
) -> Result<()> {
    let places: Vec<i32> = rows.iter().map(|row| row.place).collect();
    let outcomes: Vec<&str> = fates.iter().map(|fate| fate.outcome).collect();
    let reasons: Vec<&Option<String>> = fates.iter().map(|fate| &fate.reason).collect();
    let fields: Vec<&Option<String>> = fates.iter().map(|fate| &fate.field).collect();
    let kept = fates.iter().map(|fate| fate.trace.as_ref().map(serde_json::to_value).transpose());
    let traces: Vec<Option<Value>> = kept.collect::<Result<_, _>>().map_err(Error::internal)?;
    tx.exec(names.settle, &[&id, &places, &outcomes, &reasons, &fields, &traces]).await.map(drop)
}

/// Notes how far a locked run is.
pub(super) async fn advance(
    tx: &mut Tx,
    names: &Names,
    id: BulkRunId,
    place: i32,
    changed: i32,
    skipped: i32,
) -> Result<()> {
    let now = tx.now();
    tx.exec_one(names.advance, &[&id, &place, &changed, &skipped, &now]).await
}

/// Ends a locked run.
pub(super) async fn finish(
    tx: &mut Tx,
    names: &Names,
    id: BulkRunId,
    state: BulkRunState,
    error: Option<&str>,
    undo_until: DateTime<Utc>,
) -> Result<()> {
    let now = tx.now();
    tx.exec_one(names.finish, &[&id, &state.as_str(), &error, &now, &undo_until]).await
}

/// Begins the undo of a locked run, of records that these owners have.
pub(super) async fn start_undo(tx: &mut Tx, names: &Names, id: BulkRunId, reach: &Owners) -> Result<()> {
    let now = tx.now();
    tx.exec_one(names.start_undo, &[&id, reach, &now]).await
}

row! {
    /// A row that changed a record.
    #[derive(Debug, Clone)]
    pub(super) struct Changed {
        pub place: i32,
        pub record: Option<Uuid>,
        pub trace: Value,
    }
}

/// The rows after a place that changed a record and were not taken back.
pub(super) async fn changed(tx: &mut Tx, names: &Names, id: BulkRunId, after: i32, limit: i64) -> Result<Vec<Changed>> {
    tx.rows(names.changed, &[&id, &after, &limit]).await
}

/// Notes what an undo did about rows; both lists pair up.
pub(super) async fn settle_undo(
    tx: &mut Tx,
    names: &Names,
    id: BulkRunId,
    rows: &[Changed],
    fates: &[String],
) -> Result<()> {
    let places: Vec<i32> = rows.iter().map(|row| row.place).collect();
    tx.exec(names.settle_undo, &[&id, &places, &fates]).await.map(drop)
}

/// Notes how far an undo is.
pub(super) async fn advance_undo(
    tx: &mut Tx,
    names: &Names,
    id: BulkRunId,
    place: i32,
    undone: i32,
    kept: i32,
) -> Result<()> {
    let now = tx.now();
    tx.exec_one(names.advance_undo, &[&id, &place, &undone, &kept, &now]).await
}

/// Ends the undo of a locked run.
pub(super) async fn finish_undo(tx: &mut Tx, names: &Names, id: BulkRunId) -> Result<()> {
    let now = tx.now();
    tx.exec_one(names.finish_undo, &[&id, &now]).await
}

row! {
    /// By which words the records of a run were found, and what was written into them.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(super) struct Words {
        pub id: BulkRunId,
        pub q: String,
        pub filter: Vec<String>,
        pub change: Value,
    }
}

/// Runs that may mention one of these lower-case texts, or that search for a number; locked until the end of the transaction.
pub(super) async fn mentioning(tx: &mut Tx, names: &Names, mentions: &[String]) -> Result<Vec<Words>> {
    tx.rows(names.mentioning, &[&mentions]).await
}

/// Writes the words of locked runs.
pub(super) async fn reword(tx: &mut Tx, names: &Names, words: &[Words]) -> Result<()> {
    let row = |words: &Words| json!({ "id": words.id.0, "q": words.q, "filter": words.filter, "change": words.change });
    let (rows, now) = (Value::Array(words.iter().map(row).collect()), tx.now());
    tx.exec(names.reword, &[&rows, &now]).await.map(drop)
}

/// Removes the first rows of a run, at most so many; gives whether there may be more. Places follow each other.
pub(super) async fn forget(tx: &mut Tx, names: &Names, id: BulkRunId, limit: i32) -> Result<bool> {
    Ok(tx.exec(names.forget, &[&id, &limit]).await? > 0)
}
