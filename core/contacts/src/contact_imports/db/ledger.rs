//! What became of the rows of a file.
use crate::{
    contact_imports::model::{ContactImportId, ContactImportRow, ImportReason},
    contacts::{ContactId, Owners},
};
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql, contains},
    http::Page,
    row, sql,
};
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Rows with the names of contacts in reach.
const LIST: ListSpec = ListSpec {
    select: "select r.line, r.outcome, r.contact_id as contact, c.display_name as contact_name, r.reason, r.column_name, r.same_as, r.undo \
        from contact_import_rows r left join contacts c on c.id = r.contact_id and c.deleted_at is null",
    // A line stands once in an import, so nothing is left for this to order.
    id: "r.import_id",
    always: "",
    fields: &[
        Field { name: "line", sql: "r.line", kind: FieldKind::Int, sort: Some("r.line") },
        Field { name: "outcome", sql: "r.outcome", kind: FieldKind::Text, sort: None },
        Field { name: "undo", sql: "r.undo", kind: FieldKind::Text, sort: None },
    ],
    default_sort: "line",
};

/// Notes what becomes of rows; contacts that change are kept as they are now, so this comes before their change.
pub async fn insert(tx: &mut Tx, id: ContactImportId, rows: &Value) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into contact_import_rows (import_id, line, outcome, contact_id, reason, column_name, same_as, cells, before)
         select $1, r.line, r.outcome, r.contact_id, r.reason, r.column_name, r.same_as, r.cells,
           case when r.outcome = 'updated' then jsonb_build_object(
             'contact', (select to_jsonb(c) from contacts c where c.id = r.contact_id),
             'emails', (select coalesce(jsonb_agg(to_jsonb(e) order by e.position), '[]') from contact_emails e where e.contact_id = r.contact_id),
             'phones', (select coalesce(jsonb_agg(to_jsonb(p) order by p.position), '[]') from contact_phones p where p.contact_id = r.contact_id)) end
         from jsonb_populate_recordset(null::contact_import_rows, $2) r"
    );
    tx.exec(INSERT, &[&id, rows]).await.map(|_| ())
}

row! {
    /// Where a contact stands in a file.
    pub struct Place {
        pub contact: Option<ContactId>,
        pub line: i32,
    }
}

/// Earlier rows of an import with one of these contacts.
pub async fn places(tx: &mut Tx, id: ContactImportId, contacts: &[ContactId]) -> Result<Vec<Place>> {
    // Contact by contact, and by nothing else: an index of the import would be read whole for each of them, and it looks short to
    // Postgres until the rows of this import were counted.
    const PLACES: Sql = sql!(
        "select r.contact_id as contact, r.line from unnest($2::uuid[]) as u(id) cross join lateral (
           select k.contact_id, k.import_id, k.outcome, k.line from contact_import_rows k where k.contact_id = u.id offset 0) r
         where r.import_id = $1 and r.outcome in ('created', 'updated', 'unchanged') order by r.line desc"
    );
    tx.rows(PLACES, &[&id, &contacts]).await
}

/// What became of rows. Names are those of contacts in reach.
pub async fn list(
    tx: &mut Tx,
    id: ContactImportId,
    query: &ListQuery,
    owners: &Owners,
) -> Result<Page<ContactImportRow>> {
    let mut page: Page<ContactImportRow> = tx.list(&LIST, query, &[Clause("r.import_id = ?", &id, Type::UUID)]).await?;
    if let Some(owners) = owners {
        const REACHED: Sql = sql!("select id from contacts where id = any($1) and owner_id = any($2)");
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

/// Why rows did not come in, the most frequent first.
pub async fn reasons(tx: &mut Tx, id: ContactImportId) -> Result<Vec<ImportReason>> {
    const REASONS: Sql = sql!(
        "select coalesce(reason, '') as reason, column_name as column, count(*)::int as count, min(line) as first_line from contact_import_rows
         where import_id = $1 and outcome in ('skipped', 'failed') and reason is not null group by 1, 2 order by 3 desc, 4 limit 50"
    );
    tx.rows(REASONS, &[&id]).await
}

row! {
    /// A row that did not come in, as it was.
    pub struct Refused {
        pub line: i32,
        pub reason: Option<String>,
        pub column_name: Option<String>,
        pub same_as: Option<i32>,
        pub cells: Option<Value>,
    }
}

/// Rows after a line that did not come in.
pub async fn refused(tx: &mut Tx, id: ContactImportId, after: i32, limit: i64) -> Result<Vec<Refused>> {
    const REFUSED: Sql = sql!(
        "select line, reason, column_name, same_as, cells from contact_import_rows
         where import_id = $1 and line > $2 and outcome in ('skipped', 'failed') and cells is not null order by line limit $3"
    );
    tx.rows(REFUSED, &[&id, &after, &limit]).await
}

row! {
    /// A row that an undo takes back.
    pub struct Done {
        pub line: i32,
        pub contact: Option<ContactId>,
        pub outcome: String,
        /// How often the contact had been edited before, for one that was changed.
        pub edits_before: Option<i64>,
    }
}

/// Rows after a line that made or changed a contact.
pub async fn done(tx: &mut Tx, id: ContactImportId, after: i32, limit: i64) -> Result<Vec<Done>> {
    const DONE: Sql = sql!(
        "select line, contact_id as contact, outcome, (before -> 'contact' ->> 'version')::bigint
           - coalesce((before -> 'contact' ->> 'derived')::bigint, 0) as edits_before from contact_import_rows
         where import_id = $1 and line > $2 and outcome in ('created', 'updated') order by line limit $3"
    );
    tx.rows(DONE, &[&id, &after, &limit]).await
}

/// Notes what an undo did with rows; what was restored need not be kept any more.
pub async fn set_undo(tx: &mut Tx, id: ContactImportId, lines: &[i32], undo: &[&str]) -> Result<()> {
    const SET: Sql = sql!(
        "update contact_import_rows r set undo = u.undo, before = case when u.undo = 'restored' then null else r.before end
         from unnest($2::int[], $3::text[]) as u(line, undo) where r.import_id = $1 and r.line = u.line"
    );
    tx.exec(SET, &[&id, &lines, &undo]).await.map(|_| ())
}

/// Forgets what rows said and what contacts were before, some rows at a time; gives whether there may be more.
pub async fn forget(tx: &mut Tx, id: ContactImportId, batch: i64) -> Result<bool> {
    const FORGET: Sql = sql!(
        "update contact_import_rows set cells = null, before = null where import_id = $1 and line in (
           select line from contact_import_rows where import_id = $1 and (cells is not null or before is not null) limit $2)"
    );
    Ok(tx.exec(FORGET, &[&id, &batch]).await?.cast_signed() == batch)
}

row! {
    /// A row that made or changed a contact, for the person it is about.
    pub struct About {
        pub import_id: ContactImportId,
        pub file_name: String,
        pub line: i32,
        pub outcome: String,
        pub cells: Option<Value>,
        pub before: Option<Value>,
    }
}

/// Rows about a contact.
pub async fn about(tx: &mut Tx, contact: ContactId) -> Result<Vec<About>> {
    const ABOUT: Sql = sql!(
        "select r.import_id, i.file_name, r.line, r.outcome, r.cells, r.before from contact_import_rows r join contact_imports i on i.id = r.import_id
         where r.contact_id = $1 order by r.import_id, r.line"
    );
    tx.rows(ABOUT, &[&contact]).await
}

/// Forgets what rows say about a person: those of the contact, and those that did not come in and name one of the
/// addresses. Gives how many there were, and whose they are.
pub async fn erase(tx: &mut Tx, contact: ContactId, addresses: &[String]) -> Result<(u64, Vec<Uuid>)> {
    const FIND: Sql = sql!(
        "select k.import_id, k.line from contact_import_rows k where k.contact_id = $1
         union
         select k.import_id, k.line from unnest($2::text[], $3::text[]) as a(address, pattern),
           lateral (select x.import_id, x.line, x.cells from contact_import_rows x
             where x.cells is not null and lower(x.cells::text) like a.pattern offset 0) k
         where exists (select from jsonb_array_elements_text(k.cells) as c(cell) where position(a.address in lower(c.cell)) > 0)"
    );
    const ERASE: Sql = sql!(
        "update contact_import_rows r set cells = null, before = null, contact_id = null
         from unnest($1::uuid[], $2::int[]) as n(import_id, line) where r.import_id = n.import_id and r.line = n.line"
    );
    row! { struct Place { import_id: Uuid, line: i32 } }
    let patterns: Vec<String> = addresses.iter().map(|address| written(address)).collect();
    let places: Vec<Place> = tx.rows(FIND, &[&contact, &addresses, &patterns]).await?;
    let mut imports: Vec<Uuid> = places.iter().map(|place| place.import_id).collect();
    let lines: Vec<i32> = places.iter().map(|place| place.line).collect();
    let count = tx.exec(ERASE, &[&imports, &lines]).await?;
    imports.sort_unstable();
    imports.dedup();
    Ok((count, imports))
}

/// A pattern that the text of cells has in which an address stands: an index finds it there.
fn written(address: &str) -> String {
    let quoted = Value::from(address).to_string();
    contains(&quoted[1..quoted.len() - 1])
}
