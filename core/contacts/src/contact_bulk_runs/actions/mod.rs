//! What can be done with bulk runs. A batch is one transaction: what it did to contacts, what it remembers of it and the
//! place it came to are kept together, so a worker that dies leaves nothing half done and nobody is changed twice.
mod batch;

use super::{
    db::{self, Run},
    jobs::{ForgetContactBulkRun, WorkOnContactBulkRun},
    model::{
        ContactBulkChange, ContactBulkRun, ContactBulkRunId, ContactBulkRunState as State, MOST, NewContactBulkRun,
        UNDO_DAYS,
    },
};
use crate::{
    contact_stages,
    contacts::{self, Owners, many},
    tags,
};
pub(super) use batch::Fate;
use chrono::TimeDelta;
use fields::{Custom, RecordKind};
use kernel::{
    Error, Result, Tx,
    auth::{Actor, Level},
    error::Kind,
    events::NewEvent,
    jobs::Enqueue,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Who asks, and as far as he may change segments.
pub(super) type Who = (Option<Uuid>, Level);

/// Contacts of one transaction.
const BATCH: i64 = 200;
/// Rows that are forgotten at once.
const FORGOTTEN: i32 = 2_000;

/// Begins a run; the contacts are those that are meant in this moment.
pub(super) async fn create(tx: &mut Tx, new: NewContactBulkRun, reach: &Owners, who: Who) -> Result<ContactBulkRun> {
    let new = new.checked()?;
    let change = &new.change;
    check_segment(tx, change, who).await?;
    if let Some(stage) = &change.stage
        && !contact_stages::exists(tx, stage).await?
    {
        return Err(Error::invalid(
            "/change/stage",
            "stage_unknown",
            "There is no such stage; see /v1/contact-stages.",
        ));
    }
    if !change.owner.is_undefined() {
        contacts::owner_in_reach(tx, change.owner.value().copied(), reach).map_err(below)?;
    }
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    let problems = fields.changed(&Custom::default(), &change.custom).1;
    if !problems.is_empty() {
        return Err(below(Error::invalid_fields(problems)));
    }
    tags::resolve(tx, change.add_tags.clone()).await.map_err(below)?;
    let id = ContactBulkRunId::new(tx.now());
    let wish = new.matching.unwrap_or_default();
    let wish = many::Asked {
        filter: wish.filter,
        words: wish.q.unwrap_or_default().trim().chars().take(100).collect(),
        deleted: change.deleted == Some(false),
        excluded: wish.excluded,
    };
    db::insert(tx, id, change, &wish, !new.contacts.is_empty(), reach).await?;
    let total = if new.contacts.is_empty() {
        db::wait_for_long(tx).await?;
        many::note(tx, id.0, &wish, reach, MOST + 1).await?
    } else {
        db::name(tx, id, &new.contacts).await?
    };
    if total == 0 {
        return Err(Error::invalid("/matching", "nothing_matches", "There is no such contact."));
    }
    if total > i64::from(MOST) {
        return Err(Error::invalid("/matching", "too_many", format!("At most {MOST} contacts; narrow the list.")));
    }
    db::set_total(tx, id, total).await?;
    go_on(tx, id, tx.context().actor).await?;
    record(tx, "contact_bulk_run.created", id, "Change of many contacts begun", json!({ "contacts": total })).await?;
    db::find(tx, id, &None).await
}

/// Refuses a segment that the caller may not change.
async fn check_segment(tx: &mut Tx, change: &ContactBulkChange, who: Who) -> Result<()> {
    let Some((segment, _)) = change.segment() else { return Ok(()) };
    match (tx.app().picks()?.check)(tx, segment.0, who).await {
        Err(error) if error.is_not_found() => {
            Err(Error::invalid(change.segment_field(), "segment_unknown", "There is no such segment."))
        }
        other => other,
    }
}

/// Stops a run; what it did stays, and can be taken back.
pub(super) async fn cancel(tx: &mut Tx, id: ContactBulkRunId, members: &Owners) -> Result<ContactBulkRun> {
    let run = db::lock(tx, id, members).await?;
    if run.state != State::Running {
        return Err(over(run.state));
    }
    end(tx, &run, State::Cancelled, None).await?;
    record(tx, "contact_bulk_run.cancelled", id, "Change of many contacts stopped", json!({ "done": run.done }))
        .await?;
    db::find(tx, id, members).await
}

/// Begins to take a run back.
pub(super) async fn undo(
    tx: &mut Tx,
    id: ContactBulkRunId,
    members: &Owners,
    reach: &Owners,
    who: Who,
) -> Result<ContactBulkRun> {
    let run = db::lock(tx, id, members).await?;
    match check_segment(tx, &run.change, who).await {
        // Of a segment that is gone nobody is taken out.
        Err(error) if error.code() == "invalid" => {}
        other => other?,
    }
    if !matches!(run.state, State::Done | State::Cancelled | State::Failed) {
        return Err(over(run.state));
    }
    if run.undo_until.is_some_and(|until| until <= tx.now()) {
        return Err(Error::conflict("undo_over", format!("A run can be undone for {UNDO_DAYS} days.")));
    }
    db::start_undo(tx, id, reach).await?;
    go_on(tx, id, tx.context().actor).await?;
    record(tx, "contact_bulk_run.undo_started", id, "Undo of a change of many contacts started", json!({})).await?;
    db::find(tx, id, members).await
}

/// Does the next batch, or takes it back; gives whether there is more to do here and now. The run is locked first, so a
/// batch is done once.
pub(super) async fn step(tx: &mut Tx, id: ContactBulkRunId, by: Actor, last: bool) -> Result<bool> {
    let run = match db::lock(tx, id, &None).await {
        Err(error) if error.is_not_found() => return Ok(false),
        other => other?,
    };
    let more = match run.state {
        State::Running => forward(tx, &run).await?,
        State::Undoing => back(tx, &run).await?,
        _ => false,
    };
    if more && last {
        go_on(tx, id, by).await?;
    }
    Ok(more && !last)
}

async fn forward(tx: &mut Tx, run: &Run) -> Result<bool> {
    let rows = db::waiting(tx, run.id, run.place, BATCH).await?;
    let Some(place) = rows.last().map(|row| row.place) else {
        end(tx, run, State::Done, None).await?;
        let payload = json!({ "changed": run.changed, "skipped": run.skipped });
        record(tx, "contact_bulk_run.finished", run.id, "Change of many contacts done", payload).await?;
        return Ok(false);
    };
    let ids: Vec<_> = rows.iter().filter_map(|row| row.contact).collect();
    let mut fates = batch::apply(tx, &run.change, &ids, &run.reach).await?;
    let fates: Vec<Fate> = rows
        .iter()
        .map(|row| row.contact.and_then(|contact| fates.remove(&contact)).unwrap_or_else(Fate::missing))
        .collect();
    db::settle(tx, run.id, &rows, &fates).await?;
    let changed = fates.iter().filter(|fate| fate.outcome == "changed").count();
    db::advance(tx, run.id, place, count(changed), count(fates.len() - changed)).await?;
    Ok(true)
}

async fn back(tx: &mut Tx, run: &Run) -> Result<bool> {
    let rows = db::changed(tx, run.id, run.undo_place, BATCH).await?;
    let Some(place) = rows.last().map(|row| row.place) else {
        db::finish_undo(tx, run.id).await?;
        let payload = json!({ "undone": run.undone, "kept": run.kept });
        record(tx, "contact_bulk_run.undone", run.id, "Change of many contacts undone", payload).await?;
        return Ok(false);
    };
    let mut fates = batch::take_back(tx, &run.change, &rows, &run.reach).await?;
    let fates: Vec<String> = rows
        .iter()
        .map(|row| row.contact.and_then(|contact| fates.remove(&contact)).unwrap_or_else(|| "missing".to_owned()))
        .collect();
    db::settle_undo(tx, run.id, &rows, &fates).await?;
    let undone = fates.iter().filter(|fate| *fate == "restored").count();
    db::advance_undo(tx, run.id, place, count(undone), count(fates.len() - undone)).await?;
    Ok(true)
}

/// Stops a run that went wrong too often.
pub(super) async fn fail(tx: &mut Tx, id: ContactBulkRunId, code: &str) -> Result<()> {
    let run = db::lock(tx, id, &None).await?;
    match run.state {
        State::Running | State::Undoing => {
            end(tx, &run, State::Failed, Some(code)).await?;
            record(tx, "contact_bulk_run.failed", id, "Change of many contacts failed", json!({ "code": code })).await
        }
        _ => Ok(()),
    }
}

async fn end(tx: &mut Tx, run: &Run, state: State, error: Option<&str>) -> Result<()> {
    let until = tx.now() + TimeDelta::days(UNDO_DAYS);
    db::finish(tx, run.id, state, error, until).await?;
    tx.enqueue(&ForgetContactBulkRun { run: run.id }, Enqueue { run_at: Some(until), ..Enqueue::default() }).await?;
    Ok(())
}

/// Forgets what a run kept to be taken back, when its time is over; gives whether there is more to forget.
pub(super) async fn forget(tx: &mut Tx, id: ContactBulkRunId) -> Result<bool> {
    let run = match db::lock(tx, id, &None).await {
        Err(error) if error.is_not_found() => return Ok(false),
        other => other?,
    };
    let at_rest = !matches!(run.state, State::Running | State::Undoing);
    match at_rest && run.undo_until.is_none_or(|until| until <= tx.now()) {
        true => db::forget(tx, id, FORGOTTEN).await,
        // Its end plans a forgetting of its own.
        false => Ok(false),
    }
}

/// Lets the rest be done, in the name of whoever asked for it.
async fn go_on(tx: &mut Tx, run: ContactBulkRunId, by: Actor) -> Result<()> {
    tx.enqueue(&WorkOnContactBulkRun { run, by }, Enqueue::default()).await.map(drop)
}

async fn record(tx: &mut Tx, kind: &'static str, id: ContactBulkRunId, title: &str, payload: Value) -> Result<()> {
    tx.record(NewEvent::new(kind, "contact_bulk_runs", id.0, title).payload(&payload)).await.map(drop)
}

fn over(state: State) -> Error {
    match state {
        State::Running => Error::conflict("run_running", "The run is at work. Stop it first."),
        State::Undoing => Error::conflict("run_undoing", "The run is being undone."),
        State::Undone => Error::conflict("run_undone", "The run was undone."),
        State::Done | State::Cancelled | State::Failed => Error::conflict("run_over", "The run is over."),
    }
}

fn count(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}

/// The same refusal about something that stands in the change.
fn below(error: Error) -> Error {
    let Kind::Invalid(fields) = error.kind() else { return error };
    let mut fields = fields.clone();
    for problem in &mut fields {
        problem.field = format!("/change{}", problem.field);
    }
    Error::invalid_fields(fields)
}
