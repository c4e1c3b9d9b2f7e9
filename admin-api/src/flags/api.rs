use super::{
    actions, db,
    model::{Flag, FlagBody, NamedTenant, TenantFlag},
};
use crate::{
    Tag,
    access::{Admin, Read, Settings},
};
use kernel::{
    Result,
    events::NewEvent,
    http::{NoContent, Page, Tagged},
    ids::TenantId,
    tenancy::memory::Change,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};
use sheets::{CsvFile, Export};

/// Feature flags.
pub struct FlagsApi;

const COLUMNS: &[&str] = &["key", "description", "enabled", "percent", "tenants", "updated_at"];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Platform")]
impl FlagsApi {
    /// List the flags.
    #[oai(path = "/flags", method = "get")]
    async fn list_flags(&self, cx: Admin<Read>) -> Result<Json<Vec<Flag>>> {
        cx.control(async |tx| db::list(tx).await).await.map(Json)
    }

    /// Export the flags by key as CSV; cells that a spreadsheet would run as a formula get an apostrophe in front. The export is recorded.
    #[oai(path = "/flags/export", method = "get")]
    async fn export_flags(&self, cx: Admin<Read>) -> Result<CsvFile> {
        let what = Export { name: "flags", columns: COLUMNS, filter: vec![], sort: "key" };
        cx.export(what, "flag.exported", |tx, _| {
            Box::pin(async move { Ok(Page { items: db::list(tx).await?, next_cursor: None }) })
        })
        .await
    }

    /// Make or change a flag. One that is not there yet has version 0: with `If-Match: "v0"` none is overwritten. The key `export` is the
    /// address of the file and cannot be a flag's.
    #[oai(path = "/flags/:key", method = "put")]
    async fn put_flag(
        &self,
        cx: Admin<Settings>,
        key: Path<String>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<FlagBody>,
    ) -> Result<Tagged<Flag>> {
        let flag = cx.control(async |tx| actions::put(tx, &key.0, if_match.0.as_deref(), &body.0).await).await?;
        let version = flag.version;
        Ok(Tagged::of(flag, version))
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
