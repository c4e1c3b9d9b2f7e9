//! Greetings follow the stages, tags and segments that they name.
use super::record;
use crate::{
    greeting_batches,
    greetings::{db, model::Approval},
};
use contacts::SegmentId;
use kernel::{
    Result, Tx,
    events::{NewEvent, Recorded},
};
use serde_json::json;

/// Greetings to those in a stage that was taken away go to the stage that its contacts go to. What was approved waits again: it
/// goes to those who are there already, too.
pub(crate) async fn follow_stage(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let (Some(from), Some(to)) = (event.payload["key"].as_str(), event.payload["to"].as_str()) else { return Ok(()) };
    for moved in db::move_stage(tx, from, to).await? {
        greeting_batches::db::follow(tx, moved.id, moved.version, moved.approval == Approval::Each).await?;
        record(tx, moved.id, "greeting.updated", "Greeting follows a stage", json!({ "fields": ["stages"] })).await?;
    }
    Ok(())
}

/// Greetings to those with a tag that was renamed, became another one or is gone. Until this has run such a greeting goes to
/// nobody for the old name, and whoever is due on the day is found by the next look. What was approved waits again when it
/// goes to others than before.
pub(crate) async fn follow_tag(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let subject = event.subject_id;
    let merged = event.payload["from"].as_str().and_then(|id| id.strip_prefix("tag_")).and_then(kernel::ids::decode);
    let (from, into) = match (event.kind.as_str(), merged) {
        ("tag.merged", Some(from)) => (from, Some(subject)),
        ("tag.deleted", _) => (subject, None),
        _ => (subject, Some(subject)),
    };
    for moved in db::move_tag(tx, from, into).await? {
        let waits = moved.approval == Approval::Each && into != Some(from);
        greeting_batches::db::follow(tx, moved.id, moved.version, waits).await?;
        let fields = if moved.is_off { vec!["tags", "enabled"] } else { vec!["tags"] };
        record(tx, moved.id, "greeting.updated", "Greeting follows a tag", json!({ "fields": fields })).await?;
    }
    Ok(())
}

/// Greetings to a segment that asks for others now, was deleted or came back: what was approved waits again, in the transaction of
/// that change, so that nothing goes out to others than those for whom it was approved. Whoever approves or sends holds the greeting.
pub(crate) async fn follow_segment(tx: &mut Tx, event: &NewEvent) -> Result<()> {
    for moved in db::follow_segment(tx, SegmentId(event.subject_id)).await? {
        greeting_batches::db::follow(tx, moved.id, moved.version, moved.approval == Approval::Each).await?;
        let fields = json!({ "fields": ["segments"] });
        record(tx, moved.id, "greeting.updated", "Greeting follows a segment", fields).await?;
    }
    Ok(())
}
