use super::{
    db,
    model::{Flag, FlagBody, NamedTenant, TenantFlag},
};
use crate::{
    Tag,
    access::{Admin, Read, Settings},
};
use kernel::{Result, events::NewEvent, http::NoContent, ids::TenantId, tenancy::memory::Change};
use poem_openapi::{OpenApi, param::Path, payload::Json};
use uuid::Uuid;

/// Feature flags.
pub struct FlagsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tag::Platform")]
impl FlagsApi {
    /// List the flags.
    #[oai(path = "/flags", method = "get")]
    async fn list_flags(&self, cx: Admin<Read>) -> Result<Json<Vec<Flag>>> {
        cx.control(async |tx| db::list(tx).await).await.map(Json)
    }

    /// Make or change a flag.
    #[oai(path = "/flags/:key", method = "put")]
    async fn put_flag(&self, cx: Admin<Settings>, key: Path<String>, body: Json<FlagBody>) -> Result<Json<Flag>> {
        let flag = cx
            .control(async |tx| {
                let flag = db::put(tx, &key.0, &body.0).await?;
                let payload = serde_json::json!({"flag": flag.key, "enabled": flag.enabled, "percent": flag.percent});
                tx.record(
                    None,
                    NewEvent::new("flag.changed", "flags", Uuid::nil(), format!("Flag {} changed", flag.key))
                        .payload(&payload),
                )
                .await?;
                Ok(flag)
            })
            .await?;
        Ok(Json(flag))
    }

    /// List the tenants that a flag was turned on or off for by name.
    #[oai(path = "/flags/:key/tenants", method = "get")]
    async fn list_flag_tenants(&self, cx: Admin<Read>, key: Path<String>) -> Result<Json<Vec<NamedTenant>>> {
        cx.control(async |tx| db::tenants(tx, &key.0).await).await.map(Json)
    }

    /// Turn a flag on or off for one tenant.
    #[oai(path = "/flags/:key/tenants/:id", method = "put")]
    async fn put_tenant_flag(
        &self,
        cx: Admin<Settings>,
        key: Path<String>,
        id: Path<TenantId>,
        body: Json<TenantFlag>,
    ) -> Result<NoContent> {
        cx.control(async |tx| {
            match body.enabled {
                Some(enabled) => db::put_tenant(tx, &key.0, id.0, enabled).await?,
                None => db::clear_tenant(tx, &key.0, id.0).await?,
            }
            let payload = serde_json::json!({"flag": key.0, "enabled": body.enabled});
            tx.record(
                Some(id.0),
                NewEvent::new("flag.changed", "tenants", id.0.0, "Feature flag changed").payload(&payload),
            )
            .await
        })
        .await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(NoContent::Done)
    }
}
