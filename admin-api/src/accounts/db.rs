use super::model::{Account, AccountMember, FlagRow};
use kernel::{
    ControlTx, Result,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    http::Page,
    ids::TenantId,
    sql,
};
use tokio_postgres::types::Type;

const LIST: ListSpec = ListSpec {
    select: "select t.id, t.kind, t.parent_id, a.name as parent_name, t.name, t.slug, t.state, t.plan_id, p.name as plan_name, case when t.plan_id is not null then p.price_minor end as price_minor, case when t.plan_id is not null then p.currency end as currency, t.trial_days, control.trial_end(t.activated_at, t.trial_days, t.plan_id) as trial_ends_at, t.schema_version, n.clients, n.members, t.activated_at, s.reason as stop_reason, s.by_platform as stopped_by_platform, d.due_at as deletion_due_at from control.tenants t left join control.tenants a on a.id = t.parent_id left join control.plans p on p.id = coalesce(t.plan_id, a.plan_id) left join control.suspensions s on s.tenant_id = t.id left join control.deletions d on d.tenant_id = t.id cross join lateral (values (control.client_count(t.id), control.member_count(t.id))) as n(clients, members)",
    id: "t.id",
    always: "t.kind is not null",
    fields: &[
        Field { name: "kind", sql: "t.kind", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "t.state", kind: FieldKind::Text, sort: None },
        Field { name: "name", sql: "t.name", kind: FieldKind::Text, sort: Some("lower(t.name)") },
        Field { name: "parent_id", sql: "t.parent_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "plan_id", sql: "coalesce(t.plan_id, a.plan_id)", kind: FieldKind::Id("pln"), sort: None },
        Field { name: "created_at", sql: "t.created_at", kind: FieldKind::Time, sort: Some("t.created_at") },
    ],
    default_sort: "name",
};

/// Accounts of a kind; `search` finds a part of the name or of the name in addresses.
pub async fn list(tx: &mut ControlTx, kind: &str, search: Option<&str>, query: &ListQuery) -> Result<Page<Account>> {
    let pattern =
        search.map(|s| format!("%{}%", s.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_").to_lowercase()));
    let mut clauses = vec![Clause("t.kind = ?", &kind, Type::TEXT)];
    if let Some(pattern) = &pattern {
        clauses.push(Clause("lower(t.name || ' ' || coalesce(t.slug, '')) like ?", pattern, Type::TEXT));
    }
    tx.list(&LIST, query, &clauses).await
}

pub async fn get(tx: &mut ControlTx, id: TenantId) -> Result<Account> {
    let sql = sql!(
        "select t.id, t.kind, t.parent_id, a.name as parent_name, t.name, t.slug, t.state, t.plan_id, p.name as plan_name,
           case when t.plan_id is not null then p.price_minor end as price_minor,
           case when t.plan_id is not null then p.currency end as currency,
           t.trial_days, control.trial_end(t.activated_at, t.trial_days, t.plan_id) as trial_ends_at, t.schema_version, control.client_count(t.id) as clients, control.member_count(t.id) as members, t.activated_at,
           s.reason as stop_reason, s.by_platform as stopped_by_platform, d.due_at as deletion_due_at
         from control.tenants t
         left join control.tenants a on a.id = t.parent_id
         left join control.plans p on p.id = coalesce(t.plan_id, a.plan_id)
         left join control.suspensions s on s.tenant_id = t.id
         left join control.deletions d on d.tenant_id = t.id
         where t.id = $1 and t.kind is not null"
    );
    tx.row(sql, &[&id]).await
}

/// Who works in an account, by name: the first two hundred.
pub async fn members(tx: &mut ControlTx, id: TenantId) -> Result<Vec<AccountMember>> {
    let sql = sql!(
        "select u.id as user_id, m.name, u.email,
           array(select r.name from control.member_roles mr join control.roles r on r.id = mr.role_id
                 where mr.tenant_id = m.tenant_id and mr.user_id = m.user_id order by r.name) as roles
         from control.memberships m join control.users u on u.id = m.user_id
         where m.tenant_id = $1 and m.state = 'active' order by lower(m.name), u.id limit 200"
    );
    tx.rows(sql, &[&id]).await
}

/// Every flag with what was said about an account.
pub async fn flags(tx: &mut ControlTx, id: TenantId) -> Result<Vec<FlagRow>> {
    let sql = sql!(
        "select f.key, f.description, t.enabled as own from control.feature_flags f
         left join control.tenant_flags t on t.flag = f.key and t.tenant_id = $1 order by f.key"
    );
    tx.rows(sql, &[&id]).await
}

pub async fn set_module(tx: &mut ControlTx, id: TenantId, module: &str, enabled: bool) -> Result<()> {
    let sql = sql!(
        "insert into control.tenant_modules (tenant_id, module, enabled, updated_at) values ($1, $2, $3, $4)
         on conflict (tenant_id, module) do update set enabled = $3, updated_at = $4"
    );
    let now = tx.now();
    tx.exec(sql, &[&id, &module, &enabled, &now]).await?;
    Ok(())
}

pub async fn clear_module(tx: &mut ControlTx, id: TenantId, module: &str) -> Result<()> {
    tx.exec(sql!("delete from control.tenant_modules where tenant_id = $1 and module = $2"), &[&id, &module]).await?;
    Ok(())
}
