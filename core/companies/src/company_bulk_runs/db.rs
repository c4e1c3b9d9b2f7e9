//! What became of companies, read; runs and their rows are written by `kernel::bulk`, and the statements on the companies that
//! they change are in `companies/db/many.rs`.
use super::model::CompanyBulkRunRow;
use crate::companies::CompanyId;
use contacts::Owners;
use kernel::{
    Result, Tx,
    bulk::{self, BulkRunId},
    db::{Clause, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;

/// Rows with the names of their companies.
const ROWS: ListSpec = ListSpec {
    select: "select r.place, r.company_id as company, c.name as company_name, r.outcome, r.reason, \
        coalesce(string_to_array(r.field, ' '), '{}') as fields, r.undo \
        from company_bulk_run_rows r left join companies c on c.id = r.company_id and c.deleted_at is null",
    id: "r.run_id",
    always: "",
    fields: bulk::db::ROW_FIELDS,
    default_sort: "place",
};

/// What became of the rows. Companies that are out of reach are not named.
pub(super) async fn rows(
    tx: &mut Tx,
    id: BulkRunId,
    query: &ListQuery,
    owners: &Owners,
) -> Result<Page<CompanyBulkRunRow>> {
    const REACHED: Sql = sql!("select id from companies where id = any($1) and owner_id = any($2)");
    let mut page: Page<CompanyBulkRunRow> = tx.list(&ROWS, query, &[Clause("r.run_id = ?", &id, Type::UUID)]).await?;
    if owners.is_some() {
        let ids: Vec<CompanyId> = page.items.iter().filter_map(|row| row.company).collect();
        let reached: Vec<CompanyId> = tx.values(REACHED, &[&ids, owners]).await?;
        for row in &mut page.items {
            if row.company.is_some_and(|id| !reached.contains(&id)) {
                (row.company, row.company_name) = (None, None);
            }
        }
    }
    Ok(page)
}

/// Forgets what runs remember that says one of these texts: it is never put back.
pub(crate) async fn forget(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    const FORGET: Sql = sql!(
        "update company_bulk_run_rows r set company_id = null, trace = null where r.trace is not null
           and exists (select from unnest($1::text[]) as m(mention) where position(lower(m.mention) in lower(r.trace::text)) > 0)"
    );
    tx.exec(FORGET, &[&mentions]).await
}
