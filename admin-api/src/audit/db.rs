use super::model::AuditEntry;
use kernel::{
    ControlTx, Result,
    db::{Field, FieldKind, ListQuery, ListSpec},
    http::Page,
};

const LIST: ListSpec = ListSpec {
    select: "select id, tenant_id, kind, subject, subject_id, title, payload, actor_kind, actor_id, on_behalf_of, occurred_at from control.audit_events",
    id: "id",
    always: "",
    fields: &[
        Field { name: "tenant_id", sql: "tenant_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "kind", sql: "kind", kind: FieldKind::Text, sort: None },
        Field { name: "subject", sql: "subject", kind: FieldKind::Text, sort: None },
        Field { name: "actor_kind", sql: "actor_kind", kind: FieldKind::Text, sort: None },
        Field { name: "occurred_at", sql: "occurred_at", kind: FieldKind::Time, sort: Some("occurred_at") },
    ],
    default_sort: "-occurred_at",
};

pub async fn list(tx: &mut ControlTx, query: &ListQuery) -> Result<Page<AuditEntry>> {
    tx.list(&LIST, query, &[]).await
}
