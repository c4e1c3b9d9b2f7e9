//! Statements on widgets. Triggers tell the edges about every change.
use super::model::{NewWidget, Widget, WidgetPatch};
use chrono::{DateTime, Utc};
use kernel::{
    ControlTx, Result,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    embed::WidgetId,
    http::Page,
    ids::TenantId,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select w.id, w.kind, w.resource_id, w.name, w.enabled, w.hosted_url, w.cross_origin_isolated, w.config_rev, \
        (select count(*) from control.embed_origins o where o.tenant_id = w.tenant_id and o.enabled \
          and o.kind <> 'ancestor_only' and (o.widget_id is null or o.widget_id = w.id)) as websites, \
        (select max(s.last_at) from control.embed_sightings s where s.widget_id = w.id and s.outcome = 'seen') as last_seen_at, \
        w.created_at, w.updated_at, w.version from control.widgets w",
    // The public id is no uuid; what a widget shows is one, and a widget shows one thing.
    id: "w.resource_id",
    always: "",
    fields: &[
        Field { name: "name", sql: "w.name", kind: FieldKind::Text, sort: Some("shared.fold(w.name)") },
        Field { name: "kind", sql: "w.kind", kind: FieldKind::Text, sort: None },
        Field { name: "enabled", sql: "w.enabled", kind: FieldKind::Bool, sort: None },
        Field { name: "created_at", sql: "w.created_at", kind: FieldKind::Time, sort: Some("w.created_at") },
    ],
    default_sort: "-created_at",
};

/// One page of the tenant's widgets.
pub(crate) async fn list(tx: &mut ControlTx, tenant: TenantId, query: &ListQuery) -> Result<Page<Widget>> {
    tx.list(&LIST, query, &[Clause("w.tenant_id = ?", &tenant, Type::UUID)]).await
}

/// One of the tenant's widgets.
pub(crate) async fn get(tx: &mut ControlTx, tenant: TenantId, id: WidgetId) -> Result<Widget> {
    tx.row(
        sql!(
            "select w.id, w.kind, w.resource_id, w.name, w.enabled, w.hosted_url, w.cross_origin_isolated, w.config_rev,
               (select count(*) from control.embed_origins o where o.tenant_id = w.tenant_id and o.enabled
                 and o.kind <> 'ancestor_only' and (o.widget_id is null or o.widget_id = w.id)) as websites,
               (select max(s.last_at) from control.embed_sightings s where s.widget_id = w.id and s.outcome = 'seen')
                 as last_seen_at,
               w.created_at, w.updated_at, w.version
             from control.widgets w where w.tenant_id = $1 and w.id = $2"
        ),
        &[&tenant, &id.as_str()],
    )
    .await
}

/// The version of one of the tenant's widgets, under lock.
pub(crate) async fn lock(tx: &mut ControlTx, tenant: TenantId, id: WidgetId) -> Result<i64> {
    tx.value(
        sql!("select version from control.widgets where tenant_id = $1 and id = $2 for update"),
        &[&tenant, &id.as_str()],
    )
    .await
}

/// The public id of the widget that shows a resource.
pub(crate) async fn by_resource(
    tx: &mut ControlTx,
    tenant: TenantId,
    kind: &str,
    resource: Uuid,
) -> Result<Option<String>> {
    tx.value_opt(
        sql!("select id from control.widgets where tenant_id = $1 and kind = $2 and resource_id = $3 for update"),
        &[&tenant, &kind, &resource],
    )
    .await
}

/// How many widgets a tenant has.
pub(crate) async fn count(tx: &mut ControlTx, tenant: TenantId) -> Result<i64> {
    tx.value(sql!("select count(*) from control.widgets where tenant_id = $1"), &[&tenant]).await
}

/// Adds a widget; false when somebody else just published the same resource.
pub(crate) async fn insert(tx: &mut ControlTx, id: WidgetId, new: &NewWidget) -> Result<bool> {
    let now = tx.now();
    let added = tx
        .exec(
            sql!(
                "insert into control.widgets (id, tenant_id, kind, resource_id, name, config, hosted_url, created_at, updated_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
                 on conflict on constraint widgets_resource_unique do nothing"
            ),
            &[
                &id.as_str(),
                &new.tenant,
                &new.kind,
                &new.resource_id,
                &new.name,
                &new.config,
                &new.hosted_url,
                &now,
            ],
        )
        .await?;
    Ok(added == 1)
}

/// What visitors see changed. Nothing happens, and no edge is told, when it did not.
pub(crate) async fn set_config(tx: &mut ControlTx, new: &NewWidget) -> Result<bool> {
    let now = tx.now();
    let changed = tx
        .exec(
            sql!(
                "update control.widgets set config = $4, config_rev = config_rev + 1, hosted_url = coalesce(hosted_url, $5),
                   updated_at = $6, version = version + 1
                 where tenant_id = $1 and kind = $2 and resource_id = $3 and config is distinct from $4"
            ),
            &[&new.tenant, &new.kind, &new.resource_id, &new.config, &new.hosted_url, &now],
        )
        .await?;
    Ok(changed == 1)
}

/// Changes what members set.
pub(crate) async fn update(tx: &mut ControlTx, tenant: TenantId, id: WidgetId, patch: &WidgetPatch) -> Result<()> {
    let now = tx.now();
    let (given, hosted_url) = (!patch.hosted_url.is_undefined(), patch.hosted_url.value());
    tx.exec_one(
        sql!(
            "update control.widgets set name = coalesce($3, name), enabled = coalesce($4, enabled),
               hosted_url = case when $5 then $6 else hosted_url end,
               cross_origin_isolated = coalesce($7, cross_origin_isolated), updated_at = $8, version = version + 1
             where tenant_id = $1 and id = $2"
        ),
        &[
            &tenant,
            &id.as_str(),
            &patch.name.as_deref().map(str::trim),
            &patch.enabled,
            &given,
            &hosted_url,
            &patch.cross_origin_isolated,
            &now,
        ],
    )
    .await
}

/// Switches the widget of a resource; gives its id when that changed anything.
pub(crate) async fn switch(
    tx: &mut ControlTx,
    tenant: TenantId,
    kind: &str,
    resource: Uuid,
    on: bool,
) -> Result<Option<String>> {
    let now = tx.now();
    tx.value_opt(
        sql!(
            "update control.widgets set enabled = $4, updated_at = $5, version = version + 1
             where tenant_id = $1 and kind = $2 and resource_id = $3 and enabled <> $4 returning id"
        ),
        &[&tenant, &kind, &resource, &on, &now],
    )
    .await
}

/// Removes the widget of a resource with its websites and sightings.
pub(crate) async fn delete(tx: &mut ControlTx, tenant: TenantId, kind: &str, resource: Uuid) -> Result<Option<String>> {
    tx.value_opt(
        sql!("delete from control.widgets where tenant_id = $1 and kind = $2 and resource_id = $3 returning id"),
        &[&tenant, &kind, &resource],
    )
    .await
}

kernel::row! {
    /// When a widget was last met on a website.
    #[derive(Debug, Clone)]
    pub(crate) struct Met { pub(crate) seen: Option<DateTime<Utc>>, pub(crate) refused: Option<DateTime<Utc>> }
}

/// When a widget was last shown and refused on a website.
pub(crate) async fn met(tx: &mut ControlTx, id: WidgetId, origin: &str) -> Result<Met> {
    tx.row(
        sql!(
            "select max(last_at) filter (where outcome = 'seen') as seen, max(last_at) filter (where outcome = 'refused') as refused
             from control.embed_sightings where widget_id = $1 and origin = $2"
        ),
        &[&id.as_str(), &origin],
    )
    .await
}
