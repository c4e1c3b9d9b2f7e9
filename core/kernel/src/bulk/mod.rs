//! One change to many records, done in the background in batches and taken back as a whole: what all kinds of records share. A
//! module says what one batch does and what takes it back ([`BulkRuns`]), and names its two tables ([`bulk_runs!`](crate::bulk_runs)).
//!
//! A batch is one transaction: what it did to records, what it remembers of it and the place it came to are kept together, so a
//! worker that dies leaves nothing half done and nobody is changed twice.
pub mod db;
mod jobs;
mod personal;
mod trace;

pub use db::Names;
pub use jobs::{ForgetBulkRun, WorkOnBulkRun};
pub use personal::{erase_person, export_person};
pub use trace::{Fate, Fates, Was, back};

use crate::{
    Cx, Error, Result, Tx,
    auth::{Actor, Permission},
    db::{FromRow, ListQuery, ListSpec},
    error::Kind,
    events::NewEvent,
    http::Page,
    jobs::Enqueue,
};
use chrono::TimeDelta;
use db::Run;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{collections::HashMap, future::Future, marker::PhantomData};
use uuid::Uuid;

crate::id!(BulkRunId, "bkr", "One change to many records.");

/// Most records of one run.
pub const MOST: u32 = 500_000;
/// Most records that are named one by one, or left out of what matches.
pub const MOST_NAMED: usize = 10_000;
/// How long a run can be taken back after its end, in days.
pub const UNDO_DAYS: i64 = 30;
/// Records of one transaction.
const BATCH: i64 = 200;
/// Rows that are forgotten at once.
const FORGOTTEN: i32 = 2_000;

/// Owners whose records are meant; everybody's when there are none.
pub type Owners = Option<Vec<Uuid>>;

crate::word! {
    /// How far a run has come.
    pub enum BulkRunState {
        /// At work.
        #[default]
        Running = "running",
        /// Through.
        Done = "done",
        /// Stopped by somebody; what was done stays.
        Cancelled = "cancelled",
        /// Stopped by an error; what was done stays.
        Failed = "failed",
        /// What it did is being taken back.
        Undoing = "undoing",
        /// What it did was taken back.
        Undone = "undone",
    }
}

/// Runs over one kind of records.
pub trait BulkRuns: Send + Sync + Sized + 'static {
    /// Its tables, events and statements.
    const NAMES: &'static Names;
    /// Kind of the job that does the work.
    const WORK: &'static str;
    /// Kind of the job that forgets what can no longer be taken back.
    const FORGET: &'static str;
    /// What is changed, the same for every record.
    type Change: Serialize + DeserializeOwned + Send + Sync;
    /// What a run changed about one record, and nothing else of it.
    type Trace: Serialize + DeserializeOwned + Send + Sync;
    /// A run, as the API shows it.
    type Run: FromRow + ParseFromJSON + ToJSON;
    /// What became of one record, as the API shows it.
    type Row: BulkRow;

    /// Does a change to records, as far as these owners have them. Those that are not named in the answer are not there.
    fn apply(
        tx: &mut Tx,
        change: &Self::Change,
        ids: &[Uuid],
        reach: &Owners,
    ) -> impl Future<Output = Result<Fates<Self::Trace>>> + Send;

    /// Takes back what was changed, and says what became of each record: `restored`, or why it was left as it is.
    fn take_back(
        tx: &mut Tx,
        change: &Self::Change,
        rows: &[(Uuid, Self::Trace)],
        reach: &Owners,
    ) -> impl Future<Output = Result<HashMap<Uuid, String>>> + Send;
}

/// What became of one record.
pub trait BulkRow: FromRow + ParseFromJSON + ToJSON {
    /// Rows with the names of their records.
    const LIST: ListSpec;
    /// The record; none when it is not to be named.
    fn record(&self) -> Option<Uuid>;
    /// Names the record no more.
    fn hide(&mut self);
}

/// Records that a new run is about.
#[derive(Debug)]
pub struct Meant<'a> {
    /// Named one by one; none when they are whatever a list shows.
    pub named: &'a [Uuid],
    /// Words that each holds.
    pub words: &'a str,
    /// Filters of the list.
    pub filter: &'a [String],
}

/// Refuses a selection that names nothing, too much, or both ways at once; `field` is where the ids stand.
pub fn check_meant(field: &str, named: usize, excluded: Option<usize>) -> Result<()> {
    match excluded {
        None if !(1..=MOST_NAMED).contains(&named) => {
            Err(Error::invalid(format!("/{field}"), "count", format!("1 to 10000 {field}.")))
        }
        Some(_) if named > 0 => {
            Err(Error::invalid("/matching", "alone", format!("Name {field}, or say what they match.")))
        }
        Some(excluded) if excluded > MOST_NAMED => {
            Err(Error::invalid("/matching/excluded", "too_many", "At most 10000."))
        }
        _ => Ok(()),
    }
}

/// Whose records a run changes: those that the caller may see, and change by the hundred.
pub fn reach<R: Permission>(cx: &Cx<impl Permission>) -> Owners {
    if cx.level_of::<R>() < cx.level { cx.visible_owners_of::<R>() } else { cx.visible_owners() }
}

/// Whoever deletes records by the hundred, or brings them back, must be allowed to do so one by one: 403 otherwise.
pub fn check_deleting<D: Permission, M: Permission>(cx: &Cx<M>, deletes: bool) -> Result<()> {
    match deletes && cx.level_of::<D>() < cx.level {
        true => {
            let detail = format!("Deleting needs {} as far as {}.", D::NAME, M::NAME);
            Err(Error::forbidden("permission_missing", detail))
        }
        false => Ok(()),
    }
}

/// The same refusal about something that stands in the change.
pub fn below_change(error: Error) -> Error {
    let Kind::Invalid(fields) = error.kind() else { return error };
    let mut fields = fields.clone();
    for problem in &mut fields {
        problem.field = format!("/change{}", problem.field);
    }
    Error::invalid_fields(fields)
}

/// Begins a run that was checked; the records are those that are meant in this moment. `note` writes those that a list shows as
/// its rows, and says how many.
pub async fn begin<R: BulkRuns>(
    tx: &mut Tx,
    change: &R::Change,
    meant: Meant<'_>,
    reach: &Owners,
    note: impl AsyncFnOnce(&mut Tx, Uuid) -> Result<i64>,
) -> Result<R::Run> {
    let (id, names) = (BulkRunId::new(tx.now()), R::NAMES);
    let change = serde_json::to_value(change).map_err(Error::internal)?;
    db::insert(tx, names, id, &change, &meant, reach).await?;
    let total = if meant.named.is_empty() {
        tx.wait_for_long().await?;
        note(tx, id.0).await?
    } else {
        db::name(tx, names, id, meant.named).await?
    };
    if total == 0 {
        return Err(Error::invalid("/matching", "nothing_matches", format!("There is no such {}.", names.one)));
    }
    if total > i64::from(MOST) {
        let detail = format!("At most {MOST} {}; narrow the list.", names.many);
        return Err(Error::invalid("/matching", "too_many", detail));
    }
    db::set_total(tx, names, id, total).await?;
    go_on::<R>(tx, id, tx.context().actor).await?;
    record(tx, names, names.events.created, id, "begun", json!({ (names.many): total })).await?;
    find::<R>(tx, id, &None).await
}

/// Stops a run that one of these members began; what it did stays, and can be taken back.
pub async fn cancel<R: BulkRuns>(tx: &mut Tx, id: BulkRunId, members: &Owners) -> Result<R::Run> {
    let run = db::lock(tx, R::NAMES, id, members).await?;
    if run.state != BulkRunState::Running {
        return Err(over(run.state));
    }
    end::<R>(tx, id, BulkRunState::Cancelled, None).await?;
    record(tx, R::NAMES, R::NAMES.events.cancelled, id, "stopped", json!({ "done": run.done })).await?;
    find::<R>(tx, id, members).await
}

/// Begins to take a run back that one of these members began, as far as these owners have the records.
pub async fn undo<R: BulkRuns>(tx: &mut Tx, id: BulkRunId, members: &Owners, reach: &Owners) -> Result<R::Run> {
    let run = db::lock(tx, R::NAMES, id, members).await?;
    if !matches!(run.state, BulkRunState::Done | BulkRunState::Cancelled | BulkRunState::Failed) {
        return Err(over(run.state));
    }
    if run.undo_until.is_some_and(|until| until <= tx.now()) {
        return Err(Error::conflict("undo_over", format!("A run can be undone for {UNDO_DAYS} days.")));
    }
    db::start_undo(tx, R::NAMES, id, reach).await?;
    go_on::<R>(tx, id, tx.context().actor).await?;
    let names = R::NAMES;
    let event = NewEvent::new(
        names.events.undo_started,
        names.runs,
        id.0,
        format!("Undo of a change of many {} started", names.many),
    );
    tx.record(event.payload(&json!({}))).await?;
    find::<R>(tx, id, members).await
}

/// One run, if one of these members began it.
pub async fn find<R: BulkRuns>(tx: &mut Tx, id: BulkRunId, members: &Owners) -> Result<R::Run> {
    db::find(tx, R::NAMES, id, members).await
}

/// One page of runs that these members began; everybody's when `None`.
pub async fn list<R: BulkRuns>(tx: &mut Tx, query: &ListQuery, members: &Owners) -> Result<Page<R::Run>> {
    db::list(tx, R::NAMES, query, members).await
}

/// What became of the records of a run that one of these members began. Those that are out of reach are not named.
pub async fn rows<R: BulkRuns>(
    tx: &mut Tx,
    id: BulkRunId,
    query: &ListQuery,
    members: &Owners,
    reach: &Owners,
) -> Result<Page<R::Row>> {
    find::<R>(tx, id, members).await?;
    let mut page: Page<R::Row> = db::rows(tx, &R::Row::LIST, id, query).await?;
    if reach.is_some() {
        let ids: Vec<Uuid> = page.items.iter().filter_map(BulkRow::record).collect();
        let reached = db::reached(tx, R::NAMES, &ids, reach).await?;
        let far = |row: &&mut R::Row| row.record().is_some_and(|id| !reached.contains(&id));
        page.items.iter_mut().filter(far).for_each(BulkRow::hide);
    }
    Ok(page)
}

/// Does the next batch, or takes it back; gives whether there is more to do here and now. The run is locked first, so a
/// batch is done once.
async fn step<R: BulkRuns>(tx: &mut Tx, id: BulkRunId, by: Actor, last: bool) -> Result<bool> {
    let run = match db::lock(tx, R::NAMES, id, &None).await {
        Err(error) if error.is_not_found() => return Ok(false),
        other => other?,
    };
    let more = match run.state {
        BulkRunState::Running => forward::<R>(tx, run).await?,
        BulkRunState::Undoing => backward::<R>(tx, run).await?,
        _ => false,
    };
    if more && last {
        go_on::<R>(tx, id, by).await?;
    }
    Ok(more && !last)
}

async fn forward<R: BulkRuns>(tx: &mut Tx, run: Run) -> Result<bool> {
    let names = R::NAMES;
    let rows = db::waiting(tx, names, run.id, run.place, BATCH).await?;
    let Some(place) = rows.last().map(|row| row.place) else {
        end::<R>(tx, run.id, BulkRunState::Done, None).await?;
        let payload = json!({ "changed": run.changed, "skipped": run.skipped });
        record(tx, names, names.events.finished, run.id, "done", payload).await?;
        return Ok(false);
    };
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.record).collect();
    let change: R::Change = serde_json::from_value(run.change).map_err(Error::internal)?;
    let mut fates = R::apply(tx, &change, &ids, &run.reach).await?;
    let fate = |row: &db::Waiting| row.record.and_then(|id| fates.remove(&id)).unwrap_or_else(Fate::missing);
    let fates: Vec<Fate<R::Trace>> = rows.iter().map(fate).collect();
    db::settle(tx, names, run.id, &rows, &fates).await?;
    let changed = fates.iter().filter(|fate| fate.outcome == "changed").count();
    db::advance(tx, names, run.id, place, count(changed), count(fates.len() - changed)).await?;
    Ok(true)
}

async fn backward<R: BulkRuns>(tx: &mut Tx, run: Run) -> Result<bool> {
    let names = R::NAMES;
    let rows = db::changed(tx, names, run.id, run.undo_place, BATCH).await?;
    let Some(place) = rows.last().map(|row| row.place) else {
        db::finish_undo(tx, names, run.id).await?;
        let payload = json!({ "undone": run.undone, "kept": run.kept });
        record(tx, names, names.events.undone, run.id, "undone", payload).await?;
        return Ok(false);
    };
    let mut traces = vec![];
    for row in &rows {
        if let Some(id) = row.record {
            traces.push((id, serde_json::from_value(row.trace.clone()).map_err(Error::internal)?));
        }
    }
    let change: R::Change = serde_json::from_value(run.change).map_err(Error::internal)?;
    let mut fates = R::take_back(tx, &change, &traces, &run.reach).await?;
    let fate = |row: &db::Changed| row.record.and_then(|id| fates.remove(&id)).unwrap_or_else(|| "missing".to_owned());
    let fates: Vec<String> = rows.iter().map(fate).collect();
    db::settle_undo(tx, names, run.id, &rows, &fates).await?;
    let undone = fates.iter().filter(|fate| *fate == "restored").count();
    db::advance_undo(tx, names, run.id, place, count(undone), count(fates.len() - undone)).await?;
    Ok(true)
}

/// Stops a run that went wrong too often.
async fn fail<R: BulkRuns>(tx: &mut Tx, id: BulkRunId, code: &str) -> Result<()> {
    let run = db::lock(tx, R::NAMES, id, &None).await?;
    match run.state {
        BulkRunState::Running | BulkRunState::Undoing => {
            end::<R>(tx, id, BulkRunState::Failed, Some(code)).await?;
            record(tx, R::NAMES, R::NAMES.events.failed, id, "failed", json!({ "code": code })).await
        }
        _ => Ok(()),
    }
}

async fn end<R: BulkRuns>(tx: &mut Tx, run: BulkRunId, state: BulkRunState, error: Option<&str>) -> Result<()> {
    let until = tx.now() + TimeDelta::days(UNDO_DAYS);
    db::finish(tx, R::NAMES, run, state, error, until).await?;
    let forget = ForgetBulkRun::<R> { run, runs: PhantomData };
    tx.enqueue(&forget, Enqueue { run_at: Some(until), ..Enqueue::default() }).await.map(drop)
}

/// Forgets what a run kept to be taken back, when its time is over; gives whether there is more to forget.
async fn forget<R: BulkRuns>(tx: &mut Tx, id: BulkRunId) -> Result<bool> {
    let run = match db::lock(tx, R::NAMES, id, &None).await {
        Err(error) if error.is_not_found() => return Ok(false),
        other => other?,
    };
    let at_rest = !matches!(run.state, BulkRunState::Running | BulkRunState::Undoing);
    match at_rest && run.undo_until.is_none_or(|until| until <= tx.now()) {
        true => db::forget(tx, R::NAMES, id, FORGOTTEN).await,
        // Its end plans a forgetting of its own.
        false => Ok(false),
    }
}

/// Lets the rest be done, in the name of whoever asked for it.
async fn go_on<R: BulkRuns>(tx: &mut Tx, run: BulkRunId, by: Actor) -> Result<()> {
    tx.enqueue(&WorkOnBulkRun::<R> { run, by, runs: PhantomData }, Enqueue::default()).await.map(drop)
}

async fn record(
    tx: &mut Tx,
    names: &Names,
    kind: &'static str,
    id: BulkRunId,
    what: &str,
    payload: Value,
) -> Result<()> {
    let title = format!("Change of many {} {what}", names.many);
    tx.record(NewEvent::new(kind, names.runs, id.0, title).payload(&payload)).await.map(drop)
}

fn over(state: BulkRunState) -> Error {
    match state {
        BulkRunState::Running => Error::conflict("run_running", "The run is at work. Stop it first."),
        BulkRunState::Undoing => Error::conflict("run_undoing", "The run is being undone."),
        BulkRunState::Undone => Error::conflict("run_undone", "The run was undone."),
        BulkRunState::Done | BulkRunState::Cancelled | BulkRunState::Failed => {
            Error::conflict("run_over", "The run is over.")
        }
    }
}

fn count(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}
