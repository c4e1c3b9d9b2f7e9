//! What became of deals, read; runs and their rows are written by `kernel::bulk`, and the statements on the deals that they
//! change are in `deals/db/many.rs`.
use super::model::DealBulkRunRow;
use crate::deals::DealId;
use contacts::ContactId;
use kernel::{
    Result, Tx,
    bulk::{self, BulkRow},
    db::{ListSpec, Sql},
    row, sql,
};
use serde_json::Value;
use uuid::Uuid;

impl BulkRow for DealBulkRunRow {
    const LIST: ListSpec = ListSpec {
        select: "select r.place, r.deal_id as deal, d.title as deal_title, r.outcome, r.reason, \
            coalesce(string_to_array(r.field, ' '), '{}') as fields, r.undo \
            from deal_bulk_run_rows r left join deals d on d.id = r.deal_id and d.deleted_at is null",
        id: "r.run_id",
        always: "",
        fields: bulk::db::ROW_FIELDS,
        default_sort: "place",
    };

    fn record(&self) -> Option<Uuid> {
        self.deal.map(|id| id.0)
    }

    fn hide(&mut self) {
        (self.deal, self.deal_title) = (None, None);
    }
}

row! {
    /// What a run did to a deal.
    pub(crate) struct About {
        pub run: Uuid,
        pub deal: Option<DealId>,
        pub outcome: Option<String>,
        pub trace: Option<Value>,
        pub undo: Option<String>,
    }
}

/// What runs remember of the deals that a contact is on.
pub(crate) async fn about(tx: &mut Tx, contact: ContactId) -> Result<Vec<About>> {
    const ABOUT: Sql = sql!(
        "select r.run_id as run, r.deal_id as deal, r.outcome, r.trace, r.undo from deal_bulk_run_rows r
         where r.deal_id in (select dc.deal_id from deal_contacts dc where dc.contact_id = $1) order by r.run_id, r.place"
    );
    tx.rows(ABOUT, &[&contact]).await
}

/// Forgets what runs remember of deals whose words were erased, or that says one of these texts: it is never put back. The deals
/// are locked, as by whoever changes them.
pub(crate) async fn forget(tx: &mut Tx, deals: &[DealId], mentions: &[String]) -> Result<u64> {
    const FORGET: Sql = sql!(
        "update deal_bulk_run_rows r set deal_id = null, trace = null where r.trace is not null and (r.deal_id = any($1)
           or exists (select from unnest($2::text[]) as m(mention) where position(lower(m.mention) in lower(r.trace::text)) > 0))"
    );
    tx.exec(FORGET, &[&deals, &mentions]).await
}
