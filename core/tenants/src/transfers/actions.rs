//! Offering, accepting, declining, withdrawing.
use super::{
    db,
    model::{DAYS, NewTransfer, Transfer, TransferId},
};
use crate::{
    clients,
    plans::actions::entitlements_in,
    tenants::{
        self,
        db::{count_clients, lock as lock_tenant},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{ControlTx, Error, Result, db::ListQuery, events::NewEvent, http::Page, ids::TenantId};
use serde_json::json;

/// An offer that nobody took in time says so.
fn aged(mut transfer: Transfer, now: DateTime<Utc>) -> Transfer {
    if transfer.state == "offered" && transfer.expires_at <= now {
        transfer.state = "expired".into();
    }
    transfer
}

/// Offers an agency made or got.
pub(crate) async fn list(tx: &mut ControlTx, agency: TenantId, query: &ListQuery) -> Result<Page<Transfer>> {
    let now = tx.now();
    let page = db::list(tx, agency, query).await?;
    let items = page.items.into_iter().map(|transfer| aged(transfer, now)).collect();
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// One offer.
pub(crate) async fn get(tx: &mut ControlTx, agency: TenantId, id: TransferId) -> Result<Transfer> {
    let now = tx.now();
    Ok(aged(db::get(tx, agency, id).await?, now))
}

/// Tells both agencies' logs.
async fn tell(tx: &mut ControlTx, transfer: &Transfer, kind: &'static str, title: &str) -> Result<()> {
    let Transfer { client_id, client_name, from_id, to_id, .. } = transfer;
    let payload = json!({"client_id": client_id, "client_name": client_name, "from": from_id, "to": to_id});
    for agency in [transfer.from_id, transfer.to_id] {
        let event = NewEvent::new(kind, "transfers", transfer.id.0, title).payload(&payload);
        tx.record(Some(agency), event).await?;
    }
    Ok(())
}

/// Offers a client to another agency.
pub(crate) async fn offer(tx: &mut ControlTx, from: TenantId, new: &NewTransfer) -> Result<Transfer> {
    clients::db::get(tx, from, new.client_id).await?;
    if !db::is_agency(tx, new.agency_id).await? {
        return Err(Error::invalid("/agency_id", "agency_unknown", "There is no active agency with this id."));
    }
    let now = tx.now();
    let id = TransferId::new(now);
    db::insert(tx, id, from, new, now + TimeDelta::days(DAYS)).await?;
    let transfer = get(tx, from, id).await?;
    tell(tx, &transfer, "transfer.offered", "Client offered to another agency").await?;
    Ok(transfer)
}

/// An open offer under lock, seen by this agency.
async fn open(tx: &mut ControlTx, agency: TenantId, id: TransferId) -> Result<Transfer> {
    db::lock(tx, id).await?;
    let transfer = get(tx, agency, id).await?;
    match transfer.state.as_str() {
        "offered" => Ok(transfer),
        state => Err(Error::conflict("transfer_closed", format!("This offer is {state}."))),
    }
}

/// Only the one who got the offer decides about it.
fn receiver(transfer: &Transfer, agency: TenantId) -> Result<()> {
    match transfer.to_id == agency {
        true => Ok(()),
        false => Err(Error::forbidden("not_receiver", "Only the agency that got the offer decides about it.")),
    }
}

/// Takes the client over. Its former agency loses sight of it at once.
pub(crate) async fn accept(tx: &mut ControlTx, agency: TenantId, id: TransferId) -> Result<Transfer> {
    let transfer = open(tx, agency, id).await?;
    receiver(&transfer, agency)?;
    lock_tenant(tx, agency).await?;
    let count = count_clients(tx, agency).await?;
    entitlements_in(tx, agency).await?.check("clients", count, 1)?;
    tenants::move_client(tx, transfer.client_id, agency).await?;
    db::decide(tx, id, "accepted").await?;
    tell(tx, &transfer, "transfer.accepted", "Client taken over").await?;
    get(tx, agency, id).await
}

/// Declines the offer.
pub(crate) async fn decline(tx: &mut ControlTx, agency: TenantId, id: TransferId) -> Result<Transfer> {
    let transfer = open(tx, agency, id).await?;
    receiver(&transfer, agency)?;
    db::decide(tx, id, "declined").await?;
    tell(tx, &transfer, "transfer.declined", "Client declined").await?;
    get(tx, agency, id).await
}

/// Takes the offer back.
pub(crate) async fn withdraw(tx: &mut ControlTx, agency: TenantId, id: TransferId) -> Result<()> {
    let transfer = open(tx, agency, id).await?;
    if transfer.from_id != agency {
        return Err(Error::forbidden("not_offerer", "Only the agency that made the offer takes it back."));
    }
    db::decide(tx, id, "withdrawn").await?;
    tell(tx, &transfer, "transfer.withdrawn", "Offer taken back").await
}
