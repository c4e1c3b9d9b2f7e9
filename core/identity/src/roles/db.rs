//! Statements about roles.
use super::model::{Role, RoleId};
use chrono::{DateTime, Utc};
use kernel::{
    Error, OnConstraint, Result,
    db::{Field, FieldKind, ListSpec, Query, Sql},
    ids::TenantId,
    sql,
};
use serde_json::Value;

/// The roles of a tenant: its own and the seeded ones of its kind.
pub(crate) const LIST: ListSpec = ListSpec {
    select: "select id, key, name, description, grants, tenant_id is null as seeded, null::bigint as members, created_at, version from roles",
    id: "id",
    always: "",
    fields: &[
        Field { name: "name", sql: "name", kind: FieldKind::Text, sort: Some("name") },
        Field { name: "key", sql: "key", kind: FieldKind::Text, sort: Some("key") },
        Field { name: "created_at", sql: "created_at", kind: FieldKind::Time, sort: Some("created_at") },
    ],
    default_sort: "name",
};

/// One role that a tenant has, with how many of its members have it.
pub(crate) async fn get(tx: &mut Query, tenant: TenantId, kind: &str, id: RoleId) -> Result<Role> {
    const SELECT: Sql = sql!(
        "select r.id, r.key, r.name, r.description, r.grants, r.tenant_id is null as seeded, r.created_at, r.version,
           (select count(*) from member_roles mr where mr.role_id = r.id and mr.tenant_id = $1) as members
         from roles r where r.id = $3 and (r.tenant_id = $1 or (r.tenant_id is null and r.tenant_kind = $2))"
    );
    tx.row(SELECT, &[&tenant, &kind, &id]).await
}

/// Those of the ids that are roles of the tenant.
pub(crate) async fn existing(tx: &mut Query, tenant: TenantId, kind: &str, ids: &[RoleId]) -> Result<Vec<Role>> {
    const SELECT: Sql = sql!(
        "select id, key, name, description, grants, tenant_id is null as seeded, null::bigint as members, created_at,
           version from roles
         where id = any($3) and (tenant_id = $1 or (tenant_id is null and tenant_kind = $2)) order by name"
    );
    tx.rows(SELECT, &[&tenant, &kind, &ids]).await
}

/// A seeded role.
pub(crate) async fn seeded(tx: &mut Query, key: &str) -> Result<RoleId> {
    const SELECT: Sql = sql!("select id from roles where tenant_id is null and key = $1");
    tx.value(SELECT, &[&key]).await
}

/// Roles of a tenant by key.
pub(crate) async fn by_keys(tx: &mut Query, tenant: TenantId, keys: &[String]) -> Result<Vec<RoleId>> {
    const SELECT: Sql = sql!(
        "select r.id from roles r join tenants t on t.id = $1
         where r.key = any($2) and (r.tenant_id = $1 or (r.tenant_id is null and r.tenant_kind = t.kind))"
    );
    tx.values(SELECT, &[&tenant, &keys]).await
}

/// Adds a role of a tenant.
pub(crate) async fn insert(
    tx: &mut Query,
    (id, tenant, kind): (RoleId, TenantId, &str),
    (key, name, description, grants): (&str, &str, &str, &Value),
    now: DateTime<Utc>,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into roles (id, tenant_id, tenant_kind, key, name, description, grants, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
    );
    tx.exec(INSERT, &[&id, &tenant, &kind, &key, &name, &description, &grants, &now])
        .await
        .map(drop)
        .on_constraint("roles_key_key", || Error::conflict("role_key_taken", "There is a role with this key."))
}

/// Changes a role of a tenant; gives the new version.
pub(crate) async fn update(
    tx: &mut Query,
    (id, tenant): (RoleId, TenantId),
    (name, description, grants): (Option<&str>, Option<&str>, Option<&Value>),
    now: DateTime<Utc>,
) -> Result<i64> {
    const UPDATE: Sql = sql!(
        "update roles set name = coalesce($3, name), description = coalesce($4, description),
           grants = coalesce($5, grants), updated_at = $6, version = version + 1
         where id = $1 and tenant_id = $2 returning version"
    );
    tx.value(UPDATE, &[&id, &tenant, &name, &description, &grants, &now]).await
}

/// Holds a tenant's role until the transaction ends.
pub(crate) async fn lock(tx: &mut Query, id: RoleId) -> Result<()> {
    const LOCK: Sql = sql!("select 1 from roles where id = $1 for update");
    tx.exec_one(LOCK, &[&id]).await
}

/// Deletes a role of a tenant that nobody has.
pub(crate) async fn delete(tx: &mut Query, id: RoleId, tenant: TenantId) -> Result<()> {
    const DELETE: Sql = sql!("delete from roles where id = $1 and tenant_id = $2");
    tx.exec_one(DELETE, &[&id, &tenant]).await.on_constraint("member_roles_role_id_fkey", || {
        Error::conflict("role_in_use", "Members have this role. Give them another one first.")
    })
}
