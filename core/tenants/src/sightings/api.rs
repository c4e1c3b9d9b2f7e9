//! Where widgets were met.
use super::{
    actions, db,
    model::{Columns, EdgeCall, Sighting, Sightings, WidgetFigures},
};
use crate::{Read, Tag};
use kernel::{Cx, Result, http::NoContent};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct SightingsApi;

#[OpenApi(tag = "Tag::Widgets")]
impl SightingsApi {
    /// Where a widget was shown and refused
    ///
    /// A website that was refused is allowed by adding its origin.
    #[oai(path = "/v1/widgets/:id/sightings", method = "get", operation_id = "list_widget_sightings")]
    async fn list_widget_sightings(
        &self,
        cx: Cx<Read>,
        id: Path<String>,
        /// How many days back, 1 to 90; 30 when absent.
        days: Query<Option<u32>>,
    ) -> Result<Json<Sightings>> {
        let days = days.0.unwrap_or(30);
        cx.control(async |tx| actions::list(tx, cx.tenant.id, &id.0, days).await).await.map(Json)
    }

    /// How all widgets were met
    ///
    /// How often they were shown on each of the last fourteen days, and which websites are refused.
    #[oai(path = "/v1/widgets/figures", method = "get", operation_id = "get_widget_figures")]
    async fn get_widget_figures(&self, cx: Cx<Read>) -> Result<Json<WidgetFigures>> {
        cx.control(async |tx| actions::figures(tx, cx.tenant.id).await).await.map(Json)
    }

    /// Report of an edge
    #[oai(path = "/edge/v1/sightings", method = "post", operation_id = "report_sightings", hidden)]
    async fn report_sightings(&self, edge: EdgeCall, body: Json<Vec<Sighting>>) -> Result<NoContent> {
        let context = edge.app.system(edge.request.id.clone());
        let columns = Columns::of(&body.0, context.now);
        if !columns.widgets.is_empty() {
            edge.app.control(context, async |tx| db::add(tx, &columns).await).await?;
        }
        Ok(NoContent::Done)
    }
}
