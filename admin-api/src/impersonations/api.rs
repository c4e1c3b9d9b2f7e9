use crate::{
    Tag,
    access::{Admin, Impersonate, Read},
};
use identity::impersonations::{
    actions::{self, Impersonator},
    model::{ImpersonationId, ImpersonationView, NewImpersonation, Started},
};
use kernel::{
    Result,
    db::ListQuery,
    http::{Created, NoContent, Page},
    ids::TenantId,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use sheets::{CsvFile, Export};

/// Impersonations by the platform.
pub struct ImpersonationsApi;

const COLUMNS: &[&str] = &[
    "id",
    "tenant",
    "tenant_name",
    "impersonator_kind",
    "impersonator",
    "member",
    "reason",
    "may_act",
    "created_at",
    "expires_at",
    "ended_at",
];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Accounts")]
impl ImpersonationsApi {
    /// List who worked in whose place, newest first; filter=ended_at:empty:true and expires_at show who does now.
    #[oai(path = "/impersonations", method = "get")]
    async fn list_impersonations(
        &self,
        cx: Admin<Read>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ImpersonationView>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| actions::list_everywhere(tx, &query).await).await.map(Json)
    }

    /// Export who worked in whose place, oldest first: with the same filters as CSV; cells that a spreadsheet would run as a formula get an apostrophe
    /// in front. The export is recorded.
    #[oai(path = "/impersonations/export", method = "get")]
    async fn export_impersonations(&self, cx: Admin<Read>, filter: Query<Vec<String>>) -> Result<CsvFile> {
        let what = Export { name: "impersonations", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        cx.export(what, "impersonation.exported", |tx, query| Box::pin(actions::list_everywhere(tx, query))).await
    }

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
