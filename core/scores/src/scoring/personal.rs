//! Scores as personal data: the number stands with the contact, here is what it comes from.
use super::{actions, db};
use contacts::Person;
use kernel::{Result, Tx};
use serde_json::{Value, json};

/// The person's score with its reasons, as it is counted now.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    Ok(json!({ "score": actions::explained(tx, person.contact).await? }))
}

/// Forgets that the person was to be counted.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    Ok(vec![("score_dirty", db::forget(tx, person.contact.0).await?)])
}
