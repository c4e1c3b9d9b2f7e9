//! Statements on an agency's clients.
use super::model::{Activity, Allowance, ClientRow};
use chrono::TimeDelta;
use kernel::{
    ControlTx, Result,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    http::Page,
    ids::TenantId,
    sql,
};
use std::collections::HashMap;
use tokio_postgres::types::Type;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select t.id, t.name, t.slug, t.state, t.zone, t.locale, t.country, t.currency, t.plan_id, \
        t.trial_days, control.trial_end(t.activated_at, t.trial_days, t.plan_id) as trial_ends_at, s.reason as stop_reason, s.by_platform as stopped_by_platform, d.due_at as deletion_due_at, \
        x.id as transfer_id, t.activated_at, t.version \
        from control.tenants t left join control.suspensions s on s.tenant_id = t.id \
        left join control.deletions d on d.tenant_id = t.id \
        left join control.transfers x on x.tenant_id = t.id and x.state = 'offered'",
    id: "t.id",
    always: "t.kind = 'client' and t.state <> 'deleted'",
    fields: &[
        Field { name: "name", sql: "t.name", kind: FieldKind::Text, sort: Some("shared.fold(t.name)") },
        Field { name: "slug", sql: "t.slug", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "t.state", kind: FieldKind::Text, sort: None },
        Field { name: "country", sql: "t.country", kind: FieldKind::Text, sort: None },
        Field { name: "plan_id", sql: "t.plan_id", kind: FieldKind::Id("pln"), sort: None },
        Field { name: "deletion_due_at", sql: "d.due_at", kind: FieldKind::Time, sort: None },
        Field { name: "activated_at", sql: "t.activated_at", kind: FieldKind::Time, sort: Some("t.created_at") },
    ],
    default_sort: "name",
};

/// One page of an agency's clients.
pub(crate) async fn list(tx: &mut ControlTx, agency: TenantId, query: &ListQuery) -> Result<Page<ClientRow>> {
    tx.list(&LIST, query, &[Clause("t.parent_id = ?", &agency, Type::UUID)]).await
}

/// One of the agency's clients; 404 for anybody else's.
pub(crate) async fn get(tx: &mut ControlTx, agency: TenantId, id: TenantId) -> Result<ClientRow> {
    tx.row(
        sql!(
            "select t.id, t.name, t.slug, t.state, t.zone, t.locale, t.country, t.currency, t.plan_id, t.trial_days,
               control.trial_end(t.activated_at, t.trial_days, t.plan_id) as trial_ends_at, s.reason as stop_reason, s.by_platform as stopped_by_platform, d.due_at as deletion_due_at,
               x.id as transfer_id, t.activated_at, t.version
             from control.tenants t left join control.suspensions s on s.tenant_id = t.id
             left join control.deletions d on d.tenant_id = t.id
             left join control.transfers x on x.tenant_id = t.id and x.state = 'offered'
             where t.id = $2 and t.parent_id = $1 and t.kind = 'client' and t.state <> 'deleted'"
        ),
        &[&agency, &id],
    )
    .await
}

/// All of an agency's clients. No agency has as many as the limit; it keeps a mistake from costing the memory.
pub(crate) async fn all(tx: &mut ControlTx, agency: TenantId) -> Result<Vec<ClientRow>> {
    tx.rows(
        sql!(
            "select t.id, t.name, t.slug, t.state, t.zone, t.locale, t.country, t.currency, t.plan_id, t.trial_days,
               control.trial_end(t.activated_at, t.trial_days, t.plan_id) as trial_ends_at, s.reason as stop_reason, s.by_platform as stopped_by_platform, d.due_at as deletion_due_at,
               x.id as transfer_id, t.activated_at, t.version
             from control.tenants t left join control.suspensions s on s.tenant_id = t.id
             left join control.deletions d on d.tenant_id = t.id
             left join control.transfers x on x.tenant_id = t.id and x.state = 'offered'
             where t.parent_id = $1 and t.kind = 'client' and t.state <> 'deleted' order by t.id limit 5000"
        ),
        &[&agency],
    )
    .await
}

/// What the plans of these tenants allow, a client without one of its own having its agency's, and the members they have.
pub(crate) async fn allowances(tx: &mut ControlTx, ids: &[Uuid]) -> Result<Vec<Allowance>> {
    tx.rows(
        sql!(
            "select t.id, p.name as plan, p.limits,
               (select count(*) from control.memberships m where m.tenant_id = t.id) as members
             from control.tenants t left join control.tenants a on a.id = t.parent_id
             left join control.plans p on p.id = coalesce(t.plan_id, a.plan_id)
             where t.id = any ($1)"
        ),
        &[&ids],
    )
    .await
}

kernel::row! {
    /// What a client is called.
    struct Named {
        id: TenantId,
        name: Option<String>,
    }
}

/// What those of these tenants are called that are clients of the agency, also while they are being deleted; `None` for those of which
/// nothing is left. One that went to another agency is not among them.
pub async fn names(
    tx: &mut ControlTx,
    agency: TenantId,
    ids: &[TenantId],
) -> Result<HashMap<TenantId, Option<String>>> {
    let found: Vec<Named> = tx
        .rows(
            sql!(
                "select t.id, case when t.state <> 'deleted' then t.name end as name from control.tenants t
                 where t.id = any ($2) and t.parent_id = $1 and t.kind = 'client'"
            ),
            &[&agency, &ids],
        )
        .await?;
    Ok(found.into_iter().map(|client| (client.id, client.name)).collect())
}

/// What is known about these clients' widgets.
pub(crate) async fn activity(tx: &mut ControlTx, ids: &[Uuid]) -> Result<Vec<Activity>> {
    let since = tx.now() - TimeDelta::days(7);
    tx.rows(
        sql!(
            "select t.id as tenant_id,
               (select count(*) from control.widgets w where w.tenant_id = t.id) as widgets,
               (select count(*) from control.widgets w where w.tenant_id = t.id and w.enabled) as widgets_on,
               (select count(*) from control.widgets w where w.tenant_id = t.id and w.enabled and not exists (
                 select 1 from control.embed_origins o where o.tenant_id = t.id and o.enabled and o.kind <> 'ancestor_only'
                   and (o.widget_id is null or o.widget_id = w.id))) as widgets_nowhere,
               (select count(*) from control.embed_origins o where o.tenant_id = t.id and o.enabled
                 and o.kind <> 'ancestor_only') as websites,
               (select coalesce(sum(s.count), 0)::bigint from control.embed_sightings s where s.tenant_id = t.id
                 and s.outcome = 'seen' and s.day >= $2::timestamptz::date) as seen_week,
               (select coalesce(sum(s.count), 0)::bigint from control.embed_sightings s where s.tenant_id = t.id
                 and s.outcome = 'refused' and s.day >= $2::timestamptz::date and not exists (
                   select 1 from control.embed_origins o where o.tenant_id = t.id and o.enabled and o.origin = s.origin
                     and (o.widget_id is null or o.widget_id = s.widget_id))) as refused_week,
               (select max(s.last_at) from control.embed_sightings s where s.tenant_id = t.id and s.outcome = 'seen')
                 as last_seen_at
             from unnest($1::uuid[]) as t (id)"
        ),
        &[&ids, &since],
    )
    .await
}
