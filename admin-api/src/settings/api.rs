use super::{
    actions, db,
    model::{SettingBody, SettingView},
};
use crate::{
    Tag,
    access::{Admin, Read, Settings},
};
use kernel::Result;
use poem_openapi::{OpenApi, param::Path, payload::Json};

/// Settings of the platform.
pub struct SettingsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tag::Platform")]
impl SettingsApi {
    /// List the settings.
    #[oai(path = "/settings", method = "get")]
    async fn list_settings(&self, cx: Admin<Read>) -> Result<Json<Vec<SettingView>>> {
        let settings = cx.control(async |tx| db::list(tx).await).await?;
        Ok(Json(settings.into_iter().map(SettingView::from).collect()))
    }

    /// Change a setting.
    #[oai(path = "/settings/:key", method = "put")]
    async fn put_setting(
        &self,
        cx: Admin<Settings>,
        key: Path<String>,
        body: Json<SettingBody>,
    ) -> Result<Json<SettingView>> {
        let setting = cx.control(async |tx| actions::change(tx, &key.0, &body.value).await).await?;
        Ok(Json(setting.into()))
    }
}
