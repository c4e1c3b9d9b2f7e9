//! What the account has, and what it could have.
use super::{
    actions::{entitlements, usage_of_client},
    db,
    model::{Entitlements, Plan},
    usage::Usage,
};
use crate::{Read, ReadClients, Tag, clients::actions::agency};
use kernel::{Cx, Result, ids::TenantId};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct PlansApi;

#[OpenApi]
impl PlansApi {
    /// Plans on offer
    #[oai(path = "/v1/plans", method = "get", operation_id = "list_plans", tag = "Tag::Account")]
    async fn list_plans(&self, cx: Cx<Read>) -> Result<Json<Vec<Plan>>> {
        cx.control(async |tx| db::offered(tx).await).await.map(Json)
    }

    /// What the account's plan allows
    #[oai(path = "/v1/plans/current", method = "get", operation_id = "get_entitlements", tag = "Tag::Account")]
    async fn get_entitlements(&self, cx: Cx<Read>) -> Result<Json<Entitlements>> {
        Ok(Json(entitlements(&cx.app, cx.tenant.id).await?.as_ref().clone()))
    }

    /// How much of what the plan limits is used
    ///
    /// Counted as things come and go: exact a moment after each change, and as quick for a million contacts as for one.
    #[oai(path = "/v1/plans/current/usage", method = "get", operation_id = "get_usage", tag = "Tag::Account")]
    async fn get_usage(&self, cx: Cx<Read>) -> Result<Json<Usage>> {
        let has = entitlements(&cx.app, cx.tenant.id).await?;
        let used = cx.control(async |tx| db::used(tx, cx.tenant.id).await).await?;
        Ok(Json(Usage::of(&has, &used, Some(&cx.principal.grants))))
    }

    /// How much of what its plan limits a client uses
    ///
    /// Figures, kept as things come and go: nothing of the client is read.
    #[oai(path = "/v1/clients/:id/usage", method = "get", operation_id = "get_client_usage", tag = "Tag::Clients")]
    async fn get_client_usage(&self, cx: Cx<ReadClients>, id: Path<TenantId>) -> Result<Json<Usage>> {
        let agency = agency(&cx.tenant)?;
        cx.control(async |tx| usage_of_client(tx, agency, id.0).await).await.map(Json)
    }
}
