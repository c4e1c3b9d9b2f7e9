//! What the account has, and what it could have.
use super::{
    actions::entitlements,
    db,
    model::{Entitlements, Plan},
};
use crate::{Read, Tag};
use kernel::{Cx, Result};
use poem_openapi::{OpenApi, payload::Json};

pub(crate) struct PlansApi;

#[OpenApi(tag = "Tag::Account")]
impl PlansApi {
    /// Plans on offer
    #[oai(path = "/v1/plans", method = "get", operation_id = "list_plans")]
    async fn list_plans(&self, cx: Cx<Read>) -> Result<Json<Vec<Plan>>> {
        cx.control(async |tx| db::offered(tx).await).await.map(Json)
    }

    /// What the account's plan allows
    #[oai(path = "/v1/plans/current", method = "get", operation_id = "get_entitlements")]
    async fn get_entitlements(&self, cx: Cx<Read>) -> Result<Json<Entitlements>> {
        Ok(Json(entitlements(&cx.app, cx.tenant.id).await?.as_ref().clone()))
    }
}
