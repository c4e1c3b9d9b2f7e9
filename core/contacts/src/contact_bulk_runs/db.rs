//! What became of contacts, read; runs and their rows are written by `kernel::bulk`, and the statements on the contacts that they
//! change are in `contacts/db/many.rs`.
use super::model::ContactBulkRunRow;
use crate::contacts::{ContactId, Owners};
use chrono::{DateTime, Utc};
use kernel::{
    Result, Tx,
    bulk::{self, BulkRunId},
    db::{Clause, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Rows with the names of their contacts.
const ROWS: ListSpec = ListSpec {
    select: "select r.place, r.contact_id as contact, c.display_name as contact_name, r.outcome, r.reason, split_part(r.field, ' ', 1) as field, r.undo \
        from contact_bulk_run_rows r left join contacts c on c.id = r.contact_id and c.deleted_at is null",
    id: "r.run_id",
    always: "",
    fields: bulk::db::ROW_FIELDS,
    default_sort: "place",
};

/// What became of the rows. Contacts that are out of reach are not named.
pub(super) async fn rows(
    tx: &mut Tx,
    id: BulkRunId,
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
