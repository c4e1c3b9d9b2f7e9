//! Activities as personal data of the contact they were with.
use super::db;
use contacts::ContactId;
use kernel::{Result, Tx};
use poem_openapi::types::ToJSON;
use serde_json::Value;

/// Every activity with the contact.
pub async fn export(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    Ok(db::all_of(tx, contact).await?.iter().filter_map(ToJSON::to_json).collect())
}

/// Removes the activities with the contact, and the words of other activities that mention the person.
pub async fn erase(tx: &mut Tx, contact: ContactId, mentions: &[String]) -> Result<u64> {
    Ok(db::delete_all_of(tx, contact).await? + db::redact(tx, mentions).await?)
}
