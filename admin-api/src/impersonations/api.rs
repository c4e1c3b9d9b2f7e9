use crate::{
    Tag,
    access::{Admin, Impersonate},
};
use identity::impersonations::{
    actions::{self, Impersonator},
    model::{ImpersonationId, NewImpersonation, Started},
};
use kernel::{
    Result,
    http::{Created, NoContent},
    ids::TenantId,
};
use poem_openapi::{OpenApi, param::Path, payload::Json};

/// Impersonations by the platform.
pub struct ImpersonationsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tag::Accounts")]
impl ImpersonationsApi {
    /// Start an impersonation: looking only unless `may_act`, an hour at most, with a reason the account can read.
    #[oai(path = "/impersonations", method = "post")]
    async fn create_impersonation(
        &self,
        cx: Admin<Impersonate>,
        body: Json<NewImpersonation>,
    ) -> Result<Created<Started>> {
        let admin = &cx.admin;
        let who = Impersonator { id: admin.id.0, name: admin.name.clone(), session: admin.session, home: None };
        let started = cx.control(async |tx| actions::start(tx, who, body.0).await).await?;
        Ok(Created::Created(Json(started)))
    }

    /// End an impersonation in an account.
    #[oai(path = "/accounts/:tenant/impersonations/:id", method = "delete")]
    async fn end_impersonation(
        &self,
        cx: Admin<Impersonate>,
        tenant: Path<TenantId>,
        id: Path<ImpersonationId>,
    ) -> Result<NoContent> {
        cx.control(async |tx| actions::end_any(tx, tenant.0, id.0).await).await?;
        Ok(NoContent::Done)
    }
}
