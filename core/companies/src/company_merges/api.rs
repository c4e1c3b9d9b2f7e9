//! Merges over HTTP.
use super::{
    actions, db,
    model::{CompanyMerge, CompanyMergeId, CompanyMergeUndo, NewCompanyMerge},
};
use crate::{Read, Tags, Write};
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct CompanyMergesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl CompanyMergesApi {
    /// List merges of companies
    ///
    /// Filters: kept, state, created_at. Sort: created_at.
    #[oai(path = "/company-merges", method = "get")]
    async fn list_company_merges(
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
    ) -> Result<Json<Page<CompanyMerge>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Merge companies
    ///
    /// Everything that hangs on the merged companies (people, deals, notes, tasks, files, companies that belong to them and all
    /// else) hangs on the kept one afterwards; where both have the like, the kept one's stays and the other's is kept for an undo.
    /// The kept company's first person to ask stays that. Saved views that name a merged company name the kept one. Asked for a merged
    /// company, the API answers 404 `merged` with `merged_into`. 422 `cycle` and `too_deep` for a chosen parent that the hierarchy
    /// does not allow.
    #[oai(path = "/company-merges", method = "post")]
    async fn create_company_merge(&self, cx: Cx<Write>, body: Json<NewCompanyMerge>) -> Result<Created<CompanyMerge>> {
        let owners = cx.visible_owners();
        cx.create(async |tx| actions::merge(tx, body.0, &owners).await).await
    }

    /// Get a merge of companies
    #[oai(path = "/company-merges/:id", method = "get")]
    async fn get_company_merge(&self, cx: Cx<Read>, id: Path<CompanyMergeId>) -> Result<Json<CompanyMerge>> {
        let owners = cx.visible_owners();
        cx.read(async |tx| db::find(tx, id.0, &owners).await).await.map(Json)
    }

    /// Undo a merge of companies
    ///
    /// Every row is as it was before. What was added since stays with the kept company; what was removed or changed since stays so,
    /// and `missing` and `edited` count it. 409: `merge_undone`, `merge_later`, `kept_merged`, `kept_deleted`, `value_taken`,
    /// `hierarchy_changed` (the companies would be above themselves); `merge_edited` when fields of the kept company were changed
    /// since, unless `keep_edits`.
    #[oai(path = "/company-merges/:id/undo", method = "post")]
    async fn create_company_merge_undo(
        &self,
        cx: Cx<Write>,
        id: Path<CompanyMergeId>,
        body: Json<CompanyMergeUndo>,
    ) -> Result<Json<CompanyMerge>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::undo(tx, id.0, body.0, &owners).await).await
    }
}
