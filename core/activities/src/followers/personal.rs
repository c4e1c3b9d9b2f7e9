//! Followers of a contact, as a part of what is kept about the person.
use super::db;
use crate::records::Record;
use contacts::ContactId;
use kernel::{Result, Tx};
use serde_json::{Value, json};

/// Who follows the contact.
pub(crate) async fn export(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    let rows = db::of(tx, Record::Contact(contact)).await?;
    Ok(rows.iter().map(|row| json!({ "user": row.user, "created_at": row.created_at })).collect())
}

/// Lets nobody follow the contact any more.
pub(crate) async fn erase(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    db::erase(tx, contact).await
}
