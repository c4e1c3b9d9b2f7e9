//! Letting a timeline leave the system.
use super::model::Ask;
use crate::records::Record;
use kernel::{Result, Tx, events::NewEvent};
use serde_json::json;

/// Records that a record's timeline leaves the system, by which filters it is chosen and how many entries it has.
pub(super) async fn record_export(tx: &mut Tx, ask: &Ask, filter: &[String], rows: u64) -> Result<()> {
    let fields: Vec<&str> = filter.iter().filter_map(|f| f.split(':').next()).collect();
    let subject = match ask.record {
        Record::Contact(_) => "contacts",
        Record::Company(_) => "companies",
        Record::Deal(_) => "deals",
    };
    let event = NewEvent::new("timeline.exported", subject, ask.record.id(), "Timeline exported");
    let payload = json!({ "filtered_by": fields, "rows": rows });
    tx.record(event.contact(ask.record.contact().map(|contact| contact.0)).payload(&payload)).await?;
    Ok(())
}
