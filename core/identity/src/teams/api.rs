//! `/v1/teams`.
use super::{
    actions, db,
    model::{NewTeam, Team, TeamChanges, TeamId},
};
use crate::{MembersRead, TeamsWrite};
use kernel::{
    ControlTx, Cx, Result,
    db::{Clause, ListQuery},
    events::NewEvent,
    http::{Created, NoContent, Page, Tagged},
    tenancy::memory::Change,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use postgres_types::Type;
use sheets::{CsvFile, Export};

/// Teams.
#[derive(Debug)]
pub struct TeamsApi;

const COLUMNS: &[&str] = &["id", "name", "members", "created_at"];

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl TeamsApi {
    /// List teams
    #[oai(path = "/teams", method = "get")]
    async fn list_teams(
        &self,
        cx: Cx<MembersRead>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Team>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| list(&cx, tx, &query).await).await.map(Json)
    }

    /// Export the list of teams
    ///
    /// The rows of the list with the same filters as CSV, by name. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/teams/export", method = "get")]
    async fn export_teams(
        &self,
        cx: Cx<MembersRead>,
        /// `field:op:value`, any number of them, all must hold.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "teams", columns: COLUMNS, filter: filter.0, sort: "name" };
        let event = NewEvent::new("team.exported", "teams", cx.tenant.id.0, "List of teams exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(list(cx, tx, query))).await
    }

    /// Make a team
    #[oai(path = "/teams", method = "post")]
    async fn create_team(&self, cx: Cx<TeamsWrite>, body: Json<NewTeam>) -> Result<Created<Team>> {
        let made = cx.control_create(async |tx| actions::create(tx, cx.tenant.id, body.0).await).await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        Ok(made)
    }

    /// Read a team
    #[oai(path = "/teams/:id", method = "get")]
    async fn get_team(&self, cx: Cx<MembersRead>, id: Path<TeamId>) -> Result<Tagged<Team>> {
        let team = cx.control(async |tx| db::get(tx, cx.tenant.id, id.0).await).await?;
        let version = team.version;
        Ok(Tagged::of(team, version))
    }

    /// Rename a team or change who belongs to it
    #[oai(path = "/teams/:id", method = "patch")]
    async fn update_team(
        &self,
        cx: Cx<TeamsWrite>,
        id: Path<TeamId>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<TeamChanges>,
    ) -> Result<Tagged<Team>> {
        let which = (id.0, if_match.0.as_deref());
        let team = cx.control(async |tx| actions::update(tx, cx.tenant.id, which, body.0).await).await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        let version = team.version;
        Ok(Tagged::of(team, version))
    }

    /// Delete a team; its members stay
    #[oai(path = "/teams/:id", method = "delete")]
    async fn delete_team(&self, cx: Cx<TeamsWrite>, id: Path<TeamId>) -> Result<NoContent> {
        cx.control(async |tx| actions::delete(tx, cx.tenant.id, id.0).await).await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        Ok(NoContent::Done)
    }
}

/// The teams of the tenant.
async fn list(cx: &Cx<MembersRead>, tx: &mut ControlTx, query: &ListQuery) -> Result<Page<Team>> {
    let tenant = Clause("t.tenant_id = ?", &cx.tenant.id, Type::UUID);
    tx.list(&db::LIST, query, &[tenant]).await
}
