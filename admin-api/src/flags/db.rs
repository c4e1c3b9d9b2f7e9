use super::model::{Flag, FlagBody, NamedTenant};
use kernel::{ControlTx, Error, OnConstraint, Result, ids::TenantId, sql};

pub async fn list(tx: &mut ControlTx) -> Result<Vec<Flag>> {
    let sql = sql!(
        "select f.key, f.description, f.enabled, f.percent, f.updated_at, f.version,
           (select count(*) from control.tenant_flags t where t.flag = f.key) as tenants
         from control.feature_flags f order by f.key"
    );
    tx.rows(sql, &[]).await
}

/// Tenants about which something of their own was said, by name: the first five hundred.
pub async fn tenants(tx: &mut ControlTx, key: &str) -> Result<Vec<NamedTenant>> {
    let sql = sql!(
        "select f.tenant_id, t.name, t.kind, f.enabled, f.updated_at from control.tenant_flags f
         join control.tenants t on t.id = f.tenant_id where f.flag = $1 order by lower(t.name), t.id limit 500"
    );
    tx.rows(sql, &[&key]).await
}

/// Makes a flag; none when there is one of this key.
pub async fn insert(tx: &mut ControlTx, key: &str, flag: &FlagBody) -> Result<Option<Flag>> {
    let sql = sql!(
        "insert into control.feature_flags as f (key, description, enabled, percent, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
         on conflict (key) do nothing
         returning f.key, f.description, f.enabled, f.percent, f.updated_at, f.version,
           (select count(*) from control.tenant_flags t where t.flag = f.key) as tenants"
    );
    let now = tx.now();
    let bad_key =
        || Error::invalid("/key", "flag_key", "A flag's key has lower-case letters, digits, dots and underscores.");
    tx.opt(sql, &[&key, &flag.description, &flag.enabled, &flag.percent, &now])
        .await
        .on_constraint("feature_flags_key_check", bad_key)
}

pub async fn version(tx: &mut ControlTx, key: &str) -> Result<i64> {
    tx.value(sql!("select version from control.feature_flags where key = $1 for update"), &[&key]).await
}

pub async fn update(tx: &mut ControlTx, key: &str, flag: &FlagBody) -> Result<Flag> {
    let sql = sql!(
        "update control.feature_flags f set description = $2, enabled = $3, percent = $4, updated_at = $5, version = version + 1
         where key = $1
         returning f.key, f.description, f.enabled, f.percent, f.updated_at, f.version,
           (select count(*) from control.tenant_flags t where t.flag = f.key) as tenants"
    );
    let now = tx.now();
    tx.row(sql, &[&key, &flag.description, &flag.enabled, &flag.percent, &now]).await
}

pub async fn put_tenant(tx: &mut ControlTx, key: &str, tenant: TenantId, enabled: bool) -> Result<()> {
    let sql = sql!(
        "insert into control.tenant_flags (tenant_id, flag, enabled, updated_at) values ($1, $2, $3, $4)
         on conflict (tenant_id, flag) do update set enabled = $3, updated_at = $4"
    );
    let now = tx.now();
    tx.exec(sql, &[&tenant, &key, &enabled, &now])
        .await
        .on_constraint("tenant_flags_flag_fkey", Error::not_found)
        .on_constraint("tenant_flags_tenant_id_fkey", Error::not_found)?;
    Ok(())
}

pub async fn clear_tenant(tx: &mut ControlTx, key: &str, tenant: TenantId) -> Result<()> {
    tx.exec(sql!("delete from control.tenant_flags where flag = $1 and tenant_id = $2"), &[&key, &tenant]).await?;
    Ok(())
}
