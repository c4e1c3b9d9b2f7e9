//! Data requests over HTTP.
use super::{
    actions, db,
    model::{DataRequest, DataRequestId, NewDataRequest},
};
use crate::{ManageRequests, ReadRequests, Tags, require_everybody};
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
use serde_json::Value;

pub(crate) struct DataRequestsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Privacy")]
impl DataRequestsApi {
    /// List data requests
    ///
    /// Filters: contact, kind, state, created_at. Sort: created_at.
    #[oai(path = "/data-requests", method = "get")]
    async fn list_data_requests(
        &self,
        cx: Cx<ReadRequests>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<DataRequest>>> {
        require_everybody(cx.level)?;
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Export or erase a person's data
    ///
    /// Done in the background. An export can be fetched as one document for seven days. After an erasure nothing names
    /// the person any more: only pseudonymous lines of the consent ledger and the event log stay, and the proof.
    #[oai(path = "/data-requests", method = "post")]
    async fn create_data_request(
        &self,
        cx: Cx<ManageRequests>,
        body: Json<NewDataRequest>,
    ) -> Result<Created<DataRequest>> {
        let owners = cx.visible_owners();
        cx.create(async |tx| actions::create(tx, body.0, &owners).await).await
    }

    /// Get a data request
    #[oai(path = "/data-requests/:id", method = "get")]
    async fn get_data_request(&self, cx: Cx<ReadRequests>, id: Path<DataRequestId>) -> Result<Json<DataRequest>> {
        require_everybody(cx.level)?;
        cx.read(async |tx| db::find(tx, id.0).await).await.map(Json)
    }

    /// Fetch the document of an export
    #[oai(path = "/data-requests/:id/document", method = "get")]
    async fn get_data_request_document(&self, cx: Cx<ManageRequests>, id: Path<DataRequestId>) -> Result<Json<Value>> {
        require_everybody(cx.level)?;
        cx.read(async |tx| db::document(tx, id.0).await).await.map(Json)
    }
}
