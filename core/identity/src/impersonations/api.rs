//! `/v1/impersonations`.
use super::{
    actions, db,
    model::{Impersonation, ImpersonationId, NewImpersonation, Started},
};
use crate::{
    Impersonate, ImpersonationsEnd, ImpersonationsRead,
    principals::{actions::create_secret, model::person},
};
use kernel::{
    Cx, Result,
    auth::{Level, SignedIn},
    db::ListQuery,
    events::NewEvent,
    http::{Created, NoContent, Page},
    tenancy::memory::Change,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use sheets::{CsvFile, Export};

/// Impersonations.
#[derive(Debug)]
pub struct ImpersonationsApi;

const COLUMNS: &[&str] = &[
    "id",
    "tenant",
    "home",
    "impersonator_kind",
    "impersonator",
    "member",
    "reason",
    "may_act",
    "created_at",
    "expires_at",
    "ended_at",
];

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl ImpersonationsApi {
    /// List who worked here, or for us in a client, in somebody's place
    #[oai(path = "/impersonations", method = "get")]
    async fn list_impersonations(
        &self,
        cx: Cx<ImpersonationsRead>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Impersonation>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, cx.tenant.id, &query).await).await.map(Json)
    }

    /// Export who worked here, or for us in a client, in somebody's place
    ///
    /// The rows of the list with the same filters as CSV, the oldest first. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/impersonations/export", method = "get")]
    async fn export_impersonations(
        &self,
        cx: Cx<ImpersonationsRead>,
        /// `field:op:value`, any number of them, all must hold.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "visits", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        let event =
            NewEvent::new("impersonation.exported", "impersonations", cx.tenant.id.0, "List of visits exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(db::list(tx, cx.tenant.id, query))).await
    }

    /// Work in a client in somebody's place, for a while and with a reason
    #[oai(path = "/impersonations", method = "post")]
    async fn start_impersonation(&self, cx: Cx<Impersonate>, body: Json<NewImpersonation>) -> Result<Created<Started>> {
        let who = (person(&cx)?, &*cx.principal);
        create_secret(&cx, async |tx| actions::start_in_client(tx, who, body.0).await).await
    }

    /// Read an impersonation
    #[oai(path = "/impersonations/:id", method = "get")]
    async fn get_impersonation(
        &self,
        cx: Cx<ImpersonationsRead>,
        id: Path<ImpersonationId>,
    ) -> Result<Json<Impersonation>> {
        cx.control(async |tx| db::get(tx, cx.tenant.id, id.0).await).await.map(Json)
    }

    /// End an impersonation: mine, also with its own token, or one of this account
    #[oai(path = "/impersonations/:id", method = "delete")]
    async fn end_impersonation(&self, cx: Cx<SignedIn>, id: Path<ImpersonationId>) -> Result<NoContent> {
        // Whoever is inside may always leave, and may do no more than that to impersonations.
        let leaves = cx.principal.impersonation.as_ref().is_some_and(|inside| inside.id == id.0.0);
        if !leaves {
            person(&cx)?;
        }
        let who = (cx.principal.actor, leaves || cx.level_of::<ImpersonationsEnd>() > Level::No);
        cx.control(async |tx| actions::end(tx, cx.tenant.id, who, id.0).await).await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        Ok(NoContent::Done)
    }
}
