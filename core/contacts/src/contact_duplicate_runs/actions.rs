//! What can be done with runs. A step is one transaction: what it did and the place it came to are kept together.
use super::{
    db::{self, Run, Step},
    jobs::WorkOnContactDuplicates,
    model::{ContactDuplicateRun, ContactDuplicateRunId, DuplicateRunKind, LEAST_SURE, NewDuplicateRun},
};
use crate::{
    contact_duplicates,
    contact_merges::{self, NewContactMerge},
    contacts::Owners,
};
use kernel::{Error, Result, Tx, error::Kind, events::NewEvent, jobs::Enqueue};
use serde_json::json;

/// Contacts compared in one step.
const CONTACTS: i64 = 500;

/// Begins a run.
pub async fn create(tx: &mut Tx, new: NewDuplicateRun, owners: &Owners) -> Result<ContactDuplicateRun> {
    let confidence = new.confidence.unwrap_or(95);
    if !(LEAST_SURE..=100).contains(&confidence) {
        return Err(Error::invalid("/confidence", "range", format!("{LEAST_SURE} to 100 percent.")));
    }
    let id = ContactDuplicateRunId::new(tx.now());
    db::insert(tx, id, new.kind, confidence, owners).await?;
    tx.enqueue(&WorkOnContactDuplicates { run: id }, Enqueue::default()).await?;
    record(tx, "contact_duplicate_run.created", id, "Run over duplicates begun", new.kind).await?;
    db::find(tx, id).await
}

/// Stops a run; what it did stays.
pub async fn cancel(tx: &mut Tx, id: ContactDuplicateRunId) -> Result<ContactDuplicateRun> {
    let run = db::lock(tx, id).await?;
    if run.state != "running" {
        return Err(Error::conflict("run_over", "The run is over."));
    }
    db::finish(tx, id, "cancelled").await?;
    record(tx, "contact_duplicate_run.cancelled", id, "Run over duplicates stopped", run.kind).await?;
    db::find(tx, id).await
}

/// Does the next step; gives whether there may be more.
pub(super) async fn step(tx: &mut Tx, id: ContactDuplicateRunId) -> Result<bool> {
    let run = db::lock(tx, id).await?;
    if run.state != "running" {
        return Ok(false);
    }
    let done = match run.kind {
        DuplicateRunKind::Scan => scan(tx, &run).await?,
        DuplicateRunKind::Merge => merge(tx, &run).await?,
    };
    let Some(done) = done else {
        db::finish(tx, id, "done").await?;
        record(tx, "contact_duplicate_run.finished", id, "Run over duplicates done", run.kind).await?;
        return Ok(false);
    };
    db::advance(tx, id, done).await?;
    Ok(true)
}

async fn scan(tx: &mut Tx, run: &Run) -> Result<Option<Step>> {
    let ids = contact_duplicates::after(tx, run.position, CONTACTS).await?;
    let Some(last) = ids.last() else { return Ok(None) };
    let found = contact_duplicates::compare(tx, &ids).await?;
    Ok(Some(Step { position: Some(last.0), done: ids.len() as i64, found, ..Step::default() }))
}

/// Merges the next sure pair, into the older contact. Whoever is under legal hold, or not there any more, is left alone.
async fn merge(tx: &mut Tx, run: &Run) -> Result<Option<Step>> {
    let next = contact_duplicates::next_sure(tx, run.position, run.confidence, run.created_at, &run.reach).await?;
    let Some(pair) = next else { return Ok(None) };
    let new = NewContactMerge { kept: Some(pair.kept), merged: vec![pair.merged], ..NewContactMerge::default() };
    let reach = run.reach.clone();
    let done = tx.attempt(async |tx| contact_merges::merge(tx, new, &reach).await).await?;
    let step = Step { position: Some(pair.id), done: 1, ..Step::default() };
    match done {
        Ok(_) => Ok(Some(Step { merged: 1, ..step })),
        Err(error) if error.is_not_found() || matches!(error.kind(), Kind::Conflict { .. }) => {
            Ok(Some(Step { skipped: 1, ..step }))
        }
        Err(error) => Err(error),
    }
}

async fn record(
    tx: &mut Tx,
    kind: &'static str,
    id: ContactDuplicateRunId,
    title: &str,
    what: DuplicateRunKind,
) -> Result<()> {
    let payload = json!({ "kind": what.as_str() });
    tx.record(NewEvent::new(kind, "contact_duplicate_runs", id.0, title).payload(&payload)).await?;
    Ok(())
}
