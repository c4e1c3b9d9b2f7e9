//! Occasions and greetings as personal data of the contacts they are about.
use super::db;
use crate::greetings;
use contacts::Person;
use kernel::{Result, Tx, events::NewEvent};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

/// Every occasion of the person and every greeting that was sent to him or not.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    let occasions = db::of_contact(tx, person.contact).await?;
    let sends = greetings::sends_of(tx, person.contact).await?;
    let as_json = |list: Vec<Option<Value>>| list.into_iter().flatten().collect::<Vec<_>>();
    Ok(json!({
        "occasions": as_json(occasions.iter().map(ToJSON::to_json).collect()),
        "greetings": as_json(sends.iter().map(ToJSON::to_json).collect()),
    }))
}

/// Removes the person's occasions and what was sent to him, and words of other occasions that mention him. Gives how many rows
/// were touched.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let gone = db::erase(tx, person.contact).await?;
    let redacted = db::redact(tx, &person.addresses).await?;
    for id in gone.iter().chain(&redacted) {
        tx.record(NewEvent::new("occasion.forgotten", "occasions", id.0, "Occasion of a person removed")).await?;
    }
    let sends = greetings::erase_sends(tx, person.contact).await?;
    Ok(vec![("occasions", (gone.len() + redacted.len()) as u64), ("greeting_sends", sends)])
}
