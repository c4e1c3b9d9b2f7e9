//! Segments as personal data of the contacts that are in them.
use super::{actions::tell, db};
use contacts::Person;
use kernel::{Result, Tx};
use serde_json::{Value, json};

/// Segments that the person is in, by name, and since when.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    let rows = db::of_person(tx, person.contact).await?;
    let segments = rows.into_iter().map(|row| json!({ "segment": row.segment, "since": row.entered_at }));
    Ok(json!({ "segments": segments.collect::<Vec<_>>() }))
}

/// Takes the person out of every segment.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let (left, lines) = db::forget(tx, person.contact).await?;
    for segment in left {
        db::count(tx, segment, -1).await?;
        tell(tx, segment, person.contact.0, false).await?;
    }
    Ok(vec![("segment_members", lines)])
}
