//! Every statement on imports; those on their rows and on the contacts that they write are in `ledger.rs`.
pub mod contacts;
pub mod ledger;
pub mod traces;

use super::model::{ContactImport, ContactImportId, ImportBrought, ImportCheck, ImportColumn, ImportOptions, Reaches};
use crate::contacts::Owners;
use chrono::{DateTime, Utc};
use files::FileId;
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql, contains},
    http::Page,
    ids::UserId,
    row, sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Every import.
const LIST: ListSpec = ListSpec {
    select: "select i.id, i.file_name, i.file_size, i.kind, i.encoding, i.delimiter, i.sheet, i.sheets, i.has_header, i.columns, i.options, i.check_result, \
        i.state, i.rows_total, i.rows_done, i.created, i.updated, i.unchanged, i.skipped, i.failed, i.brought, i.undone, i.kept, i.error, i.created_by, i.created_at, \
        i.started_at, i.finished_at, i.undone_at, i.undo_until, i.file_gone_at, i.version from contact_imports i",
    id: "i.id",
    always: "",
    fields: &[
        Field { name: "state", sql: "i.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "i.created_at", kind: FieldKind::Time, sort: Some("i.created_at") },
    ],
    default_sort: "-created_at",
};

/// Imports that these people started; everybody's when `None`.
pub async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<ContactImport>> {
    tx.list(&LIST, query, &within(owners)).await
}

/// Gets the whole list ready for a file, the oldest import first.
pub async fn open(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<u64> {
    const SHEET: ListSpec = ListSpec { default_sort: "created_at", ..LIST };
    tx.open_whole(&SHEET, &[], query, &within(owners)).await
}

fn within(owners: &Owners) -> Vec<Clause<'_>> {
    owners.iter().map(|owners| Clause("i.created_by = any(?)", owners, Type::UUID_ARRAY)).collect()
}

/// The import, if it is in reach.
pub async fn find(tx: &mut Tx, id: ContactImportId, owners: &Owners) -> Result<ContactImport> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = vec![Clause("i.id = ?", &id, Type::UUID)];
    if owners.is_some() {
        clauses.push(Clause("i.created_by = any(?)", owners, Type::UUID_ARRAY));
    }
    let page: Page<ContactImport> = tx.list(&LIST, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

row! {
    /// What a run needs to know.
    #[derive(Debug, Clone)]
    pub struct Run {
        pub id: ContactImportId,
        pub state: String,
        pub original_id: FileId,
        pub source_id: FileId,
        pub kind: String,
        pub encoding: String,
        pub delimiter: String,
        pub has_header: bool,
        pub columns: Vec<ImportColumn>,
        pub options: ImportOptions,
        pub position: i64,
        pub line: i32,
        pub rows_total: i32,
        pub rows_done: i32,
        pub jump: i64,
        pub reach: Option<Vec<Uuid>>,
        pub reaches: Reaches,
        pub brought: ImportBrought,
        pub undo_line: i32,
        pub touched: String,
        pub tags_made: Vec<Uuid>,
        pub erases_file: bool,
        pub created_by: Option<UserId>,
        pub undo_until: Option<DateTime<Utc>>,
        pub file_gone_at: Option<DateTime<Utc>>,
        pub version: i64,
    }
}

/// How far an import is.
pub async fn run(tx: &mut Tx, id: ContactImportId) -> Result<Run> {
    const RUN: Sql = sql!(
        "select id, state, original_id, source_id, kind, encoding, delimiter, has_header, columns, options, position, line, rows_total, rows_done, jump,
           reach, reaches, brought, undo_line, touched, tags_made, erases_file, created_by, undo_until, file_gone_at, version
         from contact_imports where id = $1"
    );
    tx.row(RUN, &[&id]).await
}

/// How the statements of a batch run, until the end of the transaction. Each is planned for the tables as they are now: plans
/// that were kept while they were small would read them whole for each row of a batch, and nobody has counted the new rows yet.
/// That holds for what the database asks itself to check references as well, which must not be planned anew for each row:
/// that was a fifth of an import. No statement calls others to help: to start them takes longer than a batch's work, and takes
/// the processor from those who wait. Nobody waits for the disk: rows and the place in the file are in one transaction, so what a
/// crash of the server takes back is done again.
pub(crate) async fn run_as_batch(tx: &mut Tx) -> Result<()> {
    const SETTINGS: Sql = sql!(
        "select concat(set_config('max_parallel_workers_per_gather', '0', true), set_config('synchronous_commit', 'off', true))"
    );
    tx.exec(sql!("discard plans"), &[]).await?;
    tx.value::<String>(SETTINGS, &[]).await.map(drop)
}

/// The same, locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: ContactImportId, owners: &Owners) -> Result<Run> {
    const LOCK: Sql = sql!(
        "select id, state, original_id, source_id, kind, encoding, delimiter, has_header, columns, options, position, line, rows_total, rows_done, jump,
           reach, reaches, brought, undo_line, touched, tags_made, erases_file, created_by, undo_until, file_gone_at, version
         from contact_imports where id = $1 and ($2::uuid[] is null or created_by = any($2)) for update"
    );
    tx.row(LOCK, &[&id, owners]).await
}

/// Whether rows of a file are coming in.
pub async fn any_running(tx: &mut Tx) -> Result<bool> {
    tx.value(sql!("select exists (select from contact_imports where state = 'running')"), &[]).await
}

/// A file as it was looked at.
pub struct Looked<'a> {
    pub source_id: FileId,
    pub kind: &'a str,
    pub encoding: &'a str,
    pub delimiter: &'a str,
    pub sheet: Option<&'a str>,
    pub sheets: &'a [String],
    pub has_header: bool,
    pub columns: &'a [ImportColumn],
    pub rows_total: i32,
}

/// A new import.
pub async fn insert(
    tx: &mut Tx,
    id: ContactImportId,
    file: &files::File,
    looked: &Looked<'_>,
    options: &ImportOptions,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into contact_imports (id, file_name, file_size, sha256, original_id, source_id, kind, encoding, delimiter, sheet, sheets, has_header, columns,
           options, rows_total, created_by, created_at, updated_at)
         values ($1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)"
    );
    let (now, actor) = (tx.now(), tx.context().actor);
    tx.exec_one(
        INSERT,
        &[
            &id,
            &file.name,
            &file.size,
            &file.sha256,
            &file.id,
            &looked.source_id,
            &looked.kind,
            &looked.encoding,
            &looked.delimiter,
            &looked.sheet,
            &looked.sheets,
            &looked.has_header,
            &looked.columns,
            options,
            &looked.rows_total,
            &actor.id,
            &now,
        ],
    )
    .await
}

/// Writes how the file of a locked import is read.
pub async fn set_looked(tx: &mut Tx, id: ContactImportId, looked: &Looked<'_>) -> Result<()> {
    const SET: Sql = sql!(
        "update contact_imports set source_id = $2, encoding = $3, delimiter = $4, sheet = $5, sheets = $6, has_header = $7, columns = $8, rows_total = $9 where id = $1"
    );
    tx.exec_one(
        SET,
        &[
            &id,
            &looked.source_id,
            &looked.encoding,
            &looked.delimiter,
            &looked.sheet,
            &looked.sheets,
            &looked.has_header,
            &looked.columns,
            &looked.rows_total,
        ],
    )
    .await
}

/// Writes what columns say and how rows become contacts; what was tried before counts no more.
pub async fn set_plan(
    tx: &mut Tx,
    id: ContactImportId,
    columns: &[ImportColumn],
    options: &ImportOptions,
) -> Result<()> {
    const SET: Sql = sql!(
        "update contact_imports set columns = $2, options = $3, check_result = null, state = 'draft', updated_at = $4, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(SET, &[&id, &columns, options, &now]).await
}

/// Writes the state of a locked import.
pub async fn set_state(tx: &mut Tx, id: ContactImportId, state: &str) -> Result<()> {
    const SET: Sql =
        sql!("update contact_imports set state = $2, updated_at = $3, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(SET, &[&id, &state, &now]).await
}

/// Writes what a try found, unless something else was decided meanwhile.
pub async fn set_check(tx: &mut Tx, id: ContactImportId, version: i64, found: &ImportCheck) -> Result<()> {
    const SET: Sql = sql!(
        "update contact_imports set state = 'checked', check_result = $3, updated_at = $4, version = version + 1
         where id = $1 and version = $2 and state = 'checking'"
    );
    let now = tx.now();
    tx.exec(SET, &[&id, &version, found, &now]).await.map(|_| ())
}

/// Starts a locked import, or lets a stopped one go on.
pub async fn start(tx: &mut Tx, id: ContactImportId, reach: &Owners, jump: i64, again: bool) -> Result<()> {
    const START: Sql = sql!(
        "update contact_imports set state = 'running', reach = $2, jump = case when jump = 0 then $3 else jump end, is_again = $4, error = null,
           started_at = coalesce(started_at, $5), finished_at = null, updated_at = $5, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(START, &[&id, reach, &jump, &again, &now]).await.on_constraint("contact_imports_sha256_key", || {
        Error::conflict("file_imported", "The content of this file came in before. Undo that import, or start again.")
    })
}

/// Rows of one kind in a batch.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub created: i32,
    pub updated: i32,
    pub unchanged: i32,
    pub skipped: i32,
    pub failed: i32,
}

impl Counts {
    /// All of them.
    pub fn rows(&self) -> i32 {
        self.created + self.updated + self.unchanged + self.skipped + self.failed
    }
}

/// Notes how far a locked import is.
pub async fn advance(
    tx: &mut Tx,
    id: ContactImportId,
    position: i64,
    line: i32,
    counts: &Counts,
    tags_made: &[Uuid],
) -> Result<()> {
    const ADVANCE: Sql = sql!(
        "update contact_imports set position = $2, line = $3, rows_done = rows_done + $4, created = created + $5, updated = updated + $6,
           unchanged = unchanged + $7, skipped = skipped + $8, failed = failed + $9, tags_made = tags_made || $10, updated_at = $11, version = version + 1
         where id = $1"
    );
    let (now, rows) = (tx.now(), counts.rows());
    let Counts { created, updated, unchanged, skipped, failed } = counts;
    tx.exec_one(
        ADVANCE,
        &[&id, &position, &line, &rows, created, updated, unchanged, skipped, failed, &tags_made, &now],
    )
    .await
}

/// Ends a locked import.
pub async fn finish(
    tx: &mut Tx,
    id: ContactImportId,
    state: &str,
    error: Option<&str>,
    undo_until: DateTime<Utc>,
) -> Result<()> {
    const FINISH: Sql = sql!(
        "update contact_imports set state = $2, error = $3, finished_at = $4, undo_until = $5, updated_at = $4, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(FINISH, &[&id, &state, &error, &now, &undo_until]).await
}

/// Begins the undo of a locked import.
pub async fn start_undo(tx: &mut Tx, id: ContactImportId, touched: &str) -> Result<()> {
    const START: Sql = sql!(
        "update contact_imports set state = 'undoing', touched = $2, undo_line = 0, undo_started_at = $3, updated_at = $3, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(START, &[&id, &touched, &now]).await
}

/// Notes how far an undo is.
pub async fn advance_undo(tx: &mut Tx, id: ContactImportId, line: i32, undone: i32, kept: i32) -> Result<()> {
    const ADVANCE: Sql = sql!(
        "update contact_imports set undo_line = $2, undone = undone + $3, kept = kept + $4, updated_at = $5, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(ADVANCE, &[&id, &line, &undone, &kept, &now]).await
}

/// Ends the undo of a locked import.
pub async fn finish_undo(tx: &mut Tx, id: ContactImportId) -> Result<()> {
    const FINISH: Sql = sql!(
        "update contact_imports set state = 'undone', undone_at = $2, tags_made = '{}', updated_at = $2, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(FINISH, &[&id, &now]).await
}

/// Notes that the file of an import is gone.
pub async fn file_gone(tx: &mut Tx, id: ContactImportId) -> Result<()> {
    const GONE: Sql = sql!("update contact_imports set file_gone_at = $2 where id = $1 and file_gone_at is null");
    let now = tx.now();
    tx.exec(GONE, &[&id, &now]).await.map(|_| ())
}

/// Removes an import that was never started.
pub async fn delete(tx: &mut Tx, id: ContactImportId) -> Result<()> {
    tx.exec_one(sql!("delete from contact_imports where id = $1"), &[&id]).await
}

/// Says of running imports that their file has to go when they end.
pub async fn erase_later(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    const LATER: Sql =
        sql!("update contact_imports set erases_file = true where id = any($1) and state in ('running', 'checking')");
    tx.exec(LATER, &[&ids]).await.map(|_| ())
}

/// Takes out of imports what says one of these lower-case texts: names of files, and all names of columns where the row of a
/// person was taken for them. Gives which imports said one. Their versions stay, which a try that runs asks for.
pub async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<Vec<Uuid>> {
    const REDACT: Sql = sql!(
        "with said as (
           select i.id, lower(i.file_name) like any($1::text[]) as by_name,
             exists (select from unnest(i.columns) as c(said) where lower(c.said ->> 'name') like any($1::text[])) as by_columns
           from contact_imports i)
         update contact_imports i set file_name = case when s.by_name then '[erased]' else i.file_name end,
           columns = case when s.by_columns then array(select jsonb_set(c.said, '{name}', to_jsonb('Column ' || c.place))
             from unnest(i.columns) with ordinality as c(said, place) order by c.place) else i.columns end,
           check_result = case when s.by_columns then jsonb_set(i.check_result, '{reasons}', '[]') else i.check_result end
         from said s where s.id = i.id and (s.by_name or s.by_columns) returning i.id"
    );
    const ROWS: Sql = sql!(
        "update contact_import_rows r set column_name = null where r.import_id = any($1) and lower(r.column_name) like any($2)"
    );
    let patterns: Vec<String> = mentions.iter().map(|mention| contains(mention)).collect();
    let found: Vec<Uuid> = tx.values(REDACT, &[&patterns]).await?;
    tx.exec(ROWS, &[&found, &patterns]).await?;
    Ok(found)
}

/// Those of these imports whose file is there and needed no more.
pub async fn at_rest(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<ContactImportId>> {
    const AT_REST: Sql = sql!(
        "select id from contact_imports where id = any($1) and file_gone_at is null and state in ('cancelled', 'done', 'failed', 'undoing', 'undone')"
    );
    tx.values(AT_REST, &[&ids]).await
}

/// Removes tags that an import brought along, that nobody changed or merged another into, and no contact has.
pub async fn remove_tags(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    const REMOVE: Sql = sql!(
        "delete from tags t where t.id = any($1) and t.version = 1 and not exists (select from tag_aliases a where a.tag_id = t.id)
           and not exists (select from contacts c where c.deleted_at is null and c.tags @> array[t.name])
           and not exists (select from contacts c where c.deleted_at is not null and c.tags @> array[t.name])"
    );
    tx.exec(REMOVE, &[&ids]).await.map(|_| ())
}
