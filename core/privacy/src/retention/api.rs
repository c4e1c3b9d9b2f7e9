//! Retention over HTTP.
use super::{
    actions, db,
    model::{NewRetention, Retention, RetentionPreview},
};
use crate::{ManageRequests, ReadRequests, Tags, require_everybody};
use kernel::{Cx, Result, http::Tagged};
use poem_openapi::{
    OpenApi,
    param::{Header, Query},
    payload::Json,
};

pub(crate) struct RetentionApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Privacy")]
impl RetentionApi {
    /// Get how long people are kept
    #[oai(path = "/retention", method = "get")]
    async fn get_retention(&self, cx: Cx<ReadRequests>) -> Result<Tagged<Retention>> {
        require_everybody(cx.level)?;
        let found = cx.read(async |tx| db::find(tx).await).await?;
        let version = found.version;
        Ok(Tagged::of(found, version))
    }

    /// Say how long people are kept
    ///
    /// The first contacts are erased a day later, each by a data request of its own, which keeps the proof. Needs
    /// `privacy.requests.write` for all.
    #[oai(path = "/retention", method = "put")]
    async fn replace_retention(
        &self,
        cx: Cx<ManageRequests>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewRetention>,
    ) -> Result<Tagged<Retention>> {
        require_everybody(cx.level)?;
        let after = cx.write(async |tx| actions::put(tx, body.0, if_match.0.as_deref()).await).await?;
        let version = after.version;
        Ok(Tagged::of(after, version))
    }

    /// Count who would be erased
    ///
    /// Now, if contacts were erased after so many days without anything: up to 10,000, and no longer than a second. Nothing is changed.
    #[oai(path = "/retention/preview", method = "get")]
    async fn preview_retention(
        &self,
        cx: Cx<ReadRequests>,
        /// After how many days, 90 to 36500; 1095 when absent.
        #[oai(validator(minimum(value = "90"), maximum(value = "36500")))]
        contact_days: Query<Option<i32>>,
    ) -> Result<Json<RetentionPreview>> {
        require_everybody(cx.level)?;
        let days = contact_days.0.unwrap_or(1_095);
        cx.read(async |tx| actions::preview(tx, days).await).await.map(Json)
    }
}
