//! Merges over HTTP.
use super::{
    actions, db,
    model::{ContactMerge, ContactMergeId, MergeUndo, NewContactMerge},
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
use tenants::plans::entitlements;

pub(crate) struct ContactMergesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl ContactMergesApi {
    /// List merges of contacts
    ///
    /// Filters: kept, state, created_at. Sort: created_at.
    #[oai(path = "/contact-merges", method = "get")]
    async fn list_contact_merges(
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
    ) -> Result<Json<Page<ContactMerge>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Merge contacts
    ///
    /// Everything that hangs on the merged contacts (notes, tasks, deals, files, answers, blocks, consents and all else)
    /// hangs on the kept one afterwards; where both have the like, the kept one's stays and the other's is kept for an undo.
    /// Blocks of either hold; of consents the latest word counts. A merge starts and cancels no follow-ups by a stage. Asked
    /// for a merged contact, the API answers 404 `merged` with `merged_into`. 409 `contact_on_hold` when a merged contact is
    /// under legal hold.
    #[oai(path = "/contact-merges", method = "post")]
    async fn create_contact_merge(&self, cx: Cx<Write>, body: Json<NewContactMerge>) -> Result<Created<ContactMerge>> {
        let owners = cx.visible_owners();
        cx.create(async |tx| actions::merge(tx, body.0, &owners).await).await
    }

    /// Get a merge of contacts
    #[oai(path = "/contact-merges/:id", method = "get")]
    async fn get_contact_merge(&self, cx: Cx<Read>, id: Path<ContactMergeId>) -> Result<Json<ContactMerge>> {
        let owners = cx.visible_owners();
        cx.read(async |tx| db::find(tx, id.0, &owners).await).await.map(Json)
    }

    /// Undo a merge of contacts
    ///
    /// Every row is as it was before. What was added since stays with the kept contact; what was removed or changed since
    /// stays so, and `missing` and `edited` count it. 409: `merge_undone`, `merge_later`, `kept_merged`, `kept_deleted`,
    /// `value_taken`; `merge_edited` when fields of the kept contact were changed since, unless `keep_edits`. 403 `plan_limit` when the
    /// plan has no room for the contacts that come back: then all stays as it is.
    #[oai(path = "/contact-merges/:id/undo", method = "post")]
    async fn create_contact_merge_undo(
        &self,
        cx: Cx<Write>,
        id: Path<ContactMergeId>,
        body: Json<MergeUndo>,
    ) -> Result<Json<ContactMerge>> {
        let (plan, owners) = (entitlements(&cx.app, cx.tenant.id).await?, cx.visible_owners());
        cx.act(async |tx| actions::undo(tx, id.0, body.0, &plan, &owners).await).await
    }
}
