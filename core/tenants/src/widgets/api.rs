//! The account's widgets.
use super::{
    actions, db,
    model::{InstallTest, NewInstallTest, Widget, WidgetPatch},
    snippet::{Mode, Platform, Snippet, snippet},
};
use crate::{Read, Tag, WriteWidgets};
use kernel::{
    Cx, Result,
    db::ListQuery,
    events::NewEvent,
    http::{Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{CsvFile, Export};

pub(crate) struct WidgetsApi;

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "kind",
    "resource_id",
    "enabled",
    "websites",
    "last_seen_at",
    "hosted_url",
    "created_at",
    "updated_at",
];

fn tagged(widget: Widget) -> Tagged<Widget> {
    let version = widget.version;
    Tagged::of(widget, version)
}

#[OpenApi(tag = "Tag::Widgets")]
impl WidgetsApi {
    /// The account's widgets
    #[oai(path = "/v1/widgets", method = "get", operation_id = "list_widgets")]
    async fn list_widgets(
        &self,
        cx: Cx<Read>,
        /// Rows wanted, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// next_cursor of the page before.
        cursor: Query<Option<String>>,
        /// name, created_at; with - in front for descending.
        sort: Query<Option<String>>,
        /// field:op:value; fields name, kind, enabled, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Widget>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, cx.tenant.id, &query).await).await.map(Json)
    }

    /// Export the list of widgets
    ///
    /// The rows of the list with the same filters as CSV, by name. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/v1/widgets/export", method = "get", operation_id = "export_widgets")]
    async fn export_widgets(
        &self,
        cx: Cx<Read>,
        /// field:op:value; fields name, kind, enabled, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "widgets", columns: COLUMNS, filter: filter.0, sort: "name" };
        let event = NewEvent::new("widget.exported", "widgets", cx.tenant.id.0, "List of widgets exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(db::list(tx, cx.tenant.id, query))).await
    }

    /// A widget
    #[oai(path = "/v1/widgets/:id", method = "get", operation_id = "get_widget")]
    async fn get_widget(&self, cx: Cx<Read>, id: Path<String>) -> Result<Tagged<Widget>> {
        let id = actions::parse(&id.0)?;
        cx.control(async |tx| db::get(tx, cx.tenant.id, id).await).await.map(tagged)
    }

    /// Change a widget, or switch it on or off
    ///
    /// Visitors notice within a second.
    #[oai(path = "/v1/widgets/:id", method = "patch", operation_id = "update_widget")]
    async fn update_widget(
        &self,
        cx: Cx<WriteWidgets>,
        id: Path<String>,
        body: Json<WidgetPatch>,
        /// ETag of the version the change is based on.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Tagged<Widget>> {
        let (tenant, tag) = (cx.tenant.id, if_match.0.as_deref());
        cx.control(async |tx| actions::update(tx, tenant, &id.0, &body.0, tag).await).await.map(tagged)
    }

    /// The lines that bring a widget into a website
    #[oai(path = "/v1/widgets/:id/snippet", method = "get", operation_id = "get_widget_snippet")]
    async fn get_widget_snippet(
        &self,
        cx: Cx<Read>,
        id: Path<String>,
        /// How it appears; inline when absent.
        mode: Query<Option<Mode>>,
        /// Where the website is made; html when absent.
        platform: Query<Option<Platform>>,
    ) -> Result<Json<Snippet>> {
        let id = actions::parse(&id.0)?;
        let widget = cx.control(async |tx| db::get(tx, cx.tenant.id, id).await).await?;
        let edge = &cx.app.config.edge.public_url;
        Ok(Json(snippet(&widget, edge, mode.0.unwrap_or_default(), platform.0.unwrap_or_default())))
    }

    /// Look whether a page is ready for a widget
    ///
    /// Reads the page from here and says what is missing. Nothing is changed.
    #[oai(path = "/v1/widgets/:id/install-tests", method = "post", operation_id = "create_widget_install_test")]
    async fn create_widget_install_test(
        &self,
        cx: Cx<WriteWidgets>,
        id: Path<String>,
        body: Json<NewInstallTest>,
    ) -> Result<Json<InstallTest>> {
        actions::test(&cx.app, &cx.tenant, &id.0, &body.url).await.map(Json)
    }
}
