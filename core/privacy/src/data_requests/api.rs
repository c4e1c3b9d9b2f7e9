//! Data requests over HTTP.
use super::{
    actions, db,
    model::{DataRequest, DataRequestId, NewDataRequest},
};
use crate::{ManageRequests, ReadRequests, Tags, require_everybody};
use kernel::{
    Cx, Result,
    db::ListQuery,
    events::NewEvent,
    http::{Created, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use serde_json::Value;
use sheets::{CsvFile, Export};

pub(crate) struct DataRequestsApi;

const COLUMNS: &[&str] = &[
    "id",
    "contact",
    "kind",
    "state",
    "reason",
    "same_address",
    "error",
    "proof_hash",
    "document_until",
    "created_at",
    "finished_at",
];

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

    /// Export the list of data requests
    ///
    /// The rows of the list with the same filters as CSV, oldest first: what was asked and how it ended, not the data
    /// themselves. Cells that a spreadsheet would run as a formula get an apostrophe in front. The export is recorded.
    #[oai(path = "/data-requests/export", method = "get")]
    async fn export_data_requests(
        &self,
        cx: Cx<ReadRequests>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        require_everybody(cx.level)?;
        let what = Export { name: "data-requests", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        let tenant = cx.tenant.id.0;
        let event = NewEvent::new("data_request.exported", "data_requests", tenant, "List of data requests exported");
        sheets::export(cx, what, event, |_, tx, query| Box::pin(tx.list::<DataRequest>(&db::LIST, query, &[]))).await
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
