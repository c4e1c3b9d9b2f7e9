//! Statements on own domains.
use super::model::{DomainId, Found, Standing, Stored};
use chrono::{DateTime, Utc};
use kernel::{ControlTx, Error, OnConstraint, Result, ids::TenantId, sql};

/// A tenant's domains, oldest first.
pub(crate) async fn list(tx: &mut ControlTx, tenant: TenantId) -> Result<Vec<Stored>> {
    tx.rows(
        sql!(
            "select id, host, token, state, is_primary, found, looks, since, looked_at, next_look_at, created_at, version
             from control.domains where tenant_id = $1 order by created_at, id limit 100"
        ),
        &[&tenant],
    )
    .await
}

/// One of a tenant's domains.
pub(crate) async fn get(tx: &mut ControlTx, tenant: TenantId, id: DomainId) -> Result<Stored> {
    tx.row(
        sql!(
            "select id, host, token, state, is_primary, found, looks, since, looked_at, next_look_at, created_at, version
             from control.domains where tenant_id = $1 and id = $2"
        ),
        &[&tenant, &id],
    )
    .await
}

/// The same, and nobody else changes it meanwhile. The tenant is locked before.
pub(crate) async fn lock(tx: &mut ControlTx, tenant: TenantId, id: DomainId) -> Result<Stored> {
    tx.row(
        sql!(
            "select id, host, token, state, is_primary, found, looks, since, looked_at, next_look_at, created_at, version
             from control.domains where tenant_id = $1 and id = $2 for update"
        ),
        &[&tenant, &id],
    )
    .await
}

/// Whose domain it is.
pub(crate) async fn owner(tx: &mut ControlTx, id: DomainId) -> Result<TenantId> {
    tx.value(sql!("select tenant_id from control.domains where id = $1"), &[&id]).await
}

/// How many domains a tenant has.
pub(crate) async fn count(tx: &mut ControlTx, tenant: TenantId) -> Result<i64> {
    tx.value(sql!("select count(*) from control.domains where tenant_id = $1"), &[&tenant]).await
}

/// Whether somebody has proven a name.
pub(crate) async fn is_served(tx: &mut ControlTx, host: &str) -> Result<bool> {
    tx.value(
        sql!("select exists (select 1 from control.domains where host = $1 and state in ('active', 'failing'))"),
        &[&host],
    )
    .await
}

/// Adds a domain; it is looked at next.
pub(crate) async fn insert(
    tx: &mut ControlTx,
    (id, tenant): (DomainId, TenantId),
    host: &str,
    token: &str,
) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        sql!(
            "insert into control.domains (id, tenant_id, host, token, since, next_look_at, created_at) values ($1, $2, $3, $4, $5, $5, $5)"
        ),
        &[&id, &tenant, &host, &token, &now],
    )
    .await
    .on_constraint("domains_tenant_host_key", || Error::conflict("domain_exists", "You have added this name before."))
}

/// Domains whose next look is due, longest due first.
pub(crate) async fn due(tx: &mut ControlTx, now: DateTime<Utc>) -> Result<Vec<(TenantId, DomainId)>> {
    let rows: Vec<Due> = tx
        .rows(
            sql!(
                "select tenant_id, id from control.domains where next_look_at <= $1 order by next_look_at, id limit 50"
            ),
            &[&now],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.tenant_id, row.id)).collect())
}

kernel::row! {
    struct Due { tenant_id: TenantId, id: DomainId }
}

/// Writes down a look and what it led to; a name that somebody else has proven meanwhile is a conflict.
pub(crate) async fn looked(tx: &mut ControlTx, id: DomainId, standing: Standing, found: &Found) -> Result<()> {
    let now = tx.now();
    let Standing { state, since, looks, next_look_at } = standing;
    tx.exec_one(
        sql!(
            "update control.domains set state = $2, since = $3, looks = $4, next_look_at = $5, found = $6, looked_at = $7,
               is_primary = is_primary and $2 in ('active', 'failing'), version = version + (state <> $2)::int
             where id = $1"
        ),
        &[&id, &state.as_str(), &since, &looks, &next_look_at, &found, &now],
    )
    .await
    .on_constraint("domains_served_key", taken)
}

pub(crate) fn taken() -> Error {
    Error::conflict("domain_taken", "Another account has proven that this name is its own.")
}

/// Makes one of a tenant's domains the one that links name; none when `id` is absent.
pub(crate) async fn set_primary(tx: &mut ControlTx, tenant: TenantId, id: Option<DomainId>) -> Result<()> {
    tx.exec(
        sql!(
            "update control.domains set is_primary = false, version = version + 1
             where tenant_id = $1 and is_primary and id is distinct from $2"
        ),
        &[&tenant, &id],
    )
    .await?;
    tx.exec(
        sql!("update control.domains set is_primary = true, version = version + 1 where tenant_id = $1 and id = $2 and not is_primary"),
        &[&tenant, &id],
    )
    .await
    .map(drop)
}

/// Whether one of a tenant's domains is the one that links name.
pub(crate) async fn has_primary(tx: &mut ControlTx, tenant: TenantId) -> Result<bool> {
    tx.value(sql!("select exists (select 1 from control.domains where tenant_id = $1 and is_primary)"), &[&tenant])
        .await
}

/// A tenant's active domain that has been one for longest, except one.
pub(crate) async fn next_active(tx: &mut ControlTx, tenant: TenantId, except: DomainId) -> Result<Option<DomainId>> {
    tx.value_opt(
        sql!(
            "select id from control.domains where tenant_id = $1 and state = 'active' and id <> $2 order by since, id limit 1"
        ),
        &[&tenant, &except],
    )
    .await
}

/// Removes a domain.
pub(crate) async fn delete(tx: &mut ControlTx, tenant: TenantId, id: DomainId) -> Result<()> {
    tx.exec_one(sql!("delete from control.domains where tenant_id = $1 and id = $2"), &[&tenant, &id]).await
}

kernel::row! {
    /// Whose name it is.
    #[derive(Debug, Clone)]
    pub(crate) struct Owner {
        pub(crate) tenant_id: TenantId,
        pub(crate) parent_id: Option<TenantId>,
    }
}

/// Whose console is served under a name.
pub(crate) async fn served(tx: &mut ControlTx, host: &str) -> Result<Option<Owner>> {
    tx.opt(
        sql!(
            "select d.tenant_id, t.parent_id from control.domains d join control.tenants t on t.id = d.tenant_id
             where d.host = $1 and d.state in ('active', 'failing') and t.state not in ('deleting', 'deleted')"
        ),
        &[&host],
    )
    .await
}

/// The name that links for a tenant's members carry: its own, or its agency's. None: the platform's.
pub(crate) async fn address(tx: &mut ControlTx, tenant: TenantId) -> Result<Option<String>> {
    tx.value_opt(
        sql!(
            "select d.host from control.tenants t
             join control.domains d on d.tenant_id in (t.id, t.parent_id) and d.is_primary and d.state = 'active'
             where t.id = $1 order by d.tenant_id = t.id desc limit 1"
        ),
        &[&tenant],
    )
    .await
}
