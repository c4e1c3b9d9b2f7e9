//! What became of companies, read; runs and their rows are written by `kernel::bulk`, and the statements on the companies that
//! they change are in `companies/db/many.rs`.
use super::model::CompanyBulkRunRow;
use kernel::{
    Result, Tx,
    bulk::{self, BulkRow},
    db::{ListSpec, Sql},
    sql,
};
use uuid::Uuid;

impl BulkRow for CompanyBulkRunRow {
    const LIST: ListSpec = ListSpec {
        select: "select r.place, r.company_id as company, c.name as company_name, r.outcome, r.reason, \
            coalesce(string_to_array(r.field, ' '), '{}') as fields, r.undo \
            from company_bulk_run_rows r left join companies c on c.id = r.company_id and c.deleted_at is null",
        id: "r.run_id",
        always: "",
        fields: bulk::db::ROW_FIELDS,
        default_sort: "place",
    };

    fn record(&self) -> Option<Uuid> {
        self.company.map(|id| id.0)
    }

    fn hide(&mut self) {
        (self.company, self.company_name) = (None, None);
    }
}

/// Forgets what runs remember that says one of these texts: it is never put back.
pub(crate) async fn forget(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    const FORGET: Sql = sql!(
        "update company_bulk_run_rows r set company_id = null, trace = null where r.trace is not null
           and exists (select from unnest($1::text[]) as m(mention) where position(lower(m.mention) in lower(r.trace::text)) > 0)"
    );
    tx.exec(FORGET, &[&mentions]).await
}
