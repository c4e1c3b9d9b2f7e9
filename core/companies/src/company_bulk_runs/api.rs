//! Bulk runs over companies over HTTP.
use super::{
    actions::{self, CompanyBulkRuns},
    model::{CompanyBulkRun, CompanyBulkRunRow, CompanyCount, NewCompanyBulkRun},
};
use crate::companies::many;
use crate::{Delete, MassUpdate, Read, Tags};
use identity::members;
use kernel::{
    Cx, Result,
    bulk::{self, BulkRunId, MOST},
    db::ListQuery,
    http::{Created, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct CompanyBulkRunsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl CompanyBulkRunsApi {
    /// Count companies
    ///
    /// Those that a list with these words and filters shows, counted no further than 500,001.
    #[oai(path = "/companies/count", method = "get")]
    async fn count_companies(
        &self,
        cx: Cx<Read>,
        /// Words that each company holds, at most 100 characters.
        q: Query<Option<String>>,
        /// Companies that were deleted and can be restored, instead of the others.
        #[oai(default)]
        deleted: Query<bool>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<CompanyCount>> {
        let words = q.0.unwrap_or_default().trim().chars().take(100).collect();
        let wish = many::Asked { filter: filter.0, words, deleted: deleted.0, excluded: vec![] };
        let owners = cx.visible_owners();
        let count = cx.read(async |tx| many::count(tx, &wish, &owners, MOST + 1).await).await?;
        Ok(Json(CompanyCount { count }))
    }

    /// List bulk runs over companies
    ///
    /// Those that the caller began; with `companies.mass_update` for teams or all, those of their members too. Filters: state,
    /// created_at. Sort: created_at.
    #[oai(path = "/company-bulk-runs", method = "get")]
    async fn list_company_bulk_runs(
        &self,
        cx: Cx<MassUpdate>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<CompanyBulkRun>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let members = cx.visible_owners();
        cx.read(async |tx| bulk::list::<CompanyBulkRuns>(tx, &query, &members).await).await.map(Json)
    }

    /// Begin a bulk run over companies
    ///
    /// One change to the companies that are named, or to all that match in this moment; what fits later is not touched. It is done in
    /// the background, in batches: ask for the run to see how far it is. Each company is changed as if it were changed alone, as far
    /// as it is in reach then, with the same events in the caller's name. 422 `nothing_matches`, or `too_many` for more than 500,000.
    #[oai(path = "/company-bulk-runs", method = "post")]
    async fn create_company_bulk_run(
        &self,
        cx: Cx<MassUpdate>,
        body: Json<NewCompanyBulkRun>,
    ) -> Result<Created<CompanyBulkRun>> {
        members::require(&cx, "/change/owner", body.0.change.owner.value().copied().into_iter().collect()).await?;
        bulk::check_deleting::<Delete, _>(&cx, body.0.change.deleted.is_some())?;
        let reach = bulk::reach::<Read>(&cx);
        cx.create(async |tx| actions::create(tx, body.0, &reach).await).await
    }

    /// Get a bulk run over companies
    #[oai(path = "/company-bulk-runs/:id", method = "get")]
    async fn get_company_bulk_run(&self, cx: Cx<MassUpdate>, id: Path<BulkRunId>) -> Result<Json<CompanyBulkRun>> {
        let members = cx.visible_owners();
        cx.read(async |tx| bulk::find::<CompanyBulkRuns>(tx, id.0, &members).await).await.map(Json)
    }

    /// List what became of the companies of a bulk run
    ///
    /// Filters: place, outcome, reason, undo. Sort: place. Kept for 30 days after the end of the run.
    #[oai(path = "/company-bulk-runs/:id/rows", method = "get")]
    async fn list_company_bulk_run_rows(
        &self,
        cx: Cx<MassUpdate>,
        id: Path<BulkRunId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<CompanyBulkRunRow>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let (members, reach) = (cx.visible_owners(), bulk::reach::<Read>(&cx));
        cx.read(async |tx| bulk::rows::<CompanyBulkRuns>(tx, id.0, &query, &members, &reach).await).await.map(Json)
    }

    /// Stop a bulk run over companies
    ///
    /// What it did stays, and can be undone. 409 `run_over` and the like when it is not at work.
    #[oai(path = "/company-bulk-runs/:id/cancellation", method = "post")]
    async fn create_company_bulk_run_cancellation(
        &self,
        cx: Cx<MassUpdate>,
        id: Path<BulkRunId>,
    ) -> Result<Json<CompanyBulkRun>> {
        let members = cx.visible_owners();
        cx.act(async |tx| bulk::cancel::<CompanyBulkRuns>(tx, id.0, &members).await).await
    }

    /// Undo a bulk run over companies
    ///
    /// In the background, within 30 days of its end. Puts back exactly what the run changed: what else was changed about a company
    /// since stays, and a company of which somebody has changed the same since is left as it is, and its row says so. 409 `run_running`, `run_undone`, `undo_over`.
    #[oai(path = "/company-bulk-runs/:id/undo", method = "post")]
    async fn create_company_bulk_run_undo(
        &self,
        cx: Cx<MassUpdate>,
        id: Path<BulkRunId>,
    ) -> Result<Json<CompanyBulkRun>> {
        let (members, reach) = (cx.visible_owners(), bulk::reach::<Read>(&cx));
        let run = cx.read(async |tx| bulk::find::<CompanyBulkRuns>(tx, id.0, &members).await).await?;
        bulk::check_deleting::<Delete, _>(&cx, run.change.deleted.is_some())?;
        cx.act(async |tx| bulk::undo::<CompanyBulkRuns>(tx, id.0, &members, &reach).await).await
    }
}
