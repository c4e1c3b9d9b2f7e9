//! Opening, stopping, moving and ending tenants. Whoever calls a verb that changes state, plan or agency tells the
//! catalogue after the commit: `app.changes.forget(Change::Tenant(id))`; other processes hear it from the database.
use super::{
    db,
    model::{DeletionRequest, Locked, NewTenant, State, Stop, TenantDetails, TenantPatch, slug_of},
};
use chrono::TimeDelta;
use kernel::{
    ControlTx, Cx, Error, Result, auth::Permission, clock::random_bytes, events::NewEvent, http::check_if_match,
    ids::TenantId, tenancy::TenantKind,
};
use serde_json::json;
use uuid::Uuid;

/// Opens a tenant by taking a ready schema out of the pool: one UPDATE. 503 when the pool is empty; it is filled
/// every few seconds.
pub async fn open(tx: &mut ControlTx, new: NewTenant) -> Result<TenantId> {
    new.check()?;
    let slug = new.slug.clone().unwrap_or_else(|| slug_of(&new.name));
    // A slug that was asked for is that or an error; one that was made may get an ending.
    let other = match &new.slug {
        Some(slug) => slug.clone(),
        None => format!("{slug}-{}", kernel::crypto::hex(&random_bytes::<3>())),
    };
    let Some(id) = db::claim(tx, &new, &slug, &other).await? else {
        tracing::warn!("the pool of ready schemas is empty");
        return Err(Error::unavailable(5));
    };
    let (kind, title) = match new.kind {
        TenantKind::Agency => ("agency", "Agency opened"),
        TenantKind::Client => ("client", "Client opened"),
    };
    let event = NewEvent::new("tenant.opened", "tenants", id.0, title).payload(&json!({"kind": kind}));
    tx.record(Some(id), event).await?;
    if let Some(agency) = new.parent {
        let event = NewEvent::new("client.opened", "clients", id.0, "Client opened");
        tx.record(Some(agency), event.payload(&json!({"client_name": new.name}))).await?;
    }
    Ok(id)
}

/// Every tenant that has data of its own, the oldest first: for operators.
pub async fn all(tx: &mut ControlTx) -> Result<Vec<TenantId>> {
    db::all(tx).await
}

/// Whether new agencies may sign up by themselves: the platform's choice.
pub async fn sign_up_open(tx: &mut ControlTx) -> Result<bool> {
    db::sign_up_open(tx).await
}

/// Changes a tenant's settings.
pub(crate) async fn update(
    tx: &mut ControlTx,
    id: TenantId,
    patch: &TenantPatch,
    if_match: Option<&str>,
) -> Result<TenantDetails> {
    patch.check()?;
    let before = db::lock(tx, id).await?;
    check_if_match(if_match, before.version)?;
    let fields = patch.fields();
    if fields.is_empty() {
        return db::get(tx, id).await;
    }
    let after = db::update(tx, id, patch).await?;
    let event =
        NewEvent::new("tenant.updated", "tenants", id.0, "Settings changed").payload(&json!({"fields": fields}));
    tx.record(Some(id), event).await?;
    Ok(after)
}

/// Makes a step in a tenant's life, if it is allowed from where the tenant is. Its log and its agency's say so.
async fn step(tx: &mut ControlTx, tenant: &Locked, to: State, what: &'static str, title: &str) -> Result<()> {
    let allowed = State::parse(&tenant.state).is_some_and(|from| from.allows(to));
    if !allowed {
        let detail = format!("An account that is {} cannot become {}.", tenant.state, to.as_str());
        return Err(Error::conflict("state_step", detail));
    }
    db::set_state(tx, tenant.id, to).await?;
    tell(tx, tenant, what, title, json!({"from": tenant.state, "to": to.as_str()})).await
}

/// Writes a step into a tenant's log and its agency's, there with what the client is called then: nobody else knows it once
/// nothing is left of the client, or it has gone to another agency.
pub(crate) async fn tell(
    tx: &mut ControlTx,
    tenant: &Locked,
    kind: &'static str,
    title: &str,
    mut payload: serde_json::Value,
) -> Result<()> {
    let id = tenant.id.0;
    tx.record(Some(tenant.id), NewEvent::new(kind, "tenants", id, title).payload(&payload)).await?;
    if let Some(agency) = tenant.parent_id {
        payload["client_name"] = tenant.name.as_str().into();
        tx.record(Some(agency), NewEvent::new(kind, "clients", id, title).payload(&payload)).await?;
    }
    Ok(())
}

/// Stops a tenant, for reading only or altogether. Stopping it again changes how and why.
pub async fn suspend(tx: &mut ControlTx, id: TenantId, stop: Stop) -> Result<()> {
    if !matches!(stop.state, State::ReadOnly | State::Suspended) {
        return Err(Error::internal("a stop is read_only or suspended"));
    }
    let length = stop.reason.trim().chars().count();
    if !(1..=500).contains(&length) {
        return Err(Error::invalid("/reason", "reason_required", "Say why, in 1 to 500 characters."));
    }
    let tenant = db::lock(tx, id).await?;
    guard(tx, id, stop.by_platform).await?;
    if tenant.state != stop.state.as_str() {
        let (what, title) = match stop.state {
            State::ReadOnly => ("tenant.made_read_only", "Made read-only"),
            _ => ("tenant.suspended", "Suspended"),
        };
        step(tx, &tenant, stop.state, what, title).await?;
    } else {
        // The state says it already; who changed the reason must be known all the same.
        tell(tx, &tenant, "tenant.stop_changed", "Reason of the stop changed", json!({"state": tenant.state})).await?;
    }
    db::put_suspension(tx, id, &stop).await
}

/// What the platform stopped, only the platform changes.
async fn guard(tx: &mut ControlTx, id: TenantId, by_platform: bool) -> Result<()> {
    if !by_platform && db::stopped_by_platform(tx, id).await? {
        return Err(Error::forbidden("suspended_by_platform", "The platform stopped this account. Ask its support."));
    }
    Ok(())
}

/// Lets a stopped tenant work again. Resuming one that works is fine.
pub async fn resume(tx: &mut ControlTx, id: TenantId, by_platform: bool) -> Result<()> {
    let tenant = db::lock(tx, id).await?;
    if tenant.state == State::Active.as_str() {
        return Ok(());
    }
    guard(tx, id, by_platform).await?;
    if db::deletion(tx, id).await.is_ok() {
        return Err(Error::conflict("deletion_requested", "It is to be deleted. Call the deletion off first."));
    }
    step(tx, &tenant, State::Active, "tenant.resumed", "Resumed").await?;
    db::delete_suspension(tx, id).await
}

/// Gives a tenant another plan; without one it has its agency's.
pub async fn set_plan(tx: &mut ControlTx, id: TenantId, plan: Option<Uuid>) -> Result<()> {
    let tenant = db::lock(tx, id).await?;
    db::set_plan(tx, id, plan).await?;
    tell(tx, &tenant, "tenant.plan_changed", "Plan changed", json!({"plan_id": plan})).await
}

/// Gives a client to another agency. Both agencies' logs and the client's say so.
pub async fn move_client(tx: &mut ControlTx, id: TenantId, to: TenantId) -> Result<()> {
    let client = db::lock(tx, id).await?;
    let agency = db::get(tx, to).await?;
    if client.kind.as_deref() != Some("client") || agency.kind.as_deref() != Some("agency") {
        return Err(Error::conflict("transfer_kinds", "Only a client moves, and only to an agency."));
    }
    if agency.state != State::Active.as_str() {
        return Err(Error::conflict("agency_not_active", "The receiving agency is not active."));
    }
    if client.parent_id == Some(to) {
        return Err(Error::conflict("same_agency", "It belongs to this agency already."));
    }
    db::set_parent(tx, id, to).await?;
    let payload = json!({"from": client.parent_id, "to": to});
    tell(tx, &client, "client.transferred", "Client moved to another agency", payload).await?;
    let payload = json!({"from": client.parent_id, "to": to, "client_name": client.name});
    let event = NewEvent::new("client.received", "clients", id.0, "Client received").payload(&payload);
    tx.record(Some(to), event).await.map(|_| ())
}

/// Asks for a tenant's end after some days. Until then it stands still and the request can be called off.
pub async fn request_deletion(tx: &mut ControlTx, id: TenantId, reason: &str, days: u32) -> Result<DeletionRequest> {
    let length = reason.trim().chars().count();
    if !(1..=500).contains(&length) || days > 90 {
        return Err(Error::invalid("/reason", "reason_required", "Say why, in 1 to 500 characters; within 90 days."));
    }
    let tenant = db::lock(tx, id).await?;
    let clients = db::count_clients(tx, id).await?;
    if clients > 0 {
        let detail = format!("This agency has {clients} clients. Delete or transfer them first.");
        return Err(Error::conflict("has_clients", detail));
    }
    let due = tx.now() + TimeDelta::days(days.into());
    let request = db::insert_deletion(tx, id, reason.trim(), due).await?;
    if tenant.state != State::Suspended.as_str() {
        step(tx, &tenant, State::Suspended, "tenant.suspended", "Suspended until its deletion").await?;
    }
    tell(tx, &tenant, "tenant.deletion_requested", "Deletion requested", json!({"due_at": due})).await?;
    Ok(request)
}

/// A tenant's coming end; 404 when none was asked for.
pub(crate) async fn deletion(tx: &mut ControlTx, id: TenantId) -> Result<DeletionRequest> {
    db::deletion(tx, id).await
}

/// Calls a tenant's end off and lets it work again, unless it was stopped for another reason.
pub async fn cancel_deletion(tx: &mut ControlTx, id: TenantId) -> Result<()> {
    let tenant = db::lock(tx, id).await?;
    if !db::delete_deletion(tx, id).await? {
        return Err(Error::not_found());
    }
    tell(tx, &tenant, "tenant.deletion_cancelled", "Deletion called off", json!({})).await?;
    if tenant.state == State::Suspended.as_str() && !db::has_suspension(tx, id).await? {
        step(tx, &tenant, State::Active, "tenant.resumed", "Resumed").await?;
    }
    Ok(())
}

/// Lets the destroying of tenants begin whose day has come: from here on the owner of the schemas goes on.
pub async fn start_due_deletions(tx: &mut ControlTx) -> Result<Vec<TenantId>> {
    let due = db::due_deletions(tx).await?;
    for id in &due {
        let tenant = db::lock(tx, *id).await?;
        db::start_deletion(tx, *id).await?;
        step(tx, &tenant, State::Deleting, "tenant.deletion_started", "Deletion started").await?;
    }
    Ok(due)
}

/// The currency of amounts that name none, ISO 4217.
pub async fn currency_of<P: Permission>(cx: &Cx<P>) -> Result<String> {
    Ok(cx.control(async |tx| db::get(tx, cx.tenant.id).await).await?.currency)
}
