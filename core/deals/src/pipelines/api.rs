//! Pipelines over HTTP.
use super::{
    actions, db,
    model::{NewPipeline, Pipeline, PipelineId, PipelinePatch},
};
use crate::{Read, Tags, Write};
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct PipelinesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl PipelinesApi {
    /// List pipelines
    ///
    /// With their stages. Filters: name, position. Sort: position.
    #[oai(path = "/pipelines", method = "get")]
    async fn list_pipelines(
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
    ) -> Result<Json<Page<Pipeline>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Create a pipeline
    ///
    /// Needs `deals.write` for deals of everybody, as every change of a pipeline does.
    #[oai(path = "/pipelines", method = "post")]
    async fn create_pipeline(&self, cx: Cx<Write>, body: Json<NewPipeline>) -> Result<Created<Pipeline>> {
        actions::require_everybody(cx.level)?;
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Get a pipeline
    #[oai(path = "/pipelines/:id", method = "get")]
    async fn get_pipeline(&self, cx: Cx<Read>, id: Path<PipelineId>) -> Result<Tagged<Pipeline>> {
        let pipeline = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = pipeline.version;
        Ok(Tagged::of(pipeline, version))
    }

    /// Change a pipeline
    #[oai(path = "/pipelines/:id", method = "patch")]
    async fn update_pipeline(
        &self,
        cx: Cx<Write>,
        id: Path<PipelineId>,
        /// The ETag you have read; 412 when the pipeline has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<PipelinePatch>,
    ) -> Result<Tagged<Pipeline>> {
        actions::require_everybody(cx.level)?;
        let if_match = if_match.0.as_deref();
        let pipeline = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match).await).await?;
        let version = pipeline.version;
        Ok(Tagged::of(pipeline, version))
    }

    /// Delete a pipeline
    ///
    /// 409 `pipeline_in_use` while there are deals in it, 409 `pipeline_last` when it is the only one.
    #[oai(path = "/pipelines/:id", method = "delete")]
    async fn delete_pipeline(
        &self,
        cx: Cx<Write>,
        id: Path<PipelineId>,
        /// The ETag you have read; 412 when the pipeline has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        actions::require_everybody(cx.level)?;
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }
}
