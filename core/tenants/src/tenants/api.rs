//! The tenant one works in.
use super::{
    actions, db,
    model::{TenantDetails, TenantPatch},
};
use crate::{Read, Tag, Write};
use kernel::{Cx, Result, http::Tagged, tenancy::memory::Change};
use poem_openapi::{OpenApi, param::Header, payload::Json};

pub(crate) struct TenantsApi;

#[OpenApi(tag = "Tag::Account")]
impl TenantsApi {
    /// The account one works in
    #[oai(path = "/v1/tenants/current", method = "get", operation_id = "get_tenant")]
    async fn get_tenant(&self, cx: Cx<Read>) -> Result<Tagged<TenantDetails>> {
        let tenant = cx.control(async |tx| db::get(tx, cx.tenant.id).await).await?;
        let version = tenant.version;
        Ok(Tagged::of(tenant, version))
    }

    /// Change the account's settings
    #[oai(path = "/v1/tenants/current", method = "patch", operation_id = "update_tenant")]
    async fn update_tenant(
        &self,
        cx: Cx<Write>,
        body: Json<TenantPatch>,
        /// ETag of the version the change is based on.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Tagged<TenantDetails>> {
        let change =
            async |tx: &mut kernel::ControlTx| actions::update(tx, cx.tenant.id, &body.0, if_match.0.as_deref()).await;
        let tenant = cx.control(change).await?;
        cx.app.changes.forget(Change::Tenant(tenant.id));
        let version = tenant.version;
        Ok(Tagged::of(tenant, version))
    }
}
