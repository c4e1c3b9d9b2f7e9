//! Attachments as personal data of the contact they belong to.
use super::{actions::OWNER, db};
use contacts::Person;
use kernel::{Result, Tx};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

/// Every file that is kept with the person.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    let attachments = db::of_contact(tx, person.contact).await?;
    Ok(json!({ "attachments": attachments.iter().filter_map(ToJSON::to_json).collect::<Vec<_>>() }))
}

/// Removes the person's files and what others' are said to be about when that names him. Gives how many rows were touched.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let gone = db::erase(tx, person.contact).await?;
    files::remove_owned(tx, OWNER, &gone).await?;
    let redacted = db::redact(tx, &person.addresses).await?;
    Ok(vec![("attachments", gone.len() as u64 + redacted)])
}
