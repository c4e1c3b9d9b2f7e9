//! What an agency does with its clients.
use super::{
    db,
    model::{Allowance, Client, ClientRow, NewClient, NewDeletion, NewSuspension, StopMode},
    overview::{Overview, overview as put_together},
};
use crate::{
    activity::{actions::weeks, model::Week},
    plans::actions::entitlements_in,
    tenants::{
        self, DeletionRequest, State, Stop, TenantPatch,
        actions::{deletion, update},
        db::{count_clients, get as get_tenant, lock as lock_tenant},
        model::NewTenant,
    },
};
use chrono::{DateTime, Utc};
use kernel::{
    ControlTx, Error, Result,
    db::ListQuery,
    http::Page,
    ids::TenantId,
    tenancy::{Tenant, TenantKind},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Only agencies have clients.
pub(crate) fn agency(tenant: &Tenant) -> Result<TenantId> {
    match tenant.kind {
        TenantKind::Agency => Ok(tenant.id),
        TenantKind::Client => Err(Error::forbidden("agency_only", "Only an agency has clients.")),
    }
}

/// What plans allow these tenants, by tenant.
async fn allowances(tx: &mut ControlTx, ids: &[Uuid]) -> Result<HashMap<Uuid, Allowance>> {
    Ok(db::allowances(tx, ids).await?.into_iter().map(|allowance| (allowance.id, allowance)).collect())
}

/// Clients with how they are doing, and when their seven days began: as many statements for one as for all.
async fn with_life(tx: &mut ControlTx, zone: &str, rows: Vec<ClientRow>) -> Result<(Vec<Client>, DateTime<Utc>)> {
    let ids: Vec<_> = rows.iter().map(|client| client.id.0).collect();
    let found = db::activity(tx, &ids).await?;
    let mut activity: HashMap<_, _> = found.into_iter().map(|a| (a.tenant_id, a)).collect();
    let (mut weeks, since) = weeks(tx, &ids, zone).await?;
    let allowances = allowances(tx, &ids).await?;
    let clients = rows.into_iter().map(|client| {
        let activity = activity.remove(&client.id.0).unwrap_or_default();
        let week = weeks.remove(&client.id.0).unwrap_or_else(Week::quiet);
        let allowance = allowances.get(&client.id.0);
        Client::of(client, allowance, activity, week)
    });
    Ok((clients.collect(), since))
}

/// One page of clients with how they are doing.
pub(crate) async fn list(tx: &mut ControlTx, agency: &Tenant, query: &ListQuery) -> Result<Page<Client>> {
    let page = db::list(tx, agency.id, query).await?;
    let (items, _) = with_life(tx, &agency.zone, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// One client with how it is doing.
pub(crate) async fn get(tx: &mut ControlTx, agency: &Tenant, id: TenantId) -> Result<Client> {
    let client = db::get(tx, agency.id, id).await?;
    with_life(tx, &agency.zone, vec![client]).await?.0.pop().ok_or_else(Error::not_found)
}

/// All clients at a glance.
pub(crate) async fn overview(tx: &mut ControlTx, agency: &Tenant) -> Result<Overview> {
    let rows = db::all(tx, agency.id).await?;
    let (clients, since) = with_life(tx, &agency.zone, rows).await?;
    let own = allowances(tx, &[agency.id.0]).await?.remove(&agency.id.0);
    let has = |members| [("clients", clients.len() as i64), ("members", members)];
    let limits = own.map(|own| own.used(&has(own.members))).unwrap_or_default();
    Ok(put_together((agency.id, &agency.name), since, tx.now(), &clients, &limits))
}

/// Opens a client for the agency.
pub(crate) async fn open(tx: &mut ControlTx, agency: &Tenant, new: NewClient) -> Result<Client> {
    // The agency's lock makes counting and opening one step.
    lock_tenant(tx, agency.id).await?;
    let count = count_clients(tx, agency.id).await?;
    entitlements_in(tx, agency.id).await?.check("clients", count, 1)?;
    let currency = get_tenant(tx, agency.id).await?.currency;
    let new: NewTenant = new.under(agency, currency);
    let id = tenants::open(tx, new).await?;
    get(tx, agency, id).await
}

/// Changes a client's settings.
pub(crate) async fn change(
    tx: &mut ControlTx,
    agency: &Tenant,
    id: TenantId,
    patch: &TenantPatch,
    if_match: Option<&str>,
) -> Result<Client> {
    db::get(tx, agency.id, id).await?;
    update(tx, id, patch, if_match).await?;
    get(tx, agency, id).await
}

/// Suspends a client or makes it read-only.
pub(crate) async fn suspend(tx: &mut ControlTx, agency: &Tenant, id: TenantId, why: &NewSuspension) -> Result<Client> {
    db::get(tx, agency.id, id).await?;
    let state = match why.mode {
        StopMode::Suspended => State::Suspended,
        StopMode::ReadOnly => State::ReadOnly,
    };
    tenants::suspend(tx, id, Stop { state, reason: why.reason.trim().to_owned(), by_platform: false }).await?;
    get(tx, agency, id).await
}

/// Lets a client work again.
pub(crate) async fn resume(tx: &mut ControlTx, agency: TenantId, id: TenantId) -> Result<()> {
    db::get(tx, agency, id).await?;
    tenants::resume(tx, id, false).await
}

/// Asks for a client's end.
pub(crate) async fn end(
    tx: &mut ControlTx,
    agency: TenantId,
    id: TenantId,
    why: &NewDeletion,
) -> Result<DeletionRequest> {
    let client = db::get(tx, agency, id).await?;
    if why.confirm_name.trim() != client.name {
        return Err(Error::invalid("/confirm_name", "name_differs", "Type the client's name exactly, to be sure."));
    }
    tenants::request_deletion(tx, id, &why.reason, why.days.unwrap_or(7)).await
}

/// A client's coming end.
pub(crate) async fn coming_end(tx: &mut ControlTx, agency: TenantId, id: TenantId) -> Result<DeletionRequest> {
    db::get(tx, agency, id).await?;
    deletion(tx, id).await
}

/// Calls a client's end off.
pub(crate) async fn keep(tx: &mut ControlTx, agency: TenantId, id: TenantId) -> Result<()> {
    db::get(tx, agency, id).await?;
    tenants::cancel_deletion(tx, id).await
}
