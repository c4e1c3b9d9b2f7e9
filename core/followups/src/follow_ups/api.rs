//! Follow-ups over HTTP.
use super::{
    actions, db, export,
    model::{FollowUp, FollowUpId},
};
use crate::{Read, Tags, Write};
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct FollowUpsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl FollowUpsApi {
    /// List follow-ups
    ///
    /// What is coming and what came of it. Filters: status, contact, deal, owner (of the deal, else of the contact), rule,
    /// enrolment, task, due_on, fire_at, created_at. Sorts: fire_at, created_at.
    #[oai(path = "/follow-ups", method = "get")]
    async fn list_follow_ups(
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
    ) -> Result<Json<Page<FollowUp>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Export follow-ups
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if
    /// it were whole. 422 `sheet_too_long` when a workbook cannot hold them. Takes the filters of the list; what comes first stands
    /// first. In CSV cells that a spreadsheet would run as a formula begin with an apostrophe. The export is recorded.
    #[oai(path = "/follow-ups/export", method = "get")]
    async fn export_follow_ups(
        &self,
        cx: Cx<Read>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        export::file(&cx, filter.0, Look::of(format.0, language.0)).await
    }

    /// Get a follow-up
    #[oai(path = "/follow-ups/:id", method = "get")]
    async fn get_follow_up(&self, cx: Cx<Read>, id: Path<FollowUpId>) -> Result<Tagged<FollowUp>> {
        let owners = cx.visible_owners();
        let found = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = found.version;
        Ok(Tagged::of(found, version))
    }

    /// Stop a follow-up
    ///
    /// A step of a sequence is left out; the others stay. 409 `follow_up_ended` when it has come or was cancelled.
    #[oai(path = "/follow-ups/:id/cancellation", method = "post")]
    async fn create_follow_up_cancellation(
        &self,
        cx: Cx<Write>,
        id: Path<FollowUpId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<FollowUp>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::stop(tx, id.0, if_match, &owners).await).await
    }

    /// Hold a follow-up back
    ///
    /// 409 `follow_up_paused` when it is held back, `follow_up_ended` when it has come or was cancelled.
    #[oai(path = "/follow-ups/:id/pause", method = "post")]
    async fn create_follow_up_pause(
        &self,
        cx: Cx<Write>,
        id: Path<FollowUpId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<FollowUp>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::pause(tx, id.0, if_match, &owners).await).await
    }

    /// Let a follow-up wait again
    ///
    /// One that a member held back or stopped, as many days later as it stood still. 409 `follow_up_waits` when it
    /// waits, or the rule waits anew with this contact; `follow_up_ended` when something else ended it.
    #[oai(path = "/follow-ups/:id/resumption", method = "post")]
    async fn create_follow_up_resumption(
        &self,
        cx: Cx<Write>,
        id: Path<FollowUpId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<FollowUp>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::resume(tx, id.0, if_match, &owners).await).await
    }
}
