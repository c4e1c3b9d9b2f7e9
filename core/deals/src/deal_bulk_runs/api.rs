//! Bulk runs over deals over HTTP.
use super::{
    actions::{self, DealBulkRuns},
    model::{DealBulkRun, DealBulkRunRow, DealCount, NewDealBulkRun},
};
use crate::deals::{Narrow, many};
use crate::pipelines::StageId;
use crate::{Delete, MassUpdate, Read, Tags};
use contacts::ContactId;
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

pub(crate) struct DealBulkRunsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl DealBulkRunsApi {
    /// Count deals
    ///
    /// Those that a list with these words and filters shows, counted no further than 500,001.
    #[oai(path = "/deals/count", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn count_deals(
        &self,
        cx: Cx<Read>,
        /// Words that each deal or one of its contacts holds, at most 100 characters.
        q: Query<Option<String>>,
        /// Deals on which this contact is.
        contact: Query<Option<ContactId>>,
        /// Deals that came to this stage: they were in it or in a later one of its pipeline, or were won.
        reached: Query<Option<StageId>>,
        /// Deals that were in this stage at some time.
        was_in: Query<Option<StageId>>,
        /// Deals that were deleted and can be restored, instead of the others.
        #[oai(default)]
        deleted: Query<bool>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<DealCount>> {
        let words = q.0.unwrap_or_default().trim().chars().take(100).collect();
        let narrow = Narrow { words, contact: contact.0, reached: reached.0, was_in: was_in.0 };
        let wish = many::Asked { narrow, filter: filter.0, deleted: deleted.0, excluded: vec![] };
        let owners = cx.visible_owners();
        let count = cx.read(async |tx| many::count(tx, &wish, &owners, MOST + 1).await).await?;
        Ok(Json(DealCount { count }))
    }

    /// List bulk runs over deals
    ///
    /// Those that the caller began; with `deals.mass_update` for teams or all, those of their members too. Filters: state,
    /// created_at. Sort: created_at.
    #[oai(path = "/deal-bulk-runs", method = "get")]
    async fn list_deal_bulk_runs(
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
    ) -> Result<Json<Page<DealBulkRun>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let members = cx.visible_owners();
        cx.read(async |tx| bulk::list::<DealBulkRuns>(tx, &query, &members).await).await.map(Json)
    }

    /// Begin a bulk run over deals
    ///
    /// One change to the deals that are named, or to all that match in this moment; what fits later is not touched. It is done in
    /// the background, in batches: ask for the run to see how far it is. Each deal is changed as if it were changed alone, as far
    /// as it is in reach then, with the same events in the caller's name; one that is closed or lacks what the stage asks for
    /// stays as it is, and its row says why. 422 `nothing_matches`, or `too_many` for more than 500,000.
    #[oai(path = "/deal-bulk-runs", method = "post")]
    async fn create_deal_bulk_run(
        &self,
        cx: Cx<MassUpdate>,
        body: Json<NewDealBulkRun>,
    ) -> Result<Created<DealBulkRun>> {
        members::require(&cx, "/change/owner", body.0.change.owner.value().copied().into_iter().collect()).await?;
        bulk::check_deleting::<Delete, _>(&cx, body.0.change.deleted.is_some())?;
        let reach = bulk::reach::<Read>(&cx);
        cx.create(async |tx| actions::create(tx, body.0, &reach).await).await
    }

    /// Get a bulk run over deals
    #[oai(path = "/deal-bulk-runs/:id", method = "get")]
    async fn get_deal_bulk_run(&self, cx: Cx<MassUpdate>, id: Path<BulkRunId>) -> Result<Json<DealBulkRun>> {
        let members = cx.visible_owners();
        cx.read(async |tx| bulk::find::<DealBulkRuns>(tx, id.0, &members).await).await.map(Json)
    }

    /// List what became of the deals of a bulk run
    ///
    /// Filters: place, outcome, reason, undo. Sort: place. Kept for 30 days after the end of the run.
    #[oai(path = "/deal-bulk-runs/:id/rows", method = "get")]
    async fn list_deal_bulk_run_rows(
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
    ) -> Result<Json<Page<DealBulkRunRow>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let (members, reach) = (cx.visible_owners(), bulk::reach::<Read>(&cx));
        cx.read(async |tx| bulk::rows::<DealBulkRuns>(tx, id.0, &query, &members, &reach).await).await.map(Json)
    }

    /// Stop a bulk run over deals
    ///
    /// What it did stays, and can be undone. 409 `run_over` and the like when it is not at work.
    #[oai(path = "/deal-bulk-runs/:id/cancellation", method = "post")]
    async fn create_deal_bulk_run_cancellation(
        &self,
        cx: Cx<MassUpdate>,
        id: Path<BulkRunId>,
    ) -> Result<Json<DealBulkRun>> {
        let members = cx.visible_owners();
        cx.act(async |tx| bulk::cancel::<DealBulkRuns>(tx, id.0, &members).await).await
    }

    /// Undo a bulk run over deals
    ///
    /// In the background, within 30 days of its end. Puts back exactly what the run changed: what else was changed about a deal
    /// since stays, and a deal of which somebody has changed the same since is left as it is, and its row says so. A deal that
    /// comes back to a stage that was taken away stands in the first one. 409 `run_running`, `run_undone`, `undo_over`.
    #[oai(path = "/deal-bulk-runs/:id/undo", method = "post")]
    async fn create_deal_bulk_run_undo(&self, cx: Cx<MassUpdate>, id: Path<BulkRunId>) -> Result<Json<DealBulkRun>> {
        let (members, reach) = (cx.visible_owners(), bulk::reach::<Read>(&cx));
        let run = cx.read(async |tx| bulk::find::<DealBulkRuns>(tx, id.0, &members).await).await?;
        bulk::check_deleting::<Delete, _>(&cx, run.change.deleted.is_some())?;
        cx.act(async |tx| bulk::undo::<DealBulkRuns>(tx, id.0, &members, &reach).await).await
    }
}
