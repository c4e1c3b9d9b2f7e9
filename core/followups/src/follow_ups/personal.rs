//! Follow-ups as personal data of the contacts they are about.
use super::db;
use contacts::Person;
use kernel::{Result, Tx};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

/// Every follow-up about the person, and the runs through sequences that they are steps of.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    let all = db::of_contact(tx, person.contact).await?;
    let enrolments = crate::enrolments::of_contact(tx, person.contact).await?;
    Ok(json!({
        "follow_ups": all.iter().filter_map(ToJSON::to_json).collect::<Vec<_>>(),
        "enrolments": enrolments.iter().filter_map(ToJSON::to_json).collect::<Vec<_>>(),
    }))
}

/// Removes them: nothing of them is of use without the person. Tasks that were made are erased by their own module.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let follow_ups = db::delete_all_of(tx, person.contact).await?;
    let enrolments = crate::enrolments::delete_all_of(tx, person.contact).await?;
    Ok(vec![("follow_ups", follow_ups), ("enrolments", enrolments)])
}
