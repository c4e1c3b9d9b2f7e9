//! Background work: enqueued in the transaction of the change, run fairly across tenants, retried, never lost.
use crate::{
    Error, Result,
    auth::Context,
    db::{ControlTx, Query, Sql, Tx},
    ids::{JobId, new_uuid},
    module::App,
    sql,
    tenancy::Tenant,
};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// One kind of background work. It runs at least once: running it twice must do no harm.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Imperative and unique, for example `SendMail`.
    const KIND: &'static str;
    /// Attempts before it is a dead letter.
    const MAX_ATTEMPTS: i32 = 12;
    /// Does the work. `Err` is retried with growing pauses.
    fn run(self, cx: JobCx) -> impl Future<Output = Result<()>> + Send;
}

tokio::task_local! {
    static IN_JOB: ();
}

/// Whether a job asks: whatever it calls works on the connections of jobs.
pub(crate) fn is_job() -> bool {
    IN_JOB.try_with(|()| ()).is_ok()
}

/// What a running job can reach.
#[derive(Clone)]
pub struct JobCx {
    /// The running program.
    pub app: Arc<App>,
    /// The job.
    pub id: JobId,
    /// Whose job; none for the platform's own.
    pub tenant: Option<Arc<Tenant>>,
    /// This attempt, from 1.
    pub attempt: i32,
    /// Whether a further attempt follows a failure.
    pub last_attempt: bool,
}

impl JobCx {
    /// The tenant of a tenant's job.
    pub fn tenant(&self) -> Result<&Arc<Tenant>> {
        self.tenant.as_ref().ok_or_else(|| Error::internal("this job belongs to no tenant"))
    }
    /// Acts as the system.
    pub fn context(&self) -> Context {
        self.app.system(self.id.to_string())
    }
    /// Reads in the tenant's schema.
    pub async fn read<T>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.read(self.tenant()?, self.context(), f).await
    }
    /// Writes in the tenant's schema.
    pub async fn write<T>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.write(self.tenant()?, self.context(), f).await
    }
    /// Works in the control plane.
    pub async fn control<T>(&self, f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>) -> Result<T> {
        self.app.control(self.context(), f).await
    }
    /// Lets those of the tenant's jobs that were tried before be tried at once: it works again.
    pub async fn wake(&self) -> Result<u64> {
        const WAKE: Sql = sql!(
            "update ops.jobs set run_at = $2 where tenant = $1 and state = 'queued' and run_at > $2 and last_error is not null"
        );
        let (role, now) = (self.tenant()?.role.clone(), self.app.clock.now());
        self.app.ops(async |ops| ops.exec(WAKE, &[&role.as_str(), &now]).await).await
    }
    /// Takes steps of a long work, each in a transaction of its own, until one says that nothing is left. After some of them the
    /// job is enqueued anew, as it is by then, so that others get their turn.
    pub async fn in_steps<J: Job>(
        &self,
        mut job: J,
        mut step: impl AsyncFnMut(&mut Tx, &mut J) -> Result<bool>,
    ) -> Result<()> {
        for _ in 0..STEPS {
            if !self.write(async |tx| step(tx, &mut job).await).await? {
                return Ok(());
            }
        }
        self.write(async |tx| tx.enqueue(&job, Enqueue::default()).await.map(drop)).await
    }
}

/// Steps that a job takes before others get their turn.
const STEPS: usize = 20;

/// A kind of job as the worker knows it.
#[derive(Clone, Copy)]
pub struct JobKind {
    /// [`Job::KIND`].
    pub kind: &'static str,
    pub(crate) run: fn(serde_json::Value, JobCx) -> BoxFuture<'static, Result<()>>,
}

impl JobKind {
    /// Makes a kind known: `JobKind::of::<SendMail>()`.
    pub fn of<J: Job>() -> Self {
        JobKind {
            kind: J::KIND,
            run: |payload, cx| {
                Box::pin(async move {
                    let job: J = serde_json::from_value(payload).map_err(Error::internal)?;
                    job.run(cx).await
                })
            },
        }
    }
}

/// Platform work that comes round: one process enqueues it each time.
#[derive(Clone, Copy)]
pub struct Schedule {
    /// Unique name.
    pub name: &'static str,
    /// Seconds between two starts.
    pub every_seconds: i32,
    /// The job's kind; its payload is `{}`.
    pub kind: &'static str,
}

/// When and how a job runs.
#[derive(Debug, Clone, Default)]
pub struct Enqueue {
    /// Not before; now when absent.
    pub run_at: Option<DateTime<Utc>>,
    /// A second waiting job of the kind with the same key is not added.
    pub unique_key: Option<String>,
}

impl Query {
    /// Enqueues a job for whoever this transaction belongs to (a tenant or the platform); it exists when it commits.
    pub async fn enqueue_at<J: Job>(&mut self, now: DateTime<Utc>, job: &J, how: Enqueue) -> Result<Option<JobId>> {
        const ENQUEUE: Sql = sql!(
            "insert into ops.jobs (id, tenant, kind, payload, run_at, max_attempts, unique_key, created_at)
             values ($1, case when current_user like 't\\_%' then current_user else '' end, $2, $3, $4, $5, $6, $7)
             on conflict (tenant, kind, unique_key) where state in ('queued', 'running') and unique_key is not null do nothing"
        );
        let id = JobId(new_uuid(now));
        let payload = serde_json::to_value(job).map_err(Error::internal)?;
        let run_at = how.run_at.unwrap_or(now);
        let added =
            self.exec(ENQUEUE, &[&id, &J::KIND, &payload, &run_at, &J::MAX_ATTEMPTS, &how.unique_key, &now]).await?;
        self.enqueued += 1;
        Ok((added == 1).then_some(id))
    }
}

impl Tx {
    /// Enqueues a job of this tenant unless this transaction has enqueued one of its kind so: for work that takes whatever
    /// it finds when it begins. Unlike a unique key it waits for nobody, and a job that runs already and may have looked too
    /// early never stands in for the one that is needed.
    pub async fn enqueue_once<J: Job>(&mut self, job: &J) -> Result<()> {
        if !self.once.contains(&J::KIND) {
            self.enqueue(job, Enqueue::default()).await?;
            self.once.push(J::KIND);
        }
        Ok(())
    }

    /// Enqueues a job of this tenant; it exists when this transaction commits.
    pub async fn enqueue<J: Job>(&mut self, job: &J, how: Enqueue) -> Result<Option<JobId>> {
        let now = self.now();
        self.enqueue_at(now, job, how).await
    }
}

impl ControlTx {
    /// Enqueues a job of the platform.
    pub async fn enqueue<J: Job>(&mut self, job: &J, how: Enqueue) -> Result<Option<JobId>> {
        let now = self.now();
        self.enqueue_at(now, job, how).await
    }
}

crate::row! {
    struct Claimed { id: JobId, tenant: String, kind: String, payload: serde_json::Value, attempts: i32, max_attempts: i32 }
}

/// Seconds a claimed job belongs to its worker without a sign of life.
fn lease(app: &App) -> f64 {
    app.config.work.lease_seconds as f64
}

/// Between two signs of life: several within a lease, so that a slow moment is not taken for death.
fn tend_every(app: &App) -> std::time::Duration {
    std::time::Duration::from_secs_f64((lease(app) / 4.0).min(5.0))
}

/// Claims due jobs: tenants take turns, none runs more than its share at once.
async fn claim(app: &Arc<App>, worker: &str, wanted: i64) -> Result<Vec<Claimed>> {
    const CLAIM: Sql = sql!(
        "with recursive ring as (
           (select tenant from ops.jobs where state = 'queued' order by tenant limit 1)
           union all
           select (select j.tenant from ops.jobs j where j.state = 'queued' and j.tenant > ring.tenant order by j.tenant limit 1)
           from ring where ring.tenant is not null),
         share as (
           select ring.tenant, (select count(*) from ops.jobs r where r.tenant = ring.tenant and r.state = 'running') as running
           from ring where ring.tenant is not null),
         turn as (
           select j.id, j.nth, share.running from share cross join lateral (
             select due.id, row_number() over (order by due.priority desc, due.run_at, due.id) as nth from (
               select d.id, d.priority, d.run_at from ops.jobs d
               where d.tenant = share.tenant and d.state = 'queued' and d.run_at <= $1
               order by d.priority desc, d.run_at, d.id limit greatest($2 - share.running, 0)
               for update skip locked) due) j
           order by j.nth + share.running, random() limit $3)
         update ops.jobs set state = 'running', attempts = attempts + 1, locked_by = $4, locked_until = $1::timestamptz + make_interval(secs => $5)
         where id in (select id from turn)
         returning id, tenant, kind, payload, attempts, max_attempts"
    );
    let now = app.clock.now();
    let per_tenant = app.config.work.per_tenant as i64;
    app.ops(async |ops| ops.rows(CLAIM, &[&now, &per_tenant, &wanted, &worker, &lease(app)]).await).await
}

async fn run_one(app: &Arc<App>, claimed: &Claimed) -> Result<()> {
    let tenant = match claimed.tenant.as_str() {
        "" => None,
        role => Some(app.tenant_by_role(role).await?),
    };
    let kind = app
        .modules
        .iter()
        .flat_map(|m| &m.jobs)
        .chain([&JobKind::of::<crate::events::RunSubscription>()])
        .find(|k| k.kind == claimed.kind)
        .copied();
    let Some(kind) = kind else { return Err(Error::internal(format!("no module runs {}", claimed.kind))) };
    let cx = JobCx {
        app: app.clone(),
        id: claimed.id,
        tenant,
        attempt: claimed.attempts,
        last_attempt: claimed.attempts >= claimed.max_attempts,
    };
    IN_JOB.scope((), (kind.run)(claimed.payload.clone(), cx)).await
}

/// Runs a claimed job and writes down how it went.
async fn finish(app: &Arc<App>, worker: &str, claimed: Claimed) {
    use tracing::Instrument;
    let span = tracing::info_span!("job", id = %claimed.id, kind = claimed.kind, tenant = claimed.tenant);
    let started = std::time::Instant::now();
    // In a task of its own: a panic fails this job, not the worker.
    let outcome = {
        let (app, kind) = (app.clone(), claimed.kind.clone());
        let running = Claimed {
            id: claimed.id,
            tenant: claimed.tenant.clone(),
            kind,
            payload: claimed.payload.clone(),
            ..claimed
        };
        tokio::spawn(async move { run_one(&app, &running).await }.instrument(span))
            .await
            .unwrap_or_else(|e| Err(Error::internal(e)))
    };
    metrics::histogram!("upzento_job_seconds", "kind" => claimed.kind.clone()).record(started.elapsed().as_secs_f64());
    metrics::counter!("upzento_jobs_total", "kind" => claimed.kind.clone(), "ok" => outcome.is_ok().to_string())
        .increment(1);
    if let Err(error) = &outcome {
        tracing::warn!(%error, job = %claimed.id, kind = claimed.kind, attempt = claimed.attempts, "job failed");
    }
    let waits = outcome.is_err() && is_stopped(app, &claimed).await;
    if let Err(error) = settle(app, worker, &claimed, outcome, waits).await {
        // Nobody renews the lease any more, so the job runs again: that is why jobs must bear running twice.
        tracing::error!(%error, job = %claimed.id, "cannot write down how a job went");
    }
}

/// Whether the job's account may not work now. What it has to do then is no failure, and is not given up however long that lasts.
async fn is_stopped(app: &Arc<App>, claimed: &Claimed) -> bool {
    let tenant = match claimed.tenant.as_str() {
        "" => return false,
        role => app.tenant_by_role(role).await,
    };
    tenant.is_ok_and(|tenant| tenant.check_state(true).is_err())
}

async fn settle(app: &Arc<App>, worker: &str, claimed: &Claimed, outcome: Result<()>, waits: bool) -> Result<()> {
    // Finished work leaves the table (it must stay small), unless somebody watches its progress.
    const DONE: Sql = sql!(
        "with watched as (update ops.jobs set state = 'done', finished_at = $3, locked_by = null, locked_until = null
           where id = $1 and locked_by = $2 and progress is not null returning id)
         delete from ops.jobs where id = $1 and locked_by = $2 and progress is null"
    );
    const FAILED: Sql = sql!(
        "update ops.jobs set state = case when attempts >= max_attempts then 'dead' else 'queued' end, run_at = $3, last_error = $4,
           finished_at = case when attempts >= max_attempts then $5::timestamptz end, locked_by = null, locked_until = null
         where id = $1 and locked_by = $2"
    );
    const WAITS: Sql = sql!(
        "update ops.jobs set state = 'queued', attempts = attempts - 1, run_at = $3, last_error = $4, locked_by = null, locked_until = null
         where id = $1 and locked_by = $2"
    );
    let now = app.clock.now();
    app.ops(async |ops| {
        match outcome {
            Ok(()) => ops.exec(DONE, &[&claimed.id, &worker, &now]).await?,
            Err(error) if waits => {
                ops.exec(WAITS, &[&claimed.id, &worker, &(now + STOPPED), &error.to_string()]).await?
            }
            Err(error) => {
                let text: String = error.to_string().chars().take(2000).collect();
                ops.exec(FAILED, &[&claimed.id, &worker, &(now + pause(claimed.attempts)), &text, &now]).await?
            }
        };
        Ok(())
    })
    .await
}

/// Between two looks whether an account may work again.
const STOPPED: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// The pause after the n-th failure: 2, 4, 8 … seconds up to an hour, spread by a quarter so that a recovered
/// dependency is not hit by everybody at once.
fn pause(attempts: i32) -> chrono::TimeDelta {
    let base = 2_f64.powi(attempts.clamp(1, 12)).min(3600.0);
    let [spread] = crate::clock::random_bytes::<1>();
    chrono::TimeDelta::milliseconds((base * 1000.0 * (1.0 + f64::from(spread) / 1024.0)) as i64)
}

/// Gives a sign of life for the jobs in hand, gives back those whose worker died, and starts what comes round. A job
/// that ran while its outcome could not be written is in nobody's hand any more, so its lease runs out too.
async fn tend(app: &Arc<App>, worker: &str, in_hand: &[Uuid]) -> Result<()> {
    const ALIVE: Sql = sql!(
        "update ops.jobs set locked_until = $2::timestamptz + make_interval(secs => $3)
         where state = 'running' and locked_by = $1 and id = any($4)"
    );
    const ORPHANS: Sql = sql!(
        "update ops.jobs set state = case when attempts >= max_attempts then 'dead' else 'queued' end, locked_by = null, locked_until = null,
           last_error = coalesce(last_error, 'the worker died') where state = 'running' and locked_until < $1"
    );
    const SWEEP: Sql = sql!(
        "delete from ops.jobs where id in (select id from ops.jobs where state = 'done' and finished_at < $1::timestamptz - interval '1 day' limit 500)"
    );
    const SWEEP_KEYS: Sql = sql!(
        "delete from ops.idempotency_keys where ctid = any(array(select ctid from ops.idempotency_keys where created_at < $1::timestamptz - interval '1 day' limit 500))"
    );
    const DUE: Sql = sql!(
        "insert into ops.schedules (name, tenant, every_seconds, next_at) values ($1, '', $2::int, $3::timestamptz + make_interval(secs => $2::int))
         on conflict (name) do update set next_at = $3::timestamptz + make_interval(secs => $2::int), every_seconds = $2::int where ops.schedules.next_at <= $3::timestamptz
         returning name"
    );
    const START: Sql = sql!(
        "insert into ops.jobs (id, tenant, kind, payload, run_at, unique_key, created_at) values ($1, '', $2, '{}', $3, 'schedule', $3)
         on conflict (tenant, kind, unique_key) where state in ('queued', 'running') and unique_key is not null do nothing"
    );
    let now = app.clock.now();
    app.ops(async |ops| {
        ops.exec(ALIVE, &[&worker, &now, &lease(app), &in_hand]).await?;
        ops.exec(ORPHANS, &[&now]).await?;
        ops.exec(SWEEP, &[&now]).await?;
        ops.exec(SWEEP_KEYS, &[&now]).await?;
        for schedule in app.modules.iter().flat_map(|m| &m.schedules) {
            if ops.value_opt::<String>(DUE, &[&schedule.name, &schedule.every_seconds, &now]).await?.is_some() {
                ops.exec(START, &[&JobId(new_uuid(now)), &schedule.kind, &now]).await?;
            }
        }
        Ok(())
    })
    .await
}

fn task_of(ended: &Result<(tokio::task::Id, ()), tokio::task::JoinError>) -> tokio::task::Id {
    ended.as_ref().map_or_else(tokio::task::JoinError::id, |(id, ())| *id)
}

/// Works until the program stops, then waits for what is running.
pub async fn work_forever(app: Arc<App>) {
    let worker = format!("w{}", crate::crypto::hex(&crate::clock::random_bytes::<6>()));
    let mut running = tokio::task::JoinSet::new();
    let mut in_hand = HashMap::<tokio::task::Id, Uuid>::new();
    let mut tended = None::<std::time::Instant>;
    while !app.stop.is_cancelled() {
        if tended.is_none_or(|at| at.elapsed() >= tend_every(&app)) {
            tended = Some(std::time::Instant::now());
            let ids: Vec<Uuid> = in_hand.values().copied().collect();
            if let Err(error) = tend(&app, &worker, &ids).await {
                tracing::warn!(%error, "jobs wait");
            }
        }
        while let Some(ended) = running.try_join_next_with_id() {
            in_hand.remove(&task_of(&ended));
        }
        let free = app.config.work.concurrency.saturating_sub(running.len());
        let claimed = if free == 0 { Ok(vec![]) } else { claim(&app, &worker, free as i64).await };
        let claimed = claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, "jobs wait");
            vec![]
        });
        let idle = claimed.is_empty();
        for job in claimed {
            let (app, worker, id) = (app.clone(), worker.clone(), job.id.0);
            let task = running.spawn(async move { finish(&app, &worker, job).await });
            in_hand.insert(task.id(), id);
        }
        if idle {
            tokio::select! {
                () = app.stop.cancelled() => {}
                () = app.jobs_bell.notified() => {}
                Some(ended) = running.join_next_with_id() => drop(in_hand.remove(&task_of(&ended))),
                () = tokio::time::sleep(std::time::Duration::from_millis(1000)) => {}
            }
        }
    }
    while running.join_next().await.is_some() {}
}

/// Runs everything that is due, one after the other, and gives how many jobs ran: tests call it instead of waiting.
pub async fn run_due(app: &Arc<App>) -> Result<usize> {
    let mut count = 0;
    tend(app, "now", &[]).await?;
    loop {
        let claimed = claim(app, "now", 16).await?;
        if claimed.is_empty() {
            return Ok(count);
        }
        for job in claimed {
            finish(app, "now", job).await;
            count += 1;
        }
    }
}
