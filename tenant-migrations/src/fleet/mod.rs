//! Brings every tenant schema to the newest version: parallel, in cohorts, resumable, and honest about failures.

pub mod plan;
mod statements;
mod status;
mod tenant;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_postgres::Client;
use uuid::Uuid;

pub use plan::{Cohort, Held, Plan, Work, plan};
pub use status::{FailedTenant, Group, SetStatus, Status, status};

use crate::name::TenantName;
use crate::pg::{self, Session};
use crate::sets::{Sets, checksum};

/// How the fleet is migrated.
#[derive(Clone, Debug)]
pub struct Options {
    /// Tenants migrated at the same time, each on a connection of its own.
    pub workers: usize,
    /// At most so many tenants per second; `None` is as fast as possible.
    pub rate: Option<u32>,
    /// How long one statement may wait for a lock before the tenant is tried again later.
    pub lock_timeout: Duration,
    /// Limit of one statement in a transaction.
    pub statement_timeout: Duration,
    /// Limit of one statement of a nontransactional file.
    pub slow_statement_timeout: Duration,
    /// Further attempts after a lock wait or deadlock.
    pub retries: u32,
    /// Tenants whose last attempt failed only, all at once: `migrate retry`.
    pub failed_only: bool,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            workers: (cores / 2).clamp(2, 8),
            rate: None,
            lock_timeout: Duration::from_secs(1),
            statement_timeout: Duration::from_secs(60),
            slow_statement_timeout: Duration::from_secs(1800),
            retries: 5,
            failed_only: false,
        }
    }
}

/// What happens while the fleet is migrated, for a progress display.
#[derive(Clone, Debug)]
pub enum Event {
    /// Another run holds the lock; this one waits for it.
    Waiting,
    /// A file of the control or ops set was applied.
    Platform(String),
    /// A cohort begins with so many tenants.
    Cohort(Cohort, usize),
    /// A tenant arrived at the newest version.
    Done(TenantName),
    /// A tenant failed; the others go on.
    Failed(TenantName, String),
}

/// A tenant that could not be migrated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Id of the tenant.
    pub id: Uuid,
    /// Name of its schema.
    pub name: TenantName,
    /// The database's words.
    pub error: String,
}

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Files of the control and ops sets that were applied.
    pub platform: Vec<String>,
    /// Tenants that arrived at the newest version.
    pub migrated: usize,
    /// Tenants that failed, in the order they did.
    pub failed: Vec<Failure>,
    /// Tenants that are in no state to be migrated now; they stay pending.
    pub held: Vec<Held>,
    /// Why the run stopped early, if it did.
    pub halted: Option<String>,
    /// Tenants not begun because of the halt.
    pub not_started: usize,
}

impl Report {
    /// Whether everybody who could be migrated is.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.halted.is_none()
    }
}

/// Control and ops sets, then the fleet. One run at a time per database: a second one waits.
///
/// # Errors
/// The platform sets cannot be migrated, or the connection is lost. A tenant's failure is in the report instead.
pub async fn up(url: &str, sets: &Sets, options: &Options, on_event: &(dyn Fn(Event) + Sync)) -> Result<Report> {
    let mut lead = pg::connect_owner(url).await?;
    pg::server_version(&lead).await?;
    run_lock(&lead, on_event).await?;
    let platform = crate::platform::migrate(&mut lead, sets).await?;
    for file in &platform {
        on_event(Event::Platform(file.clone()));
    }
    raise_version(&lead, sets).await?;
    let mut report = tenants(url, &lead, sets, options, on_event).await?;
    report.platform = platform;
    Ok(report)
}

/// Held by the leading connection for as long as it lives, so a killed run releases it.
async fn run_lock(lead: &Client, on_event: &(dyn Fn(Event) + Sync)) -> Result<()> {
    const LOCK: &str = "hashtextextended('upzento migrate', 0)";
    let row = lead.query_one(&format!("select pg_try_advisory_lock({LOCK})"), &[]).await?;
    if !row.get::<_, bool>(0) {
        on_event(Event::Waiting);
        lead.query_one(&format!("select pg_advisory_lock({LOCK})::text"), &[]).await?;
    }
    Ok(())
}

/// From this commit on only this version is built for new tenants; those built before are in the plan made after it.
async fn raise_version(lead: &Client, sets: &Sets) -> Result<()> {
    let (version, sum) = (sets.tenant_version(), checksum(&sets.tenant));
    let row = lead.query_opt("select version, checksum from control.fleet", &[]).await?;
    if let Some(row) = row {
        let (current, current_sum): (i32, String) = (row.get(0), row.get(1));
        if current > version {
            bail!("the fleet is at V{current}, this program knows V{version} only: use a newer release");
        }
        if current == version && current_sum == sum {
            return Ok(());
        }
    }
    lead.batch_execute("set lock_timeout = '30s'; set statement_timeout = '60s'").await?;
    lead.execute(
        "insert into control.fleet (version, checksum) values ($1, $2)
         on conflict (only_row) do update set version = excluded.version, checksum = excluded.checksum, updated_at = now()",
        &[&version, &sum],
    )
    .await
    .context("raising the version of the fleet")?;
    Ok(())
}

async fn tenants(
    url: &str,
    lead: &Session,
    sets: &Sets,
    options: &Options,
    on_event: &(dyn Fn(Event) + Sync),
) -> Result<Report> {
    let plan = plan(lead, sets, options.failed_only).await?;
    let mut report = Report { held: plan.held, ..Report::default() };
    let mut remaining: usize = plan.cohorts.iter().map(|(_, work)| work.len()).sum();
    for (cohort, work) in plan.cohorts {
        if work.is_empty() {
            continue;
        }
        on_event(Event::Cohort(cohort, work.len()));
        mark_pending(lead, cohort, &work).await?;
        let size = work.len();
        let limit = cohort.tolerated(size);
        let result = run_cohort(url, sets, options, work, limit, on_event).await?;
        remaining -= result.migrated + result.failed.len();
        report.migrated += result.migrated;
        let failures = result.failed.len();
        report.failed.extend(result.failed);
        if failures > limit {
            report.halted = Some(format!("{failures} of {size} tenants of the cohort \"{cohort}\" failed"));
            report.not_started = remaining;
            break;
        }
    }
    Ok(report)
}

async fn mark_pending(lead: &Client, cohort: Cohort, work: &[Work]) -> Result<()> {
    let ids: Vec<Uuid> = work.iter().map(|work| work.id).collect();
    lead.execute(
        "insert into control.tenant_schemas (tenant_id, state, cohort) select id, 'pending', $2 from unnest($1::uuid[]) id
         on conflict (tenant_id) do update
           set state = case when control.tenant_schemas.state = 'failed' then 'failed' else 'pending' end, cohort = case
           when control.tenant_schemas.cohort = 'canary' then 'canary' else excluded.cohort end",
        &[&ids, &cohort.name()],
    )
    .await?;
    Ok(())
}

struct Shared {
    queue: Mutex<VecDeque<Work>>,
    failures: AtomicUsize,
    stop: AtomicBool,
    next_slot: tokio::sync::Mutex<Instant>,
    gap: Duration,
}

impl Shared {
    async fn next(&self) -> Option<Work> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let work = self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()?;
        if !self.gap.is_zero() {
            let mut slot = self.next_slot.lock().await;
            sleep_until(*slot).await;
            *slot = Instant::now() + self.gap;
        }
        Some(work)
    }
}

async fn run_cohort(
    url: &str,
    sets: &Sets,
    options: &Options,
    work: Vec<Work>,
    limit: usize,
    on_event: &(dyn Fn(Event) + Sync),
) -> Result<Report> {
    let workers = options.workers.clamp(1, work.len());
    let shared = Arc::new(Shared {
        queue: Mutex::new(work.into()),
        failures: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
        next_slot: tokio::sync::Mutex::new(Instant::now()),
        gap: options.rate.map_or(Duration::ZERO, |rate| Duration::from_secs(1) / rate.max(1)),
    });
    let (sender, mut results) = mpsc::channel::<(Work, Result<()>)>(64);
    let sets = Arc::new(sets.clone());
    let mut tasks = JoinSet::new();
    for _ in 0..workers {
        tasks.spawn(worker(url.to_owned(), Arc::clone(&sets), options.clone(), Arc::clone(&shared), sender.clone()));
    }
    drop(sender);
    let mut report = Report::default();
    while let Some((work, result)) = results.recv().await {
        match result {
            Ok(()) => {
                report.migrated += 1;
                on_event(Event::Done(work.name));
            }
            Err(error) => {
                if shared.failures.fetch_add(1, Ordering::Relaxed) + 1 > limit {
                    shared.stop.store(true, Ordering::Relaxed);
                }
                let error = pg::explain(&error);
                on_event(Event::Failed(work.name.clone(), error.clone()));
                report.failed.push(Failure { id: work.id, name: work.name, error });
            }
        }
    }
    while let Some(joined) = tasks.join_next().await {
        joined.context("a worker panicked")??;
    }
    Ok(report)
}

/// A backend remembers every table it ever touched, so a connection serves this many tenants and is then replaced.
const TENANTS_PER_CONNECTION: usize = 100;

async fn worker(
    url: String,
    sets: Arc<Sets>,
    options: Options,
    shared: Arc<Shared>,
    sender: mpsc::Sender<(Work, Result<()>)>,
) -> Result<()> {
    let mut session: Option<(Session, usize)> = None;
    while let Some(work) = shared.next().await {
        let (mut connection, used) = match session.take() {
            Some((connection, used)) if used < TENANTS_PER_CONNECTION && !connection.is_closed() => (connection, used),
            _ => (pg::connect_owner(&url).await?, 0),
        };
        let result = tenant::migrate(&mut connection, &sets, &options, &work).await;
        if result.is_err() && connection.is_closed() {
            connection = pg::connect_owner(&url).await?;
        }
        if let Err(error) = &result {
            tenant::record_failure(&connection, &work, &pg::explain(error)).await?;
        }
        session = Some((connection, used + 1));
        if sender.send((work, result)).await.is_err() {
            break;
        }
    }
    Ok(())
}
