//! Runs over HTTP.
use super::{
    actions::CompanyDuplicateRuns,
    model::{CompanyDuplicateRun, NAMES},
};
use crate::{MassUpdate, Read, Tags, Write};
use kernel::{
    Cx, Error, Result,
    db::ListQuery,
    duplicates::{self, DuplicateRunId, NewDuplicateRun},
    http::{Created, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct CompanyDuplicateRunsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl CompanyDuplicateRunsApi {
    /// List runs over duplicates of companies
    ///
    /// Filters: kind, state, created_at. Sort: created_at.
    #[oai(path = "/company-duplicate-runs", method = "get")]
    async fn list_company_duplicate_runs(
        &self,
        cx: Cx<Read>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<CompanyDuplicateRun>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| duplicates::db::list(tx, NAMES, &query).await).await.map(Json)
    }

    /// Begin a run over duplicates of companies
    ///
    /// `scan` compares all companies. `merge` merges every open pair that is sure enough into its older company, as far as both
    /// are in reach; it needs `companies.write` as far as `companies.mass_update`, and each merge can be undone. 409
    /// `run_running` while one of the kind is at work.
    #[oai(path = "/company-duplicate-runs", method = "post")]
    async fn create_company_duplicate_run(
        &self,
        cx: Cx<MassUpdate>,
        body: Json<NewDuplicateRun>,
    ) -> Result<Created<CompanyDuplicateRun>> {
        if cx.level_of::<Write>() < cx.level {
            return Err(Error::forbidden(
                "permission_missing",
                "This needs companies.write as far as companies.mass_update.",
            ));
        }
        let owners = cx.visible_owners();
        cx.create(async |tx| duplicates::begin::<CompanyDuplicateRuns>(tx, body.0, &owners).await).await
    }

    /// Get a run over duplicates of companies
    #[oai(path = "/company-duplicate-runs/:id", method = "get")]
    async fn get_company_duplicate_run(
        &self,
        cx: Cx<Read>,
        id: Path<DuplicateRunId>,
    ) -> Result<Json<CompanyDuplicateRun>> {
        cx.read(async |tx| duplicates::find::<CompanyDuplicateRuns>(tx, id.0).await).await.map(Json)
    }

    /// Stop a run over duplicates of companies
    ///
    /// What it did stays.
    #[oai(path = "/company-duplicate-runs/:id/cancellation", method = "post")]
    async fn create_company_duplicate_run_cancellation(
        &self,
        cx: Cx<MassUpdate>,
        id: Path<DuplicateRunId>,
    ) -> Result<Json<CompanyDuplicateRun>> {
        cx.act(async |tx| duplicates::cancel::<CompanyDuplicateRuns>(tx, id.0).await).await
    }
}
