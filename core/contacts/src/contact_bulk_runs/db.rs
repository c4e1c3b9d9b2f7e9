//! What became of contacts, read; runs and their rows are written by `kernel::bulk`, and the statements on the contacts that they
//! change are in `contacts/db/many.rs`.
use super::model::ContactBulkRunRow;
use crate::contacts::ContactId;
use chrono::{DateTime, Utc};
use kernel::{
    Result, Tx,
    bulk::{self, BulkRow},
    db::{ListSpec, Sql},
    row, sql,
};
use serde_json::Value;
use uuid::Uuid;

impl BulkRow for ContactBulkRunRow {
    const LIST: ListSpec = ListSpec {
        select: "select r.place, r.contact_id as contact, c.display_name as contact_name, r.outcome, r.reason, split_part(r.field, ' ', 1) as field, r.undo \
            from contact_bulk_run_rows r left join contacts c on c.id = r.contact_id and c.deleted_at is null",
        id: "r.run_id",
        always: "",
        fields: bulk::db::ROW_FIELDS,
        default_sort: "place",
    };

    fn record(&self) -> Option<Uuid> {
        self.contact.map(|id| id.0)
    }

    fn hide(&mut self) {
        (self.contact, self.contact_name) = (None, None);
    }
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
