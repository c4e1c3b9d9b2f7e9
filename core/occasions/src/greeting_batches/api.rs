//! Batches over HTTP.
use super::{
    actions, db,
    model::{BatchState, GreetingBatch, GreetingBatchId},
};
use crate::{Approve, ReadGreetings, Tags};
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

pub(crate) struct GreetingBatchesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Occasions")]
impl GreetingBatchesApi {
    /// List what greetings send, by day
    ///
    /// There is a batch from three days before the day. Filters: greeting, state, day. Sorts: day.
    #[oai(path = "/greeting-batches", method = "get")]
    async fn list_greeting_batches(
        &self,
        cx: Cx<ReadGreetings>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<GreetingBatch>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Get what a greeting sends on a day
    #[oai(path = "/greeting-batches/:id", method = "get")]
    async fn get_greeting_batch(
        &self,
        cx: Cx<ReadGreetings>,
        id: Path<GreetingBatchId>,
    ) -> Result<Tagged<GreetingBatch>> {
        let batch = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = batch.version;
        Ok(Tagged::of(batch, version))
    }

    /// Approve what a greeting sends on a day
    ///
    /// With the text that the greeting has now. 409 `batch_over` when the day is over.
    #[oai(path = "/greeting-batches/:id/approval", method = "post")]
    async fn create_greeting_batch_approval(
        &self,
        cx: Cx<Approve>,
        id: Path<GreetingBatchId>,
        /// The ETag you have read; 412 when the batch has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<GreetingBatch>> {
        cx.act(async |tx| actions::decide(tx, id.0, BatchState::Approved, if_match.0.as_deref()).await).await
    }

    /// Reject what a greeting sends on a day
    ///
    /// Nothing more goes out; it can be approved again until the day is over. 409 `batch_over` when it is.
    #[oai(path = "/greeting-batches/:id/rejection", method = "post")]
    async fn create_greeting_batch_rejection(
        &self,
        cx: Cx<Approve>,
        id: Path<GreetingBatchId>,
        /// The ETag you have read; 412 when the batch has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<GreetingBatch>> {
        cx.act(async |tx| actions::decide(tx, id.0, BatchState::Rejected, if_match.0.as_deref()).await).await
    }
}
