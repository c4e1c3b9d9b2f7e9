//! Statements about API keys.
use super::model::{ApiKey, ApiKeyId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Field, FieldKind, ListSpec, Query, Sql},
    ids::{TenantId, UserId},
    sql,
};
use serde_json::Value;

/// The keys of a tenant.
pub(crate) const LIST: ListSpec = ListSpec {
    select: "select id, name, hint, scopes, addresses, created_by, created_at, expires_at, last_used_at, revoked_at, version from api_keys",
    id: "id",
    always: "",
    fields: &[
        Field { name: "name", sql: "name", kind: FieldKind::Text, sort: Some("name") },
        Field { name: "created_by", sql: "created_by", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "created_at", sql: "created_at", kind: FieldKind::Time, sort: Some("created_at") },
        Field { name: "last_used_at", sql: "last_used_at", kind: FieldKind::Time, sort: None },
        Field { name: "revoked_at", sql: "revoked_at", kind: FieldKind::Time, sort: None },
    ],
    default_sort: "-created_at",
};

/// One key.
pub(crate) async fn get(tx: &mut Query, tenant: TenantId, id: ApiKeyId) -> Result<ApiKey> {
    const SELECT: Sql = sql!(
        "select id, name, hint, scopes, addresses, created_by, created_at, expires_at, last_used_at, revoked_at, version
         from api_keys where tenant_id = $1 and id = $2"
    );
    tx.row(SELECT, &[&tenant, &id]).await
}

/// A key to store.
pub(crate) struct NewRow<'a> {
    pub id: ApiKeyId,
    pub tenant: TenantId,
    pub name: &'a str,
    pub hash: &'a [u8],
    pub hint: &'a str,
    pub scopes: Value,
    pub addresses: &'a [String],
    pub created_by: UserId,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Adds a key.
pub(crate) async fn insert(tx: &mut Query, new: &NewRow<'_>, now: DateTime<Utc>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into api_keys (id, tenant_id, name, hash, hint, scopes, addresses, created_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let values: [&(dyn postgres_types::ToSql + Sync); 10] = [
        &new.id,
        &new.tenant,
        &new.name,
        &new.hash,
        &new.hint,
        &new.scopes,
        &new.addresses,
        &new.created_by,
        &now,
        &new.expires_at,
    ];
    tx.exec(INSERT, &values).await.map(drop)
}

/// Holds a key until the transaction ends.
pub(crate) async fn lock(tx: &mut Query, tenant: TenantId, id: ApiKeyId) -> Result<()> {
    const LOCK: Sql = sql!("select 1 from api_keys where tenant_id = $1 and id = $2 for update");
    tx.exec_one(LOCK, &[&tenant, &id]).await
}

/// Renames a key.
pub(crate) async fn rename(tx: &mut Query, tenant: TenantId, id: ApiKeyId, name: &str) -> Result<()> {
    const UPDATE: Sql = sql!("update api_keys set name = $3, version = version + 1 where tenant_id = $1 and id = $2");
    tx.exec_one(UPDATE, &[&tenant, &id, &name]).await
}

/// Revokes a key that still works.
pub(crate) async fn revoke(tx: &mut Query, tenant: TenantId, id: ApiKeyId, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update api_keys set revoked_at = $3, version = version + 1
         where tenant_id = $1 and id = $2 and revoked_at is null"
    );
    tx.exec_one(UPDATE, &[&tenant, &id, &now]).await
}
