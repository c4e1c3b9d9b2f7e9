use super::{db, model::Sightings};
use crate::{
    Tag,
    access::{Admin, Read},
};
use chrono::TimeDelta;
use kernel::Result;
use poem_openapi::{OpenApi, payload::Json};

/// Where widgets are shown and refused.
pub struct SightingsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tag::Operations")]
impl SightingsApi {
    /// See how often widgets were shown and refused in the last fourteen days, and where they were refused.
    #[oai(path = "/sightings", method = "get")]
    async fn get_sightings(&self, cx: Admin<Read>) -> Result<Json<Sightings>> {
        let from = cx.app.clock.now().date_naive() - TimeDelta::days(13);
        cx.control(async |tx| {
            Ok(Json(Sightings { days: db::days(tx, from).await?, refused: db::refused(tx, from).await? }))
        })
        .await
    }
}
