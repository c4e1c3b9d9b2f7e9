//! `/v1/invitations`.
use super::{
    actions, db,
    model::{Acceptance, Invitation, InvitationId, Joined, NewInvitation},
};
use crate::{MembersRead, MembersWrite};
use kernel::{
    Anonymous, ControlTx, Cx, Result,
    db::{Clause, ListQuery},
    events::NewEvent,
    http::{Created, NoContent, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use postgres_types::Type;
use sheets::{CsvFile, Export};

/// Invitations.
#[derive(Debug)]
pub struct InvitationsApi;

const COLUMNS: &[&str] =
    &["id", "email", "roles", "teams", "state", "locale", "invited_by", "created_at", "expires_at", "accepted_at"];

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl InvitationsApi {
    /// List invitations
    #[oai(path = "/invitations", method = "get")]
    async fn list_invitations(
        &self,
        cx: Cx<MembersRead>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Invitation>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| list(&cx, tx, &query).await).await.map(Json)
    }

    /// Export the list of invitations
    ///
    /// The rows of the list with the same filters as CSV, the oldest first. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/invitations/export", method = "get")]
    async fn export_invitations(
        &self,
        cx: Cx<MembersRead>,
        /// `field:op:value`, any number of them, all must hold.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "invitations", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        let event = NewEvent::new("invitation.exported", "invitations", cx.tenant.id.0, "List of invitations exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(list(cx, tx, query))).await
    }

    /// Invite somebody by e-mail
    #[oai(path = "/invitations", method = "post")]
    async fn create_invitation(&self, cx: Cx<MembersWrite>, body: Json<NewInvitation>) -> Result<Created<Invitation>> {
        cx.control_create(async |tx| actions::create(tx, &cx.tenant, &cx.principal, body.0).await).await
    }

    /// Read an invitation
    #[oai(path = "/invitations/:id", method = "get")]
    async fn get_invitation(&self, cx: Cx<MembersRead>, id: Path<InvitationId>) -> Result<Json<Invitation>> {
        cx.control(async |tx| db::get(tx, cx.tenant.id, id.0).await).await.map(Json)
    }

    /// Send an invitation again
    ///
    /// The new link can be followed for seven days; the one before no longer works. Roles and teams that are gone by now are left
    /// out. 404 for one that was accepted or taken back, 409 `member_exists`; 422 `role_unknown` when every role is gone,
    /// `grant_exceeds_own` when one reaches further than the caller's own.
    #[oai(path = "/invitations/:id/mails", method = "post")]
    async fn send_invitation(&self, cx: Cx<MembersWrite>, id: Path<InvitationId>) -> Result<Created<Invitation>> {
        let per = cx.app.config.limits.auth_per_15_minutes;
        cx.request.limit_slow(&cx.app, &format!("invitation/{}/{}", cx.tenant.id, id.0), per)?;
        cx.control_create(async |tx| actions::send_again(tx, &cx.tenant, &cx.principal, id.0).await).await
    }

    /// Take an invitation back
    #[oai(path = "/invitations/:id", method = "delete")]
    async fn revoke_invitation(&self, cx: Cx<MembersWrite>, id: Path<InvitationId>) -> Result<NoContent> {
        cx.control(async |tx| actions::revoke(tx, cx.tenant.id, id.0).await).await?;
        Ok(NoContent::Done)
    }

    /// Accept an invitation
    #[oai(path = "/invitations/acceptance", method = "post")]
    async fn accept(&self, cx: Anonymous, body: Json<Acceptance>) -> Result<Created<Joined>> {
        actions::accept(&cx, body.0).await.map(|done| Created::Created(Json(done)))
    }
}

/// The invitations of the tenant.
async fn list(cx: &Cx<MembersRead>, tx: &mut ControlTx, query: &ListQuery) -> Result<Page<Invitation>> {
    let tenant = Clause("tenant_id = ?", &cx.tenant.id, Type::UUID);
    tx.list(&db::LIST, query, &[tenant]).await
}
