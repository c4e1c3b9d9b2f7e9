//! What can be done with data requests.
use super::{
    db,
    jobs::{DeleteExport, RunDataRequest},
    model::{DataRequest, DataRequestId, DataRequestKind, NewDataRequest},
};
use crate::registry::REGISTRY;
use chrono::TimeDelta;
use contacts::{ContactId, Owners};
use kernel::{Error, Result, Tx, crypto::sha256, events::NewEvent, jobs::Enqueue};
use serde_json::{Map, Value, json};

/// How long the document of an export can be fetched.
const DOCUMENT_LIFE: TimeDelta = TimeDelta::days(7);

/// Takes a request; it is done in the background.
pub async fn create(tx: &mut Tx, new: NewDataRequest, owners: &Owners) -> Result<DataRequest> {
    let reason = new.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    if reason.is_some_and(|r| r.chars().count() > 1000) {
        return Err(Error::invalid("/reason", "too_long", "At most 1000 characters."));
    }
    let person = contacts::person(tx, new.contact, owners).await?;
    if person.on_hold && new.kind == DataRequestKind::Erasure {
        return Err(Error::conflict("contact_on_hold", "The contact is under legal hold. End the hold first."));
    }
    let id = DataRequestId::new(tx.now());
    db::insert(tx, id, new.kind.as_str(), reason, &person).await?;
    tx.enqueue(&RunDataRequest { request: id }, Enqueue::default()).await?;
    record(
        tx,
        "data_request.created",
        "Personal data requested",
        id,
        new.contact,
        &json!({ "kind": new.kind.as_str() }),
    )
    .await?;
    db::find(tx, id).await
}

/// Does what a request asks. Doing it twice does nothing the second time.
pub async fn run(tx: &mut Tx, id: DataRequestId) -> Result<()> {
    let Some(queued) = db::find_queued_for_update(tx, id).await? else { return Ok(()) };
    match queued.kind.as_str() {
        "export" => export(tx, id, queued.contact).await,
        _ => erase(tx, id, queued.contact).await,
    }
}

/// Writes down that a request could not be done.
pub async fn fail(tx: &mut Tx, id: DataRequestId, code: &str) -> Result<()> {
    let Some(queued) = db::find_queued_for_update(tx, id).await? else { return Ok(()) };
    db::finish(tx, id, "failed", Some(code)).await?;
    record(tx, "data_request.failed", "Data request failed", id, queued.contact, &json!({ "code": code })).await
}

async fn export(tx: &mut Tx, id: DataRequestId, contact: ContactId) -> Result<()> {
    let person = contacts::person(tx, contact, &None).await?;
    let mut parts = Map::new();
    for module in REGISTRY {
        parts.insert(module.module.to_owned(), (module.export)(tx, &person).await?);
    }
    let (now, tenant) = (tx.now(), tx.tenant().clone());
    let document = json!({
        "request": id, "tenant": tenant.id, "tenant_name": tenant.name, "contact": contact, "made_at": now, "data": parts,
    });
    let until = now + DOCUMENT_LIFE;
    db::keep_document(tx, id, contact, &document, until).await?;
    tx.enqueue(&DeleteExport { request: id }, Enqueue { run_at: Some(until), ..Enqueue::default() }).await?;
    db::finish(tx, id, "done", None).await?;
    record(tx, "data_request.completed", "Personal data exported", id, contact, &json!({ "kind": "export" })).await
}

async fn erase(tx: &mut Tx, id: DataRequestId, contact: ContactId) -> Result<()> {
    let person = contacts::person(tx, contact, &None).await?;
    if person.on_hold {
        db::finish(tx, id, "refused", Some("contact_on_hold")).await?;
        return record(tx, "data_request.refused", "Erasure refused", id, contact, &json!({})).await;
    }
    let mut tables = Map::new();
    for module in REGISTRY {
        for (table, count) in (module.erase)(tx, &person).await? {
            tables.insert(table.to_owned(), Value::from(count));
        }
    }
    tables.insert("idempotency_keys".to_owned(), Value::from(db::blank_kept_answers(tx, &person).await?));
    let proof = json!({
        "request": id, "tenant": tx.tenant().id, "contact": contact, "erased_at": tx.now(), "tables": tables,
        "ledger_lines_kept": db::count_ledger(tx, contact).await?, "same_address": person.same_address,
    });
    db::keep_proof(tx, id, &proof, &sha256(proof.to_string().as_bytes())).await?;
    db::finish(tx, id, "done", None).await?;
    record(tx, "data_request.completed", "Personal data erased", id, contact, &json!({ "kind": "erasure" })).await
}

async fn record(
    tx: &mut Tx,
    kind: &'static str,
    title: &str,
    id: DataRequestId,
    contact: ContactId,
    payload: &Value,
) -> Result<()> {
    tx.record(NewEvent::new(kind, "data_requests", id.0, title).contact(contact.0).payload(payload)).await?;
    Ok(())
}
