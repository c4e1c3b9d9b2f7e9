//! Deals as personal data of the contacts who take part in them.
use super::db;
use crate::deal_bulk_runs;
use contacts::Person;
use kernel::{Result, Tx, events::NewEvent};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

/// Every deal the person takes part in, without the others who do.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    let mut deals = db::of_contact(tx, person.contact).await?;
    for deal in &mut deals {
        deal.contacts.retain(|c| c.contact == person.contact);
    }
    let runs = deal_bulk_runs::about(tx, person.contact).await?;
    let row = |row: &deal_bulk_runs::About| json!({ "run": row.run, "deal": row.deal, "outcome": row.outcome, "changed": row.trace, "undo": row.undo });
    Ok(json!({
        "deals": deals.iter().filter_map(ToJSON::to_json).collect::<Vec<_>>(),
        "deal_bulk_run_rows": runs.iter().map(row).collect::<Vec<_>>(),
    }))
}

/// Takes the person off every deal, and removes the words of deals that only he was on or that mention him. Their figures
/// stay: they are the tenant's own. Gives how many rows of each table were touched.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let (places, deals) = db::forget(tx, person.contact, &person.addresses).await?;
    let runs = deal_bulk_runs::forget(tx, &deals, &person.addresses).await?;
    fields::forget(tx, &deals.iter().map(|deal| deal.0).collect::<Vec<_>>()).await?;
    for deal in &deals {
        tx.record(NewEvent::new("deal.forgotten", "deals", deal.0, "Words of a deal removed")).await?;
    }
    Ok(vec![("deal_contacts", places), ("deals", deals.len() as u64), ("deal_bulk_run_rows", runs)])
}
