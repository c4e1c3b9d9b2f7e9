//! What can be done with data requests.
use super::{
    db,
    jobs::{DeleteExport, RunDataRequest},
    model::{DataRequest, DataRequestId, DataRequestKind, NewDataRequest},
};
use crate::registry::REGISTRY;
use chrono::TimeDelta;
use contacts::{ContactId, Owners, Person};
use kernel::{Error, Result, Tx, crypto::sha256, events::NewEvent, jobs::Enqueue};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How long the document of an export can be fetched.
const DOCUMENT_LIFE: TimeDelta = TimeDelta::days(7);

/// Takes a request; it is done in the background.
pub async fn create(tx: &mut Tx, new: NewDataRequest, owners: &Owners) -> Result<DataRequest> {
    let reason = new.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    if reason.is_some_and(|r| r.chars().count() > 1000) {
        return Err(Error::invalid("/reason", "too_long", "At most 1000 characters."));
    }
    let mut people = contacts::people(tx, new.contact, owners).await?;
    let Some(person) = people.pop() else { return Err(Error::not_found()) };
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
    // Whoever mentions the person is looked for among all that was ever written.
    tx.wait_for_long().await?;
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
    let mut people = contacts::people(tx, contact, &None).await?;
    let Some(person) = people.pop() else { return Err(Error::not_found()) };
    let parts = parts_of(tx, &person).await?;
    let mut merged = vec![];
    for part in &people {
        merged.push(json!({ "contact": part.contact, "data": parts_of(tx, part).await? }));
    }
    let (now, tenant) = (tx.now(), tx.tenant().clone());
    let document = json!({
        "request": id, "tenant": tenant.id, "tenant_name": tenant.name, "contact": contact, "made_at": now, "data": parts,
        "merged": merged,
    });
    let until = now + DOCUMENT_LIFE;
    db::keep_document(tx, id, contact, &document, until).await?;
    tx.enqueue(&DeleteExport { request: id }, Enqueue { run_at: Some(until), ..Enqueue::default() }).await?;
    db::finish(tx, id, "done", None).await?;
    record(tx, "data_request.completed", "Personal data exported", id, contact, &json!({ "kind": "export" })).await
}

/// What every module keeps about a person.
async fn parts_of(tx: &mut Tx, person: &Person) -> Result<Map<String, Value>> {
    let mut parts = Map::new();
    for module in REGISTRY {
        parts.insert(module.module.to_owned(), (module.export)(tx, person).await?);
    }
    Ok(parts)
}

async fn erase(tx: &mut Tx, id: DataRequestId, contact: ContactId) -> Result<()> {
    // What was merged into the contact is erased with it.
    let people = contacts::people(tx, contact, &None).await?;
    if people.iter().any(|person| person.on_hold) {
        db::finish(tx, id, "refused", Some("contact_on_hold")).await?;
        return record(tx, "data_request.refused", "Erasure refused", id, contact, &json!({})).await;
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for module in REGISTRY {
        for person in &people {
            for (table, count) in (module.erase)(tx, person).await? {
                *counts.entry(table).or_default() += count;
            }
        }
    }
    for person in &people {
        *counts.entry("idempotency_keys").or_default() += db::blank_kept_answers(tx, person).await?;
    }
    let same_address: Vec<ContactId> = people.into_iter().flat_map(|person| person.same_address).collect();
    let proof = json!({
        "request": id, "tenant": tx.tenant().id, "contact": contact, "erased_at": tx.now(), "tables": counts,
        "ledger_lines_kept": db::count_ledger(tx, contact).await?, "same_address": same_address,
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
