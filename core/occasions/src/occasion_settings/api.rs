//! Settings over HTTP.
use super::{
    actions, db,
    model::{OccasionSettings, OccasionSettingsPatch},
};
use crate::{Read, Tags, WriteGreetings};
use kernel::{Cx, Result, http::Tagged};
use poem_openapi::{OpenApi, param::Header, payload::Json};

pub(crate) struct OccasionSettingsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Occasions")]
impl OccasionSettingsApi {
    /// How dates are read
    #[oai(path = "/occasion-settings", method = "get")]
    async fn get_occasion_settings(&self, cx: Cx<Read>) -> Result<Tagged<OccasionSettings>> {
        let settings = cx.read(async |tx| db::get(tx).await).await?;
        let version = settings.version;
        Ok(Tagged::of(settings, version))
    }

    /// Change how dates are read
    #[oai(path = "/occasion-settings", method = "patch")]
    async fn update_occasion_settings(
        &self,
        cx: Cx<WriteGreetings>,
        /// The ETag you have read; 412 when the settings have changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<OccasionSettingsPatch>,
    ) -> Result<Tagged<OccasionSettings>> {
        let settings = cx.write(async |tx| actions::update(tx, body.0, if_match.0.as_deref()).await).await?;
        let version = settings.version;
        Ok(Tagged::of(settings, version))
    }
}
