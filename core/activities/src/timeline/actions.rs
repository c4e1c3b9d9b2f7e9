//! Letting a timeline leave the system.
use super::{db, model::Ask};
use crate::records::{Record, require};
use kernel::{Result, Tx, db::ListQuery, events::NewEvent};
use serde_json::json;

/// Records that a record's timeline leaves the system, and by which filters it is chosen; refuses filters that do not work.
pub(super) async fn record_export(tx: &mut Tx, ask: &Ask, filter: &[String]) -> Result<()> {
    require(tx, ask.record, &ask.reach).await?;
    let probe = ListQuery { limit: Some(1), filter: filter.to_vec(), ..ListQuery::default() };
    db::list(tx, ask, &probe).await?;
    let fields: Vec<&str> = filter.iter().filter_map(|f| f.split(':').next()).collect();
    let subject = match ask.record {
        Record::Contact(_) => "contacts",
        Record::Company(_) => "companies",
        Record::Deal(_) => "deals",
    };
    let event = NewEvent::new("timeline.exported", subject, ask.record.id(), "Timeline exported");
    let payload = json!({ "filtered_by": fields });
    tx.record(event.contact(ask.record.contact().map(|contact| contact.0)).payload(&payload)).await?;
    Ok(())
}
