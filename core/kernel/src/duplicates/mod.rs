//! Runs over duplicates, what all kinds of records share: all records are looked through, or all pairs that are sure are merged. A
//! module says what one step does ([`DuplicateRuns`]) and names its table ([`duplicate_runs!`](crate::duplicate_runs)).
//!
//! A step is one transaction: what it did and the place it came to are kept together.
pub mod db;

pub use db::Names;

use crate::{
    Error, Result, Tx,
    bulk::Owners,
    db::FromRow,
    error::Kind,
    events::NewEvent,
    jobs::{Enqueue, Job, JobCx},
};
use db::{Run, Step};
use poem_openapi::{
    Object,
    types::{ParseFromJSON, ToJSON},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{future::Future, marker::PhantomData};
use uuid::Uuid;

crate::id!(DuplicateRunId, "dru", "A run over duplicates.");

/// The least confidence with which pairs are merged without a look, in percent.
const LEAST_SURE: i16 = 85;
/// Steps of one job.
const STEPS: usize = 20;

crate::word! {
    /// What a run does.
    pub enum DuplicateRunKind {
        /// Compares all records.
        #[default]
        Scan = "scan",
        /// Merges all open pairs that are sure enough; each can be undone.
        Merge = "merge",
    }
}

crate::word! {
    /// How far a run has come.
    pub enum DuplicateRunState {
        /// At work.
        #[default]
        Running = "running",
        /// Through.
        Done = "done",
        /// Stopped by somebody; what was done stays.
        Cancelled = "cancelled",
    }
}

/// A run to begin.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewDuplicateRun {
    /// What it does.
    pub kind: DuplicateRunKind,
    /// Pairs to merge: as sure as this or more, in percent, 85 to 100; 95 when absent.
    pub confidence: Option<i16>,
}

/// Pairs that came and went while records were compared.
#[derive(Debug, Clone, Default)]
pub struct Shift {
    /// Those that were not known before.
    pub found: Vec<Uuid>,
    /// Open ones that have nothing in common any more.
    pub gone: Vec<Uuid>,
}

impl Shift {
    /// So many pairs are new.
    pub fn new_ones(&self) -> i64 {
        i64::try_from(self.found.len()).unwrap_or(i64::MAX)
    }

    /// Tells of all of them with one event, of which one of them is the subject; of nothing when nothing changed.
    ///
    /// # Errors
    /// When the event cannot be recorded.
    pub async fn tell(&self, tx: &mut Tx, kind: &'static str, pairs: &'static str) -> Result<()> {
        let Some(one) = self.found.first().or(self.gone.first()) else { return Ok(()) };
        let figures = json!({ "found": self.found.len(), "gone": self.gone.len() });
        tx.record(NewEvent::new(kind, pairs, *one, "Possible duplicates came or went").payload(&figures))
            .await
            .map(drop)
    }
}

/// What came of comparing some records.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    /// The last of them, in the order of their ids.
    pub last: Uuid,
    /// So many they were.
    pub records: usize,
    /// Pairs that were not known before.
    pub found: i64,
}

crate::row! {
    /// A sure pair.
    #[derive(Debug, Clone, Copy)]
    pub struct Sure {
        /// The pair.
        pub id: Uuid,
        /// The record that is kept: the older one.
        pub kept: Uuid,
        /// The one that becomes part of it.
        pub merged: Uuid,
    }
}

/// Runs over one kind of records.
pub trait DuplicateRuns: Send + Sync + Sized + 'static {
    /// Its table, events and statements.
    const NAMES: &'static Names;
    /// Kind of the job that does the work.
    const WORK: &'static str;
    /// A run, as the API shows it.
    type Run: FromRow + ParseFromJSON + ToJSON;

    /// Compares the next records after one; `None` when there are none.
    fn compare(tx: &mut Tx, after: Option<Uuid>) -> impl Future<Output = Result<Option<Compared>>> + Send;

    /// Merges a pair, as far as these owners have both.
    fn merge(tx: &mut Tx, pair: Sure, reach: &Owners) -> impl Future<Output = Result<()>> + Send;
}

/// Begins a run; its merges reach as far as these owners have both records.
///
/// # Errors
/// 422 for a confidence that is not sure; 409 `run_running` while one of the kind is at work.
pub async fn begin<R: DuplicateRuns>(tx: &mut Tx, new: NewDuplicateRun, reach: &Owners) -> Result<R::Run> {
    let confidence = new.confidence.unwrap_or(95);
    if !(LEAST_SURE..=100).contains(&confidence) {
        return Err(Error::invalid("/confidence", "range", format!("{LEAST_SURE} to 100 percent.")));
    }
    let id = DuplicateRunId::new(tx.now());
    db::insert(tx, R::NAMES, id, new.kind, confidence, reach).await?;
    go_on::<R>(tx, id).await?;
    record(tx, R::NAMES.created, R::NAMES, id, "Run over duplicates begun", new.kind).await?;
    find::<R>(tx, id).await
}

/// Stops a run; what it did stays. 409 `run_over` when it is not at work.
pub async fn cancel<R: DuplicateRuns>(tx: &mut Tx, id: DuplicateRunId) -> Result<R::Run> {
    let run = db::lock(tx, R::NAMES, id).await?;
    if run.state != DuplicateRunState::Running {
        return Err(Error::conflict("run_over", "The run is over."));
    }
    db::finish(tx, R::NAMES, id, DuplicateRunState::Cancelled).await?;
    record(tx, R::NAMES.cancelled, R::NAMES, id, "Run over duplicates stopped", run.kind).await?;
    find::<R>(tx, id).await
}

/// The run.
pub async fn find<R: DuplicateRuns>(tx: &mut Tx, id: DuplicateRunId) -> Result<R::Run> {
    db::find(tx, R::NAMES, id).await
}

/// Does the next step; gives whether there may be more.
async fn step<R: DuplicateRuns>(tx: &mut Tx, id: DuplicateRunId) -> Result<bool> {
    let run = db::lock(tx, R::NAMES, id).await?;
    if run.state != DuplicateRunState::Running {
        return Ok(false);
    }
    let done = match run.kind {
        DuplicateRunKind::Scan => scan::<R>(tx, &run).await?,
        DuplicateRunKind::Merge => merge::<R>(tx, &run).await?,
    };
    let Some(done) = done else {
        db::finish(tx, R::NAMES, id, DuplicateRunState::Done).await?;
        record(tx, R::NAMES.finished, R::NAMES, id, "Run over duplicates done", run.kind).await?;
        return Ok(false);
    };
    db::advance(tx, R::NAMES, id, done).await?;
    Ok(true)
}

async fn scan<R: DuplicateRuns>(tx: &mut Tx, run: &Run) -> Result<Option<Step>> {
    let Some(Compared { last, records, found }) = R::compare(tx, run.position).await? else { return Ok(None) };
    let done = i64::try_from(records).unwrap_or(i64::MAX);
    Ok(Some(Step { position: Some(last), done, found, ..Step::default() }))
}

/// Merges the next sure pair. What must not be merged, or has become something else meanwhile, is left alone.
async fn merge<R: DuplicateRuns>(tx: &mut Tx, run: &Run) -> Result<Option<Step>> {
    let Some(pair) = db::next_sure(tx, R::NAMES, run).await? else { return Ok(None) };
    let step = Step { position: Some(pair.id), done: 1, ..Step::default() };
    match tx.attempt(async |tx| R::merge(tx, pair, &run.reach).await).await? {
        Ok(()) => Ok(Some(Step { merged: 1, ..step })),
        Err(error) if error.is_not_found() || matches!(error.kind(), Kind::Conflict { .. } | Kind::Invalid { .. }) => {
            Ok(Some(Step { skipped: 1, ..step }))
        }
        Err(error) => Err(error),
    }
}

async fn go_on<R: DuplicateRuns>(tx: &mut Tx, run: DuplicateRunId) -> Result<()> {
    tx.enqueue(&WorkOnDuplicates::<R> { run, runs: PhantomData }, Enqueue::default()).await.map(drop)
}

async fn record(
    tx: &mut Tx,
    kind: &'static str,
    names: &Names,
    id: DuplicateRunId,
    title: &str,
    what: DuplicateRunKind,
) -> Result<()> {
    let payload = json!({ "kind": what.as_str() });
    tx.record(NewEvent::new(kind, names.runs, id.0, title).payload(&payload)).await.map(drop)
}

/// Goes on with a run, some steps at a time, so that others get their turn.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct WorkOnDuplicates<R> {
    run: DuplicateRunId,
    #[serde(skip)]
    runs: PhantomData<R>,
}

impl<R: DuplicateRuns> Job for WorkOnDuplicates<R> {
    const KIND: &'static str = R::WORK;

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| step::<R>(tx, self.run).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| go_on::<R>(tx, self.run).await).await
    }
}
