//! Every statement on bulk runs and their rows; those on the contacts that they change are in `contacts/db/many.rs`.
use super::{
    actions::Fate,
    change::Trace,
    model::{ContactBulkChange, ContactBulkRun, ContactBulkRunId, ContactBulkRunRow, ContactBulkRunState},
};
use crate::contacts::{ContactId, Owners, many::Asked};
use chrono::{DateTime, Utc};
use kernel::{
    Error, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Every run, the latest first.
const LIST: ListSpec = ListSpec {
    select: "select u.id, u.change, u.is_named as named, nullif(u.q, '') as q, u.filter, u.state, u.total, u.done, u.changed, u.skipped, u.undone, u.kept, \
        u.error, u.created_by, u.created_at, u.finished_at, u.undone_at, u.undo_until, u.version from contact_bulk_runs u",
    id: "u.id",
    always: "",
    fields: &[
        Field { name: "state", sql: "u.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "u.created_at", kind: FieldKind::Time, sort: Some("u.created_at") },
    ],
    default_sort: "-created_at",
};

/// Runs that these members began; everybody's when `None`.
pub(super) async fn list(tx: &mut Tx, query: &ListQuery, members: &Owners) -> Result<Page<ContactBulkRun>> {
    let mut clauses = vec![];
    if members.is_some() {
        clauses.push(Clause("u.created_by = any(?)", members, Type::UUID_ARRAY));
    }
    tx.list(&LIST, query, &clauses).await
}

/// The run, if one of these members began it.
pub(super) async fn find(tx: &mut Tx, id: ContactBulkRunId, members: &Owners) -> Result<ContactBulkRun> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = vec![Clause("u.id = ?", &id, Type::UUID)];
    if members.is_some() {
        clauses.push(Clause("u.created_by = any(?)", members, Type::UUID_ARRAY));
    }
    let page: Page<ContactBulkRun> = tx.list(&LIST, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

row! {
    /// How far a run is.
    #[derive(Debug, Clone)]
    pub(super) struct Run {
        pub id: ContactBulkRunId,
        pub change: ContactBulkChange,
        pub state: ContactBulkRunState,
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
pub(super) async fn lock(tx: &mut Tx, id: ContactBulkRunId, members: &Owners) -> Result<Run> {
    const LOCK: Sql = sql!(
        "select id, change, state, reach, place, done, changed, skipped, undo_place, undone, kept, undo_until from contact_bulk_runs
         where id = $1 and ($2::uuid[] is null or created_by = any($2)) for update"
    );
    tx.row(LOCK, &[&id, members]).await
}

/// A new run over contacts that are still to be noted.
pub(super) async fn insert(
    tx: &mut Tx,
    id: ContactBulkRunId,
    change: &ContactBulkChange,
    wish: &Asked,
    named: bool,
    reach: &Owners,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into contact_bulk_runs (id, change, is_named, q, filter, reach, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
    );
    let (now, by) = (tx.now(), tx.context().actor.id);
    tx.exec_one(INSERT, &[&id, change, &named, &wish.words, &wish.filter, reach, &by, &now]).await
}

/// Until the end of the transaction a statement may take long: one that notes every contact of a large list does.
pub(super) async fn wait_for_long(tx: &mut Tx) -> Result<()> {
    const PATIENCE: Sql = sql!("select set_config('statement_timeout', '60000', true)");
    tx.value::<String>(PATIENCE, &[]).await.map(drop)
}

/// Notes contacts that were named, each once; how many.
pub(super) async fn name(tx: &mut Tx, id: ContactBulkRunId, contacts: &[ContactId]) -> Result<i64> {
    const NAME: Sql = sql!(
        "insert into contact_bulk_run_rows (run_id, place, contact_id)
         select $1, row_number() over (order by n.id)::int, n.id from (select distinct id from unnest($2::uuid[]) as given(id)) n"
    );
    Ok(tx.exec(NAME, &[&id, &contacts]).await?.cast_signed())
}

/// Writes how many contacts a new run is about.
pub(super) async fn set_total(tx: &mut Tx, id: ContactBulkRunId, total: i64) -> Result<()> {
    tx.exec_one(sql!("update contact_bulk_runs set total = $2::bigint::int where id = $1"), &[&id, &total]).await
}

row! {
    /// A row that is still to be done.
    #[derive(Debug, Clone)]
    pub(super) struct Waiting {
        pub place: i32,
        pub contact: Option<ContactId>,
    }
}

/// The rows after a place.
pub(super) async fn waiting(tx: &mut Tx, id: ContactBulkRunId, after: i32, limit: i64) -> Result<Vec<Waiting>> {
    const WAITING: Sql = sql!(
        "select place, contact_id as contact from contact_bulk_run_rows where run_id = $1 and place > $2 order by place limit $3"
    );
    tx.rows(WAITING, &[&id, &after, &limit]).await
}

/// Notes what became of rows; both lists pair up.
pub(super) async fn settle(tx: &mut Tx, id: ContactBulkRunId, rows: &[Waiting], fates: &[Fate]) -> Result<()> {
    const SETTLE: Sql = sql!(
        "update contact_bulk_run_rows r set outcome = n.outcome, reason = n.reason, field = n.field, trace = n.trace
         from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) as n(place, outcome, reason, field, trace)
         where r.run_id = $1 and r.place = n.place"
    );
    let places: Vec<i32> = rows.iter().map(|row| row.place).collect();
    let outcomes: Vec<&str> = fates.iter().map(|fate| fate.outcome).collect();
    let reasons: Vec<&Option<String>> = fates.iter().map(|fate| &fate.reason).collect();
    let fields: Vec<&Option<String>> = fates.iter().map(|fate| &fate.field).collect();
    // Whoever was erased in this moment leaves nothing to be put back.
    let traces = rows.iter().zip(fates).map(|(row, fate)| fate.trace.as_ref().filter(|_| row.contact.is_some()));
    let traces: Vec<Option<&Trace>> = traces.collect();
    tx.exec(SETTLE, &[&id, &places, &outcomes, &reasons, &fields, &traces]).await.map(|_| ())
}

/// Notes how far a locked run is.
pub(super) async fn advance(tx: &mut Tx, id: ContactBulkRunId, place: i32, changed: i32, skipped: i32) -> Result<()> {
    const ADVANCE: Sql = sql!(
        "update contact_bulk_runs set place = $2, done = done + $3 + $4, changed = changed + $3, skipped = skipped + $4, updated_at = $5,
           version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(ADVANCE, &[&id, &place, &changed, &skipped, &now]).await
}

/// Ends a locked run.
pub(super) async fn finish(
    tx: &mut Tx,
    id: ContactBulkRunId,
    state: ContactBulkRunState,
    error: Option<&str>,
    undo_until: DateTime<Utc>,
) -> Result<()> {
    const FINISH: Sql = sql!(
        "update contact_bulk_runs set state = $2, error = $3, finished_at = $4, undo_until = $5, updated_at = $4, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(FINISH, &[&id, &state.as_str(), &error, &now, &undo_until]).await
}

/// Begins the undo of a locked run, of contacts that these owners have.
pub(super) async fn start_undo(tx: &mut Tx, id: ContactBulkRunId, reach: &Owners) -> Result<()> {
    const START: Sql = sql!(
        "update contact_bulk_runs set state = 'undoing', reach = $2, error = null, updated_at = $3, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(START, &[&id, reach, &now]).await
}

row! {
    /// A row that changed somebody.
    #[derive(Debug, Clone)]
    pub(super) struct Changed {
        pub place: i32,
        pub contact: Option<ContactId>,
        pub trace: Trace,
    }
}

/// The rows after a place that changed somebody and were not taken back.
pub(super) async fn changed(tx: &mut Tx, id: ContactBulkRunId, after: i32, limit: i64) -> Result<Vec<Changed>> {
    const CHANGED: Sql = sql!(
        "select place, contact_id as contact, coalesce(trace, '{}') as trace from contact_bulk_run_rows
         where run_id = $1 and place > $2 and outcome = 'changed' and undo is null order by place limit $3"
    );
    tx.rows(CHANGED, &[&id, &after, &limit]).await
}

/// Notes what an undo did about rows; both lists pair up.
pub(super) async fn settle_undo(tx: &mut Tx, id: ContactBulkRunId, rows: &[Changed], fates: &[String]) -> Result<()> {
    const SETTLE: Sql = sql!(
        "update contact_bulk_run_rows r set undo = n.undo from unnest($2::int[], $3::text[]) as n(place, undo)
         where r.run_id = $1 and r.place = n.place"
    );
    let places: Vec<i32> = rows.iter().map(|row| row.place).collect();
    tx.exec(SETTLE, &[&id, &places, &fates]).await.map(|_| ())
}

/// Notes how far an undo is.
pub(super) async fn advance_undo(tx: &mut Tx, id: ContactBulkRunId, place: i32, undone: i32, kept: i32) -> Result<()> {
    const ADVANCE: Sql = sql!(
        "update contact_bulk_runs set undo_place = $2, undone = undone + $3, kept = kept + $4, updated_at = $5, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(ADVANCE, &[&id, &place, &undone, &kept, &now]).await
}

/// Ends the undo of a locked run.
pub(super) async fn finish_undo(tx: &mut Tx, id: ContactBulkRunId) -> Result<()> {
    const FINISH: Sql = sql!(
        "update contact_bulk_runs set state = 'undone', undone_at = $2, updated_at = $2, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(FINISH, &[&id, &now]).await
}

/// Rows with the names of their contacts.
const ROWS: ListSpec = ListSpec {
    select: "select r.place, r.contact_id as contact, c.display_name as contact_name, r.outcome, r.reason, r.field, r.undo \
        from contact_bulk_run_rows r left join contacts c on c.id = r.contact_id and c.deleted_at is null",
    id: "r.run_id",
    always: "",
    fields: &[
        Field { name: "place", sql: "r.place", kind: FieldKind::Int, sort: Some("r.place::bigint") },
        Field { name: "outcome", sql: "r.outcome", kind: FieldKind::Text, sort: None },
        Field { name: "reason", sql: "r.reason", kind: FieldKind::Text, sort: None },
        Field { name: "undo", sql: "r.undo", kind: FieldKind::Text, sort: None },
    ],
    default_sort: "place",
};

/// What became of the rows. Contacts that are out of reach are not named.
pub(super) async fn rows(
    tx: &mut Tx,
    id: ContactBulkRunId,
    query: &ListQuery,
    owners: &Owners,
) -> Result<Page<ContactBulkRunRow>> {
    const REACHED: Sql = sql!("select id from contacts where id = any($1) and owner_id = any($2)");
    let mut page: Page<ContactBulkRunRow> = tx.list(&ROWS, query, &[Clause("r.run_id = ?", &id, Type::UUID)]).await?;
    if owners.is_some() {
        let ids: Vec<ContactId> = page.items.iter().filter_map(|row| row.contact).collect();
        let reached: Vec<ContactId> = tx.values(REACHED, &[&ids, owners]).await?;
        for row in &mut page.items {
            if row.contact.is_some_and(|id| !reached.contains(&id)) {
                (row.contact, row.contact_name) = (None, None);
            }
        }
    }
    Ok(page)
}

/// Removes the first rows of a run, at most so many; gives whether there may be more. Places follow each other.
pub(super) async fn forget(tx: &mut Tx, id: ContactBulkRunId, limit: i32) -> Result<bool> {
    const FORGET: Sql = sql!(
        "delete from contact_bulk_run_rows where run_id = $1
           and place < (select min(place) from contact_bulk_run_rows where run_id = $1) + $2::int"
    );
    Ok(tx.exec(FORGET, &[&id, &limit]).await? > 0)
}

row! {
    /// A row about somebody.
    pub(super) struct About {
        pub run: Uuid,
        pub created_at: DateTime<Utc>,
        pub outcome: Option<String>,
        pub trace: Option<Value>,
        pub undo: Option<String>,
    }
}

/// Every row about a contact.
pub(super) async fn about(tx: &mut Tx, contact: ContactId) -> Result<Vec<About>> {
    const ABOUT: Sql = sql!(
        "select r.run_id as run, u.created_at, r.outcome, r.trace, r.undo from contact_bulk_run_rows r join contact_bulk_runs u on u.id = r.run_id
         where r.contact_id = $1 order by u.created_at, r.run_id"
    );
    tx.rows(ABOUT, &[&contact]).await
}

/// Takes a contact out of every row. It is locked first, as by whoever changes it: so a run and this never wait for each
/// other.
pub(super) async fn erase(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    const LOCK: Sql = sql!("select id from contacts where id = $1 for update");
    const ERASE: Sql = sql!("update contact_bulk_run_rows set contact_id = null, trace = null where contact_id = $1");
    tx.exec(LOCK, &[&contact]).await?;
    tx.exec(ERASE, &[&contact]).await
}
