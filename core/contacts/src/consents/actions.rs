//! What can be done with the consent ledger: add a line, and forget where lines came from.
use super::{
    db,
    model::{ConsentId, ConsentState, NewConsent},
};
use crate::contacts::ContactId;
use kernel::{Result, Tx, events::NewEvent};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

/// Adds a line to the ledger.
pub async fn add(tx: &mut Tx, contact: ContactId, new: NewConsent) -> Result<ConsentId> {
    new.check()?;
    let id = ConsentId::new(tx.now());
    let evidence = new.evidence.clone().salted();
    db::insert(tx, id, contact, &new, &evidence).await?;
    let (kind, title) = match new.state {
        ConsentState::Granted => ("contact.consent_granted", "Consent given"),
        ConsentState::Withdrawn => ("contact.consent_withdrawn", "Consent withdrawn"),
    };
    let payload = json!({ "purpose": new.purpose, "channel": new.channel });
    tx.record(NewEvent::new(kind, "consents", id.0, title).contact(contact.0).payload(&payload)).await?;
    Ok(id)
}

/// Forgets where the consents of a contact came from; the lines stay, with the hash of what was forgotten.
pub async fn forget(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    db::delete_evidence(tx, contact).await
}

/// Every line about a contact, oldest first.
pub async fn export(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    Ok(db::all_of(tx, contact).await?.iter().filter_map(ToJSON::to_json).collect())
}
