//! `/v1/roles` and the catalogue of permissions.
use super::{
    actions::{self, kind},
    db,
    model::{NewRole, Role, RoleChanges, RoleId},
};
use crate::{MembersRead, RolesWrite};
use kernel::{
    Cx, Result,
    auth::{SignedIn, is_read},
    db::{Clause, ListQuery},
    http::{Created, NoContent, Page, Tagged},
    tenancy::memory::Change,
};
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use postgres_types::Type;

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
        let (tenant, kind) = (cx.tenant.id, kind(&cx.tenant));
        let own = Clause("(tenant_id = ? or tenant_id is null)", &tenant, Type::UUID);
        let of_kind = Clause("tenant_kind = ?", &kind, Type::TEXT);
        cx.control(async |tx| tx.list(&db::LIST, &query, &[own, of_kind]).await).await.map(Json)
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
