//! Settings of rates over HTTP.
use super::{
    actions, db,
    model::{ExchangeSettings, ExchangeSettingsPatch},
};
use crate::{Read, Tags, Write, pipelines::require_everybody};
use kernel::{Cx, Result, http::Tagged};
use poem_openapi::{OpenApi, param::Header, payload::Json};

pub(crate) struct ExchangeSettingsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl ExchangeSettingsApi {
    /// Where rates of exchange come from
    #[oai(path = "/exchange-settings", method = "get")]
    async fn get_exchange_settings(&self, cx: Cx<Read>) -> Result<Tagged<ExchangeSettings>> {
        let settings = cx.read(async |tx| db::get(tx).await).await?;
        let version = settings.version;
        Ok(Tagged::of(settings, version))
    }

    /// Change where rates of exchange come from
    ///
    /// A source is asked at once, then each day. Needs `deals.write` for deals of everybody.
    #[oai(path = "/exchange-settings", method = "patch")]
    async fn update_exchange_settings(
        &self,
        cx: Cx<Write>,
        /// The ETag you have read; 412 when the settings have changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ExchangeSettingsPatch>,
    ) -> Result<Tagged<ExchangeSettings>> {
        require_everybody(cx.level)?;
        let (app, if_match) = (cx.app.clone(), if_match.0.as_deref());
        let settings = cx.write(async |tx| actions::update(tx, body.0, if_match, &app.outbound).await).await?;
        let version = settings.version;
        Ok(Tagged::of(settings, version))
    }
}
