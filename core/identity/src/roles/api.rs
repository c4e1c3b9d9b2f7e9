//! `/v1/roles` and the catalogue of permissions.
use super::{
    actions::{self, kind},
    db,
    model::{NewRole, Role, RoleChanges, RoleId},
};
use crate::{MembersRead, RolesWrite};
use kernel::{
    ControlTx, Cx, Result,
    auth::{SignedIn, is_read},
    db::{Clause, ListQuery},
    events::NewEvent,
    http::{Created, NoContent, Page, Tagged},
    tenancy::memory::Change,
};
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use postgres_types::Type;
use sheets::{CsvFile, Export};

/// A permission that roles and API keys can hold.
#[derive(Object, Debug, Clone)]
pub struct PermissionEntry {
    /// `<module>.<action>`.
    pub name: String,
    /// The module it belongs to.
    pub module: String,
    /// What it allows.
    pub description: String,
    /// Whether it changes anything.
    pub writes: bool,
}

/// Roles.
#[derive(Debug)]
pub struct RolesApi;

const COLUMNS: &[&str] = &["id", "key", "name", "description", "grants", "seeded", "created_at"];

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl RolesApi {
    /// List roles
    #[oai(path = "/roles", method = "get")]
    async fn list_roles(
        &self,
        cx: Cx<MembersRead>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Role>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| list(&cx, tx, &query).await).await.map(Json)
    }

    /// Export the list of roles
    ///
    /// The rows of the list with the same filters as CSV, by name. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/roles/export", method = "get")]
    async fn export_roles(
        &self,
        cx: Cx<MembersRead>,
        /// `field:op:value`, any number of them, all must hold.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "roles", columns: COLUMNS, filter: filter.0, sort: "name" };
        let event = NewEvent::new("role.exported", "roles", cx.tenant.id.0, "List of roles exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(list(cx, tx, query))).await
    }

    /// Make a role
    #[oai(path = "/roles", method = "post")]
    async fn create_role(&self, cx: Cx<RolesWrite>, body: Json<NewRole>) -> Result<Created<Role>> {
        cx.control_create(async |tx| actions::create(tx, &cx.tenant, &cx.principal, body.0).await).await
    }

    /// Read a role
    #[oai(path = "/roles/:id", method = "get")]
    async fn get_role(&self, cx: Cx<MembersRead>, id: Path<RoleId>) -> Result<Tagged<Role>> {
        let role = cx.control(async |tx| db::get(tx, cx.tenant.id, kind(&cx.tenant), id.0).await).await?;
        let version = role.version;
        Ok(Tagged::of(role, version))
    }

    /// Change a role
    #[oai(path = "/roles/:id", method = "patch")]
    async fn update_role(
        &self,
        cx: Cx<RolesWrite>,
        id: Path<RoleId>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<RoleChanges>,
    ) -> Result<Tagged<Role>> {
        let which = (id.0, if_match.0.as_deref());
        let update = async |tx: &mut _| actions::update(tx, &cx.tenant, &cx.principal, which, body.0).await;
        let role = cx.control(update).await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        let version = role.version;
        Ok(Tagged::of(role, version))
    }

    /// Delete a role that nobody has
    #[oai(path = "/roles/:id", method = "delete")]
    async fn delete_role(&self, cx: Cx<RolesWrite>, id: Path<RoleId>) -> Result<NoContent> {
        cx.control(async |tx| actions::delete(tx, &cx.tenant, &cx.principal, id.0).await).await?;
        Ok(NoContent::Done)
    }

    /// List every permission there is
    #[oai(path = "/permissions", method = "get")]
    async fn list_permissions(&self, cx: Cx<SignedIn>) -> Result<Json<Page<PermissionEntry>>> {
        let entries = cx.app.modules.iter().flat_map(|module| module.permissions).map(|p| PermissionEntry {
            name: p.name.into(),
            module: p.name.split('.').next().unwrap_or_default().into(),
            description: p.doc.trim().into(),
            writes: !is_read(p.name),
        });
        Ok(Json(Page { items: entries.collect(), next_cursor: None }))
    }
}

/// The roles of the tenant: its own and the seeded ones of its kind.
async fn list(cx: &Cx<MembersRead>, tx: &mut ControlTx, query: &ListQuery) -> Result<Page<Role>> {
    let (tenant, kind) = (cx.tenant.id, kind(&cx.tenant));
    let own = Clause("(tenant_id = ? or tenant_id is null)", &tenant, Type::UUID);
    let of_kind = Clause("tenant_kind = ?", &kind, Type::TEXT);
    tx.list(&db::LIST, query, &[own, of_kind]).await
}
