//! Statements on allowed websites. Triggers tell the edges about every change.
use super::model::{AllowedOrigin, OriginId};
use kernel::{
    ControlTx, Error, OnConstraint, Result,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    embed::{Entry, WidgetId},
    http::Page,
    ids::TenantId,
    sql,
};
use tokio_postgres::types::Type;

const LIST: ListSpec = ListSpec {
    select: "select o.id, o.widget_id, o.kind, o.origin, o.enabled, o.created_at, o.version from control.embed_origins o",
    id: "o.id",
    always: "",
    fields: &[
        Field { name: "origin", sql: "o.origin", kind: FieldKind::Text, sort: Some("o.origin") },
        Field { name: "kind", sql: "o.kind", kind: FieldKind::Text, sort: None },
        Field { name: "widget_id", sql: "o.widget_id", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "o.created_at", kind: FieldKind::Time, sort: Some("o.created_at") },
    ],
    default_sort: "-created_at",
};

/// One page of the tenant's websites.
pub(crate) async fn list(tx: &mut ControlTx, tenant: TenantId, query: &ListQuery) -> Result<Page<AllowedOrigin>> {
    tx.list(&LIST, query, &[Clause("o.tenant_id = ?", &tenant, Type::UUID)]).await
}

/// One of the tenant's websites.
pub(crate) async fn get(tx: &mut ControlTx, tenant: TenantId, id: OriginId) -> Result<AllowedOrigin> {
    tx.row(
        sql!(
            "select id, widget_id, kind, origin, enabled, created_at, version from control.embed_origins
             where tenant_id = $1 and id = $2"
        ),
        &[&tenant, &id],
    )
    .await
}

kernel::row! {
    /// An entry as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct StoredEntry { pub(crate) kind: String, pub(crate) origin: String, pub(crate) widget_id: Option<String> }
}

/// The tenant's entries that count, for one widget or for all.
pub(crate) async fn entries(tx: &mut ControlTx, tenant: TenantId) -> Result<Vec<StoredEntry>> {
    tx.rows(
        sql!("select kind, origin, widget_id from control.embed_origins where tenant_id = $1 and enabled"),
        &[&tenant],
    )
    .await
}

/// How many websites a tenant has.
pub(crate) async fn count(tx: &mut ControlTx, tenant: TenantId) -> Result<i64> {
    tx.value(sql!("select count(*) from control.embed_origins where tenant_id = $1"), &[&tenant]).await
}

/// Adds a website.
pub(crate) async fn insert(
    tx: &mut ControlTx,
    id: OriginId,
    tenant: TenantId,
    widget: Option<WidgetId>,
    entry: &Entry,
) -> Result<AllowedOrigin> {
    let now = tx.now();
    let widget = widget.as_ref().map(WidgetId::as_str);
    tx.row(
        sql!(
            "insert into control.embed_origins (id, tenant_id, widget_id, kind, origin, created_at)
             values ($1, $2, $3, $4, $5, $6)
             returning id, widget_id, kind, origin, enabled, created_at, version"
        ),
        &[&id, &tenant, &widget, &entry.kind().as_str(), &entry.stored(), &now],
    )
    .await
    .on_constraint("embed_origins_entry_unique", || {
        Error::conflict("origin_exists", "This website is allowed already.")
    })
}

/// Removes a website; the next action of a widget there is refused within a second.
pub(crate) async fn delete(tx: &mut ControlTx, tenant: TenantId, id: OriginId) -> Result<()> {
    tx.exec_one(sql!("delete from control.embed_origins where tenant_id = $1 and id = $2"), &[&tenant, &id]).await
}
