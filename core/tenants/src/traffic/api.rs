//! How edges answered visitors.
use super::model::sensible;
use crate::{Tag, sightings::model::EdgeCall};
use kernel::{
    Result,
    http::{
        NoContent,
        traffic::{self, Answered},
    },
};
use poem_openapi::{OpenApi, payload::Json};

pub(crate) struct TrafficApi;

#[OpenApi(tag = "Tag::Widgets")]
impl TrafficApi {
    /// Report of an edge
    #[oai(path = "/edge/v1/traffic", method = "post", operation_id = "report_traffic", hidden)]
    async fn report_traffic(&self, edge: EdgeCall, body: Json<Vec<Answered>>) -> Result<NoContent> {
        let told = sensible(body.0, edge.app.clock.now());
        traffic::write_told(&edge.app, "embed-edge", &told).await?;
        Ok(NoContent::Done)
    }
}
