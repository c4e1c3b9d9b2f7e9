use super::{
    db,
    model::{Setting, SettingBody, check_type},
};
use crate::{
    Tag,
    access::{Admin, Read, Settings},
};
use kernel::{Result, events::NewEvent};
use poem_openapi::{OpenApi, param::Path, payload::Json};
use uuid::Uuid;

/// Settings of the platform.
pub struct SettingsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tag::Platform")]
impl SettingsApi {
    /// List the settings.
    #[oai(path = "/settings", method = "get")]
    async fn list_settings(&self, cx: Admin<Read>) -> Result<Json<Vec<Setting>>> {
        cx.control(async |tx| db::list(tx).await).await.map(Json)
    }

    /// Change a setting.
    #[oai(path = "/settings/:key", method = "put")]
    async fn put_setting(
        &self,
        cx: Admin<Settings>,
        key: Path<String>,
        body: Json<SettingBody>,
    ) -> Result<Json<Setting>> {
        cx.control(async |tx| {
            check_type(&db::lock(tx, &key.0).await?.value, &body.value)?;
            let setting = db::update(tx, &key.0, &body.value).await?;
            tx.record(
                None,
                NewEvent::new("setting.changed", "settings", Uuid::nil(), format!("Setting {} changed", setting.key)),
            )
            .await?;
            Ok(setting)
        })
        .await
        .map(Json)
    }
}
