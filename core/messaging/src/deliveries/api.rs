//! HTTP: the log of webhook calls.
use super::{
    actions, db,
    model::{Delivery, DeliveryBody, DeliveryId},
};
use crate::{Read, Tags, Write};
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
use sheets::{CsvFile, Export};

pub(crate) struct DeliveriesApi;

/// Of the file: everything but what the receiver answered.
const COLUMNS: &[&str] = &[
    "id",
    "webhook",
    "event",
    "replay",
    "kind",
    "ordering_key",
    "state",
    "attempts",
    "next_at",
    "status",
    "error",
    "duration_ms",
    "last_attempt_at",
    "created_at",
    "finished_at",
];

#[OpenApi(prefix_path = "/v1", tag = "Tags::Webhooks")]
impl DeliveriesApi {
    /// List deliveries.
    #[oai(path = "/deliveries", method = "get")]
    async fn list_deliveries(
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
    ) -> Result<Json<Page<Delivery>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Export the log of deliveries
    ///
    /// The rows of the list with the same filters as CSV, oldest first. Cells that a spreadsheet would run as a formula
    /// get an apostrophe in front. The export is recorded.
    #[oai(path = "/deliveries/export", method = "get")]
    async fn export_deliveries(
        &self,
        cx: Cx<Read>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "deliveries", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        let event = NewEvent::new("delivery.exported", "deliveries", cx.tenant.id.0, "Log of webhook calls exported");
        sheets::export(cx, what, event, |_, tx, query| Box::pin(db::list(tx, query))).await
    }

    /// A delivery and what came of its last attempt.
    #[oai(path = "/deliveries/:id", method = "get")]
    async fn get_delivery(&self, cx: Cx<Read>, id: Path<DeliveryId>) -> Result<Json<Delivery>> {
        cx.read(async |tx| db::get(tx, id.0).await).await.map(Json)
    }

    /// The body that is sent. It may hold personal data.
    #[oai(path = "/deliveries/:id/body", method = "get")]
    async fn get_delivery_body(&self, cx: Cx<Write>, id: Path<DeliveryId>) -> Result<Json<DeliveryBody>> {
        cx.read(async |tx| db::body(tx, id.0).await).await.map(Json)
    }

    /// Send the same body again, as a delivery of its own.
    #[oai(path = "/deliveries/:id/replay", method = "post")]
    async fn replay_delivery(&self, cx: Cx<Write>, id: Path<DeliveryId>) -> Result<Created<Delivery>> {
        cx.create(async |tx| actions::replay(tx, id.0).await).await
    }
}
