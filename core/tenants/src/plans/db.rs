//! Statements on plans, exceptions and flags.
use super::{
    model::{FlagRow, ModuleRow, Plan, PlanRow},
    usage::Used,
};
use kernel::{ControlTx, Result, ids::TenantId, sql};

/// The plan in force: the tenant's own, else its agency's.
pub(crate) async fn plan(tx: &mut ControlTx, tenant: TenantId) -> Result<PlanRow> {
    tx.row(
        sql!(
            "select p.name, p.limits, p.modules from control.tenants t
             left join control.tenants a on a.id = t.parent_id
             left join control.plans p on p.id = coalesce(t.plan_id, a.plan_id)
             where t.id = $1"
        ),
        &[&tenant],
    )
    .await
}

/// Modules with an exception.
pub(crate) async fn modules(tx: &mut ControlTx, tenant: TenantId) -> Result<Vec<ModuleRow>> {
    tx.rows(sql!("select module, enabled from control.tenant_modules where tenant_id = $1"), &[&tenant]).await
}

/// Every flag with what is said about this tenant.
pub(crate) async fn flags(tx: &mut ControlTx, tenant: TenantId) -> Result<Vec<FlagRow>> {
    tx.rows(
        sql!(
            "select f.key, f.enabled, f.percent, t.enabled as own from control.feature_flags f
             left join control.tenant_flags t on t.flag = f.key and t.tenant_id = $1"
        ),
        &[&tenant],
    )
    .await
}

/// What a tenant has of everything that plans limit. Contacts and files are counted by the tenant as they come and go.
pub(crate) async fn used(tx: &mut ControlTx, tenant: TenantId) -> Result<Used> {
    tx.row(
        sql!(
            "select t.kind = 'agency' as agency,
               coalesce((select h.contacts from ops.activity_heads h where h.tenant = t.role_name), 0) as contacts,
               (select count(*) from control.memberships m where m.tenant_id = t.id) as members,
               (select count(*) from control.tenants c where c.parent_id = t.id and c.state <> 'deleted') as clients,
               (select count(*) from control.widgets w where w.tenant_id = t.id) as widgets,
               (select count(*) from control.domains d where d.tenant_id = t.id) as domains,
               coalesce((select sum(s.bytes) from ops.storage s where s.tenant = t.role_name), 0)::bigint as bytes
             from control.tenants t where t.id = $1"
        ),
        &[&tenant],
    )
    .await
}

/// Plans on offer, cheapest first.
pub(crate) async fn offered(tx: &mut ControlTx) -> Result<Vec<Plan>> {
    tx.rows(
        sql!(
            "select id, key, name, description, level, limits, modules, price_minor, currency, trial_days
             from control.plans where active order by level, price_minor, id"
        ),
        &[],
    )
    .await
}
