use super::model::AuditEntry;
use kernel::{
    ControlTx, Result,
    db::{Field, FieldKind, ListQuery, ListSpec},
    http::Page,
};

const LIST: ListSpec = ListSpec {
    select: "select e.id, e.tenant_id, t.name as tenant, e.kind, e.subject, e.subject_id, s.name as about, e.title, e.payload, e.actor_kind, e.actor_id, coalesce(a.name, u.name) as actor, e.on_behalf_of, e.occurred_at from control.audit_events e left join control.tenants t on t.id = e.tenant_id left join control.tenants s on s.id = e.subject_id and s.id <> e.tenant_id left join control.platform_admins a on a.id = e.actor_id left join control.users u on u.id = e.actor_id",
    id: "e.id",
    always: "",
    fields: &[
        Field { name: "tenant_id", sql: "e.tenant_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "kind", sql: "e.kind", kind: FieldKind::Text, sort: None },
        Field { name: "subject", sql: "e.subject", kind: FieldKind::Text, sort: None },
        Field { name: "actor_kind", sql: "e.actor_kind", kind: FieldKind::Text, sort: None },
        Field { name: "occurred_at", sql: "e.occurred_at", kind: FieldKind::Time, sort: Some("e.occurred_at") },
    ],
    default_sort: "-occurred_at",
};

pub async fn list(tx: &mut ControlTx, query: &ListQuery) -> Result<Page<AuditEntry>> {
    tx.list(&LIST, query, &[]).await
}
