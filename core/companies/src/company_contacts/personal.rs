//! Being one of a company's people, as personal data of the contact.
use super::db;
use contacts::ContactId;
use kernel::{Result, Tx};
use poem_openapi::types::ToJSON;
use serde_json::Value;

/// Every company the contact is one of the people of.
pub async fn export(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    Ok(db::all_of(tx, contact).await?.iter().filter_map(ToJSON::to_json).collect())
}

/// Takes the contact out of every company; gives how many there were.
pub async fn erase(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    db::delete_all_of(tx, contact).await
}
