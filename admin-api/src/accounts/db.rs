use super::model::Account;
use kernel::{
    ControlTx, Result,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    http::Page,
    ids::TenantId,
    sql,
};
use tokio_postgres::types::Type;

const LIST: ListSpec = ListSpec {
    select: "select t.id, t.kind, t.parent_id, t.name, t.state, t.plan_id, t.schema_version, n.clients, n.members, t.activated_at from control.tenants t cross join lateral (values (control.client_count(t.id), control.member_count(t.id))) as n(clients, members)",
    id: "t.id",
    always: "t.kind is not null",
    fields: &[
        Field { name: "kind", sql: "t.kind", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "t.state", kind: FieldKind::Text, sort: None },
        Field { name: "name", sql: "t.name", kind: FieldKind::Text, sort: Some("lower(t.name)") },
        Field { name: "parent_id", sql: "t.parent_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "created_at", sql: "t.created_at", kind: FieldKind::Time, sort: Some("t.created_at") },
    ],
    default_sort: "name",
};

/// Accounts of a kind; `search` finds a part of the name.
pub async fn list(tx: &mut ControlTx, kind: &str, search: Option<&str>, query: &ListQuery) -> Result<Page<Account>> {
    let pattern =
        search.map(|s| format!("%{}%", s.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_").to_lowercase()));
    let mut clauses = vec![Clause("t.kind = ?", &kind, Type::TEXT)];
    if let Some(pattern) = &pattern {
        clauses.push(Clause("lower(t.name) like ?", pattern, Type::TEXT));
    }
    tx.list(&LIST, query, &clauses).await
}

pub async fn get(tx: &mut ControlTx, id: TenantId) -> Result<Account> {
    let sql = sql!(
        "select t.id, t.kind, t.parent_id, t.name, t.state, t.plan_id, t.schema_version, control.client_count(t.id) as clients,
           control.member_count(t.id) as members, t.activated_at
         from control.tenants t where t.id = $1 and t.kind is not null"
    );
    tx.row(sql, &[&id]).await
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
