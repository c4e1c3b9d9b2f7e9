//! Statements on tenants, suspensions and deletions.
use super::model::{DeletionRequest, Locked, NewTenant, State, Stop, TenantDetails, TenantPatch};
use chrono::{DateTime, Utc};
use kernel::{ControlTx, Error, OnConstraint, Result, ids::TenantId, sql, tenancy::TenantKind};
use uuid::Uuid;

fn slug_taken() -> Error {
    Error::conflict("slug_taken", "Somebody else has this name in addresses. Choose another one.")
}

/// Takes a ready schema out of the pool; none when the pool is empty.
pub(crate) async fn claim(tx: &mut ControlTx, new: &NewTenant, slug: &str, other: &str) -> Result<Option<TenantId>> {
    let kind = match new.kind {
        TenantKind::Agency => "agency",
        TenantKind::Client => "client",
    };
    let now = tx.now();
    tx.value_opt(
        sql!(
            "update control.tenants set state = 'active', kind = $1, parent_id = $2, name = $3,
               slug = case when exists (select 1 from control.tenants o where o.slug = $4) then $5 else $4 end,
               zone = $6, locale = $7, country = $8, currency = $9,
               plan_id = coalesce($10, case when $1 = 'agency' then (select p.id from control.plans p
                 join control.system_settings s on s.key = 'sign_up.plan' and s.value = to_jsonb(p.key)) end), activated_at = $11, trial_days = $12, updated_at = $11,
               epoch = epoch + 1, version = version + 1
             where id = (select r.id from control.tenants r where r.state = 'ready' order by r.created_at, r.id limit 1
               for update skip locked)
             returning id"
        ),
        &[
            &kind,
            &new.parent,
            &new.name.trim(),
            &slug,
            &other,
            &new.zone,
            &new.locale,
            &new.country,
            &new.currency,
            &new.plan,
            &now,
            &new.trial_days,
        ],
    )
    .await
    .on_constraint("tenants_slug_key", slug_taken)
    .on_constraint("tenants_plan_id_fkey", || Error::invalid("/plan_id", "plan_unknown", "There is no such plan."))
}

/// A tenant by id.
pub(crate) async fn get(tx: &mut ControlTx, id: TenantId) -> Result<TenantDetails> {
    tx.row(
        sql!(
            "select id, kind, parent_id, name, slug, state, zone, locale, country, currency, activated_at,
               control.trial_end(activated_at, trial_days, plan_id) as trial_ends_at, version
             from control.tenants where id = $1 and kind is not null and state <> 'deleted'"
        ),
        &[&id],
    )
    .await
}

/// A tenant under lock: decisions about its state wait for each other.
pub(crate) async fn lock(tx: &mut ControlTx, id: TenantId) -> Result<Locked> {
    tx.row(
        sql!(
            "select id, kind, parent_id, name, state, version from control.tenants
             where id = $1 and kind is not null and state <> 'deleted' for update"
        ),
        &[&id],
    )
    .await
}

/// Changes settings.
pub(crate) async fn update(tx: &mut ControlTx, id: TenantId, patch: &TenantPatch) -> Result<TenantDetails> {
    let now = tx.now();
    let country = patch.country.value();
    let country_given = !patch.country.is_undefined();
    tx.row(
        sql!(
            "update control.tenants set name = coalesce($2, name), slug = coalesce($3, slug), zone = coalesce($4, zone),
               locale = coalesce($5, locale), country = case when $6 then $7 else country end,
               currency = coalesce($8, currency), updated_at = $9, version = version + 1
             where id = $1
             returning id, kind, parent_id, name, slug, state, zone, locale, country, currency, activated_at,
               control.trial_end(activated_at, trial_days, plan_id) as trial_ends_at, version"
        ),
        &[
            &id,
            &patch.name.as_deref().map(str::trim),
            &patch.slug,
            &patch.zone,
            &patch.locale,
            &country_given,
            &country,
            &patch.currency,
            &now,
        ],
    )
    .await
    .on_constraint("tenants_slug_key", slug_taken)
}

/// Another state; programs that cached the tenant notice by the epoch.
pub(crate) async fn set_state(tx: &mut ControlTx, id: TenantId, state: State) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        sql!(
            "update control.tenants set state = $2, epoch = epoch + 1, version = version + 1, updated_at = $3 where id = $1"
        ),
        &[&id, &state.as_str(), &now],
    )
    .await
}

/// Another plan.
pub(crate) async fn set_plan(tx: &mut ControlTx, id: TenantId, plan: Option<Uuid>) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        sql!(
            "update control.tenants set plan_id = $2, trial_told = null, epoch = epoch + 1, version = version + 1, updated_at = $3 where id = $1"
        ),
        &[&id, &plan, &now],
    )
    .await
    .on_constraint("tenants_plan_id_fkey", || Error::invalid("/plan_id", "plan_unknown", "There is no such plan."))
}

/// Another agency. The plan and the trial were the former agency's choice.
pub(crate) async fn set_parent(tx: &mut ControlTx, id: TenantId, parent: TenantId) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        sql!(
            "update control.tenants set parent_id = $2, plan_id = null, trial_days = null, trial_told = null, epoch = epoch + 1,
               version = version + 1, updated_at = $3
             where id = $1 and kind = 'client'"
        ),
        &[&id, &parent, &now],
    )
    .await
}

/// How many clients an agency has.
pub(crate) async fn count_clients(tx: &mut ControlTx, agency: TenantId) -> Result<i64> {
    tx.value(sql!("select count(*) from control.tenants where parent_id = $1 and state <> 'deleted'"), &[&agency]).await
}

/// Notes why a tenant is stopped.
pub(crate) async fn put_suspension(tx: &mut ControlTx, id: TenantId, stop: &Stop) -> Result<()> {
    let (now, who) = (tx.now(), tx.context().actor.id);
    tx.exec_one(
        sql!(
            "insert into control.suspensions (tenant_id, state, reason, by_platform, created_by, created_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (tenant_id) do update set state = $2, reason = $3, by_platform = $4, created_by = $5, created_at = $6"
        ),
        &[&id, &stop.state.as_str(), &stop.reason, &stop.by_platform, &who, &now],
    )
    .await
}

/// Whether the platform stopped the tenant.
pub(crate) async fn stopped_by_platform(tx: &mut ControlTx, id: TenantId) -> Result<bool> {
    let found = tx.value_opt(sql!("select by_platform from control.suspensions where tenant_id = $1"), &[&id]).await?;
    Ok(found.unwrap_or(false))
}

/// Whether somebody stopped the tenant and said why.
pub(crate) async fn has_suspension(tx: &mut ControlTx, id: TenantId) -> Result<bool> {
    tx.value(sql!("select exists (select 1 from control.suspensions where tenant_id = $1)"), &[&id]).await
}

/// Forgets why a tenant was stopped.
pub(crate) async fn delete_suspension(tx: &mut ControlTx, id: TenantId) -> Result<()> {
    tx.exec(sql!("delete from control.suspensions where tenant_id = $1"), &[&id]).await.map(|_| ())
}

/// Notes a coming end.
pub(crate) async fn insert_deletion(
    tx: &mut ControlTx,
    id: TenantId,
    reason: &str,
    due: DateTime<Utc>,
) -> Result<DeletionRequest> {
    let (now, who) = (tx.now(), tx.context().actor.id);
    tx.row(
        sql!(
            "insert into control.deletions (tenant_id, reason, requested_by, requested_at, due_at) values ($1, $2, $3, $4, $5)
             returning tenant_id, reason, requested_at, due_at, started_at"
        ),
        &[&id, &reason, &who, &now, &due],
    )
    .await
    .on_constraint("deletions_pkey", || {
        Error::conflict("deletion_requested", "Its deletion was asked for already.")
    })
}

/// A coming end.
pub(crate) async fn deletion(tx: &mut ControlTx, id: TenantId) -> Result<DeletionRequest> {
    tx.row(
        sql!("select tenant_id, reason, requested_at, due_at, started_at from control.deletions where tenant_id = $1"),
        &[&id],
    )
    .await
}

/// Calls a coming end off; false when it has begun or was never asked for.
pub(crate) async fn delete_deletion(tx: &mut ControlTx, id: TenantId) -> Result<bool> {
    let gone =
        tx.exec(sql!("delete from control.deletions where tenant_id = $1 and started_at is null"), &[&id]).await?;
    Ok(gone == 1)
}

/// Tenants whose end has come.
pub(crate) async fn due_deletions(tx: &mut ControlTx) -> Result<Vec<TenantId>> {
    let now = tx.now();
    tx.values(
        sql!(
            "select tenant_id from control.deletions where started_at is null and due_at <= $1
             order by due_at limit 20 for update skip locked"
        ),
        &[&now],
    )
    .await
}

/// The destroying begins.
pub(crate) async fn start_deletion(tx: &mut ControlTx, id: TenantId) -> Result<()> {
    let now = tx.now();
    tx.exec_one(sql!("update control.deletions set started_at = $2 where tenant_id = $1"), &[&id, &now]).await
}

/// Tenants whose schema can be read.
pub(crate) async fn all(tx: &mut ControlTx) -> Result<Vec<TenantId>> {
    tx.values(
        sql!(
            "select id from control.tenants where kind is not null
               and state in ('active', 'read_only', 'suspended', 'moving', 'restoring') order by activated_at, id"
        ),
        &[],
    )
    .await
}

/// Whether agencies may sign up by themselves.
pub(crate) async fn sign_up_open(tx: &mut ControlTx) -> Result<bool> {
    let value = tx
        .value_opt::<serde_json::Value>(
            sql!("select value from control.system_settings where key = 'sign_up.open'"),
            &[],
        )
        .await?;
    Ok(value != Some(serde_json::Value::Bool(false)))
}
