//! `up`, `retry`, `status`, `plan`.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use tenant_migrations::fleet::{self, Cohort, Event, Options, Report};
use tenant_migrations::{Sets, bootstrap, catalog, pg, provision};

use super::line;
use super::settings::Settings;

#[derive(Debug, Args)]
pub struct Up {
    /// Tenants migrated at the same time [default: half the cores, 2 to 8]
    #[arg(long)]
    workers: Option<usize>,
    /// At most so many tenants per second
    #[arg(long)]
    rate: Option<u32>,
    /// Longest wait for a lock, in milliseconds, before a tenant is tried again
    #[arg(long, default_value_t = 1000)]
    lock_timeout: u64,
    /// Longest run of one statement, in seconds
    #[arg(long, default_value_t = 60)]
    statement_timeout: u64,
    /// Afterwards fill the pool to so many ready schemas
    #[arg(long)]
    warm: Option<usize>,
}

impl Up {
    fn options(&self, failed_only: bool) -> Options {
        let default = Options::default();
        Options {
            workers: self.workers.unwrap_or(default.workers),
            rate: self.rate,
            lock_timeout: Duration::from_millis(self.lock_timeout),
            statement_timeout: Duration::from_secs(self.statement_timeout),
            failed_only,
            ..default
        }
    }
}

pub async fn up(settings: &Settings, sets: &Sets, options: &Up, failed_only: bool) -> Result<bool> {
    // A superuser's URL is given on purpose, and new passwords in the configuration take effect with it.
    match &settings.superuser_url {
        Some(url) => bootstrap::bootstrap(url, &settings.bootstrap).await?,
        None if bootstrap::is_needed(&settings.owner_url).await? => {
            bootstrap::bootstrap(&settings.owner_url, &settings.bootstrap).await?;
        }
        None => {}
    }
    let display = Display::new();
    let report =
        fleet::up(&settings.owner_url, sets, &options.options(failed_only), &|event| display.show(event)).await?;
    display.finish();
    summary(&report)?;
    if let Some(count) = options.warm
        && report.is_complete()
    {
        let mut client = pg::connect_owner(&settings.owner_url).await?;
        let built = provision::ensure_warm_with(&mut client, sets, count, settings.provision()).await?;
        line(format!("pool: {built} built, {count} ready"))?;
    }
    Ok(report.is_complete())
}

fn summary(report: &Report) -> Result<()> {
    for held in &report.held {
        line(format!("held     {} is {}", held.id, held.state))?;
    }
    for failure in &report.failed {
        line(format!("failed   {} {}: {}", failure.id, failure.name, failure.error))?;
    }
    if let Some(reason) = &report.halted {
        line(format!("halted   {reason}; {} tenants not begun", report.not_started))?;
    }
    line(format!(
        "{} platform files, {} tenants migrated, {} failed, {} held",
        report.platform.len(),
        report.migrated,
        report.failed.len(),
        report.held.len()
    ))
}

/// A bar on a terminal, a line now and then otherwise.
struct Display {
    terminal: bool,
    state: Mutex<Progress>,
}

struct Progress {
    cohort: Option<(Cohort, usize)>,
    done: usize,
    failed: usize,
    began: Instant,
    shown: Instant,
}

impl Display {
    fn new() -> Self {
        let now = Instant::now();
        let progress = Progress { cohort: None, done: 0, failed: 0, began: now, shown: now };
        Self { terminal: io::stderr().is_terminal(), state: Mutex::new(progress) }
    }

    fn show(&self, event: Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Waiting => self.say("another run is active, waiting for it"),
            Event::Platform(file) => self.say(&format!("applied  {file}")),
            Event::Cohort(cohort, size) => {
                let now = Instant::now();
                *state = Progress { cohort: Some((cohort, size)), done: 0, failed: 0, began: now, shown: now };
                if !self.terminal {
                    self.say(&format!("cohort   {cohort}: {size} tenants"));
                }
            }
            Event::Done(_) => state.done += 1,
            Event::Failed(name, error) => {
                state.failed += 1;
                self.say(&format!("failed   {name}: {error}"));
            }
        }
        let every = if self.terminal { Duration::from_millis(100) } else { Duration::from_secs(5) };
        let complete = state.cohort.is_some_and(|(_, size)| state.done + state.failed >= size);
        if state.shown.elapsed() >= every || complete {
            state.shown = Instant::now();
            self.draw(&state);
        }
    }

    fn say(&self, text: &str) {
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        let _ = writeln!(io::stderr(), "{clear}{text}");
    }

    fn draw(&self, state: &Progress) {
        let Some((cohort, size)) = state.cohort else { return };
        let seen = state.done + state.failed;
        let rate = f64::from(u32::try_from(seen).unwrap_or(u32::MAX)) / state.began.elapsed().as_secs_f64().max(0.001);
        let _ = if self.terminal {
            let filled = seen * 30 / size.max(1);
            let bar = format!("{}{}", "█".repeat(filled), "░".repeat(30 - filled.min(30)));
            let mut out = io::stderr();
            write!(out, "\r\x1b[K{cohort:<8} {bar} {seen}/{size}  {rate:.0}/s  {} failed", state.failed)
                .and_then(|()| out.flush())
        } else {
            writeln!(io::stderr(), "{cohort:<8} {seen}/{size}  {rate:.0}/s  {} failed", state.failed)
        };
    }

    fn finish(&self) {
        if self.terminal && self.state.lock().unwrap_or_else(PoisonError::into_inner).cohort.is_some() {
            let _ = writeln!(io::stderr());
        }
    }
}

pub async fn status(settings: &Settings, sets: &Sets, json: bool) -> Result<bool> {
    let client = pg::connect_owner(&settings.owner_url).await?;
    let status = fleet::status(&client, sets).await?;
    if json {
        line(serde_json::to_string_pretty(&status)?)?;
        return Ok(status.failed.is_empty());
    }
    for set in &status.platform {
        line(format!("{:<8} V{} of V{}", set.name, set.version, set.newest))?;
    }
    line(format!("tenant   newest V{}", status.newest))?;
    for group in &status.versions {
        line(format!("  V{:<4} {:<10} {:<8} {}", group.version, group.state, group.lifecycle, group.tenants))?;
    }
    line(format!("pool     {} ready, {} being built", status.ready, status.warming))?;
    for failure in &status.failed {
        line(format!(
            "failed   {} {} at V{}, {} attempts: {}",
            failure.tenant, failure.schema, failure.version, failure.attempts, failure.error
        ))?;
    }
    Ok(status.failed.is_empty())
}

pub async fn show_plan(settings: &Settings, sets: &Sets) -> Result<bool> {
    let client = pg::connect_owner(&settings.owner_url).await?;
    let plan = fleet::plan(&client, sets, false).await?;
    let newest = sets.tenant_version();
    for (cohort, work) in &plan.cohorts {
        if work.is_empty() {
            continue;
        }
        line(format!(
            "cohort {cohort}: {} tenants, halts after {} failures",
            work.len(),
            cohort.tolerated(work.len()) + 1
        ))?;
        for tenant in work {
            let note = if tenant.failed { ", failed before" } else { "" };
            line(format!("  {} {} V{} -> V{newest} ({}{note})", tenant.id, tenant.name, tenant.version, tenant.state))?;
        }
    }
    for held in &plan.held {
        line(format!("held: {} is {}", held.id, held.state))?;
    }
    let total: usize = plan.cohorts.iter().map(|(_, work)| work.len()).sum();
    line(format!("{total} tenants need work"))?;
    Ok(true)
}

pub async fn drift(settings: &Settings, sets: &Sets, json: bool) -> Result<bool> {
    let mut client = pg::connect_owner(&settings.owner_url).await?;
    let (compared, found) = catalog::drift(&mut client, sets).await?;
    if json {
        line(serde_json::to_string_pretty(&found)?)?;
        return Ok(found.is_empty());
    }
    for drift in &found {
        line(format!("{} {} at V{}", drift.tenant, drift.schema, drift.version))?;
        for missing in &drift.missing {
            line(format!("  - {missing}"))?;
        }
        for unexpected in &drift.unexpected {
            line(format!("  + {unexpected}"))?;
        }
    }
    line(format!("{compared} compared, {} differ", found.len()))?;
    Ok(found.is_empty())
}
