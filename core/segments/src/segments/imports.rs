//! The segment that an import of contacts puts everybody of its file into. No column says it: it is the import's own choice.
use super::{
    actions::{hold_picks, not_picked, pick},
    model::SegmentId,
};
use kernel::{
    Error, Result, Tx,
    imports::{ImportPart, PartBatch, PartTaken, PartTrace},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// What every row of such an import says.
pub(crate) const IMPORTS: &[ImportPart] = &[ImportPart {
    name: "segment",
    columns: &["segment"],
    needs: None,
    strict: true,
    write: "segments.write",
    read: |_, cell, _| Ok(json!(cell)),
    take: |tx, batch| Box::pin(take(tx, batch)),
    undo: |tx, traces, _| Box::pin(undo(tx, traces)),
}];

fn segment_of(said: Option<&Value>) -> Result<SegmentId> {
    let id = said.and_then(Value::as_str).and_then(|id| id.parse().ok());
    id.ok_or_else(|| Error::internal("an import names no segment"))
}

/// Puts whoever is not in it yet into the segment; all rows name the same one. One that was deleted gets nobody, and the
/// import goes on.
async fn take(tx: &mut Tx, batch: PartBatch<'_>) -> Result<PartTaken> {
    let Some(first) = batch.rows.first() else { return Ok(PartTaken::default()) };
    let id = segment_of(first.said.get("segment"))?;
    let contacts: Vec<Uuid> = batch.rows.iter().map(|row| row.contact).collect();
    let number = |contacts: &[Uuid]| i32::try_from(contacts.len()).unwrap_or(i32::MAX);
    let came = match batch.writes {
        true if hold_picks(tx, id).await? => Some(pick(tx, id, &contacts, true, true).await?),
        true => None,
        false => not_picked(tx, id, &contacts).await?,
    };
    let Some(came) = came else {
        return Ok(PartTaken { counts: vec![("segment_missed", number(&contacts))], traces: vec![] });
    };
    let rows = batch.rows.iter().filter(|row| batch.writes && came.contains(&row.contact));
    let traces = rows.map(|row| PartTrace {
        step: 0,
        line: row.line,
        contact: Some(row.contact),
        record: None,
        trace: json!({ "segment": id }),
    });
    Ok(PartTaken { counts: vec![("segment_members", number(&came))], traces: traces.collect() })
}

/// Takes whoever came with the import out again, unless the segment is gone.
async fn undo(tx: &mut Tx, traces: &[PartTrace]) -> Result<Vec<&'static str>> {
    if let Some(first) = traces.first() {
        let id = segment_of(first.trace.get("segment"))?;
        let contacts: Vec<Uuid> = traces.iter().filter_map(|trace| trace.contact).collect();
        if hold_picks(tx, id).await? {
            pick(tx, id, &contacts, false, true).await?;
        }
    }
    Ok(vec!["undone"; traces.len()])
}
