//! Websites on which the account's widgets may live.
use super::{
    actions, db,
    model::{AddedOrigin, AllowedOrigin, NewOrigin, OriginId},
};
use crate::{Read, Tag, WriteWidgets};
use kernel::{
    Cx, Result,
    db::ListQuery,
    events::NewEvent,
    http::{Created, NoContent, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use sheets::{CsvFile, Export};

pub(crate) struct OriginsApi;

const COLUMNS: &[&str] = &["id", "origin", "kind", "widget_id", "enabled", "created_at"];

#[OpenApi(tag = "Tag::Widgets")]
impl OriginsApi {
    /// Allowed websites
    #[oai(path = "/v1/origins", method = "get", operation_id = "list_origins")]
    async fn list_origins(
        &self,
        cx: Cx<Read>,
        /// Rows wanted, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// next_cursor of the page before.
        cursor: Query<Option<String>>,
        /// origin, created_at; with - in front for descending.
        sort: Query<Option<String>>,
        /// field:op:value; fields origin, kind, widget_id, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<AllowedOrigin>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, cx.tenant.id, &query).await).await.map(Json)
    }

    /// Export the allowed websites
    ///
    /// The rows of the list with the same filters as CSV, by name. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/v1/origins/export", method = "get", operation_id = "export_origins")]
    async fn export_origins(
        &self,
        cx: Cx<Read>,
        /// field:op:value; fields origin, kind, widget_id, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "websites", columns: COLUMNS, filter: filter.0, sort: "origin" };
        let event = NewEvent::new("origin.exported", "origins", cx.tenant.id.0, "List of allowed websites exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(db::list(tx, cx.tenant.id, query))).await
    }

    /// Allow a website
    ///
    /// The address is put into the spelling that browsers use. A wildcard over a domain under which strangers have
    /// websites (co.uk, vercel.app) is refused. With and without www are two websites: the answer suggests the other one.
    #[oai(path = "/v1/origins", method = "post", operation_id = "create_origin")]
    async fn create_origin(&self, cx: Cx<WriteWidgets>, body: Json<NewOrigin>) -> Result<Created<AddedOrigin>> {
        cx.control_create(async |tx| actions::allow(tx, cx.tenant.id, &body.0).await).await
    }

    /// An allowed website
    #[oai(path = "/v1/origins/:id", method = "get", operation_id = "get_origin")]
    async fn get_origin(&self, cx: Cx<Read>, id: Path<OriginId>) -> Result<Json<AllowedOrigin>> {
        cx.control(async |tx| db::get(tx, cx.tenant.id, id.0).await).await.map(Json)
    }

    /// No longer allow a website
    ///
    /// The next action of a widget that is open there is refused within a second.
    #[oai(path = "/v1/origins/:id", method = "delete", operation_id = "delete_origin")]
    async fn delete_origin(&self, cx: Cx<WriteWidgets>, id: Path<OriginId>) -> Result<NoContent> {
        cx.control(async |tx| actions::refuse(tx, cx.tenant.id, id.0).await).await?;
        Ok(NoContent::Done)
    }
}
