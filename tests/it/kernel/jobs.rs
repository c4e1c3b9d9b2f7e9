use kernel::{
    Error, Module, Result,
    jobs::{Enqueue, Job, JobCx, JobKind, run_due},
    sql,
    tenancy::memory::Change,
};
use serde::{Deserialize, Serialize};
use tests::TestApp;

#[derive(Serialize, Deserialize)]
struct Mark {
    name: String,
    fail: bool,
}

impl Job for Mark {
    const KIND: &'static str = "TestMark";
    const MAX_ATTEMPTS: i32 = 3;
    async fn run(self, cx: JobCx) -> Result<()> {
        if self.fail {
            return Err(Error::internal("as told"));
        }
        cx.write(async |tx| {
            tx.exec(sql!("insert into event_cursors (consumer, seq, updated_at) values ($1, 1, now())"), &[&self.name])
                .await?;
            Ok(())
        })
        .await
    }
}

static GATE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(0);

/// Runs until the test lets it go.
#[derive(Serialize, Deserialize)]
struct Hold {}

impl Job for Hold {
    const KIND: &'static str = "TestHold";
    async fn run(self, _: JobCx) -> Result<()> {
        GATE.acquire().await.map_err(Error::internal)?.forget();
        Ok(())
    }
}

/// Is in the middle of a transaction until the test lets it go.
#[derive(Serialize, Deserialize)]
struct Dwell {}

static INSIDE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(0);
static OUT: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(0);

impl Job for Dwell {
    const KIND: &'static str = "TestDwell";
    async fn run(self, cx: JobCx) -> Result<()> {
        cx.read(async |tx| {
            tx.value::<i32>(sql!("select 1"), &[]).await?;
            INSIDE.add_permits(1);
            OUT.acquire().await.map_err(Error::internal)?.forget();
            Ok(())
        })
        .await
    }
}

fn module() -> Module {
    let jobs = vec![JobKind::of::<Mark>(), JobKind::of::<Hold>(), JobKind::of::<Dwell>()];
    Module { name: "test", jobs, ..Module::default() }
}

#[tokio::test]
async fn who_waits_for_an_answer_does_not_wait_for_jobs() {
    let app = TestApp::start_custom(|c| c.database.connections_per_lane = 1, vec![module()]).await;
    app.settle().await;
    let tenant = app.bare_tenant("client").await;
    app.app
        .write(&tenant, app.app.system("test"), async |tx| tx.enqueue(&Dwell {}, Enqueue::default()).await)
        .await
        .unwrap();
    let working = tokio::spawn({
        let app = app.app.clone();
        async move { run_due(&app).await.unwrap() }
    });
    INSIDE.acquire().await.unwrap().forget();
    // The only connection of requests is free, whatever the job holds.
    let asked = app.app.read(&tenant, app.app.system("test"), async |tx| tx.value::<i32>(sql!("select 2"), &[]).await);
    assert_eq!(asked.await.unwrap(), 2);
    // And the server's process that works for it gives way to the one that works for requests.
    assert!(niceness(&app, "upzento-jobs %").await > niceness(&app, "upzento %").await);
    OUT.add_permits(1);
    assert_eq!(working.await.unwrap(), 1);
}

/// The priority of the server processes behind connections of a name; as nice(1) counts, so more is less.
async fn niceness(app: &TestApp, name: &str) -> i64 {
    let pids = "select pid from pg_stat_activity where datname = current_database() and application_name like $1";
    let rows = app.db.superuser().await.query(pids, &[&name]).await.unwrap();
    let read = |row: &tokio_postgres::Row| {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", row.get::<_, i32>(0))).unwrap();
        // proc_pid_stat(5): the nineteenth field; the second is in parentheses.
        stat.rsplit(')').next().unwrap().split_whitespace().nth(16).unwrap().parse().unwrap()
    };
    let found: Vec<i64> = rows.iter().map(read).collect();
    assert!(!found.is_empty() && found.iter().all(|one| *one == found[0]), "{name}: {found:?}");
    found[0]
}

#[tokio::test]
async fn a_job_exists_only_when_its_transaction_commits() {
    let app = TestApp::start_custom(|_| {}, vec![module()]).await;
    // What the product schedules by itself is done first, so that only this test's jobs count.
    app.settle().await;
    let tenant = app.bare_tenant("client").await;
    let lost: Result<()> = app
        .app
        .write(&tenant, app.app.system("test"), async |tx| {
            tx.enqueue(&Mark { name: "lost".into(), fail: false }, Enqueue::default()).await?;
            Err(Error::not_found())
        })
        .await;
    assert!(lost.is_err());
    assert_eq!(run_due(&app.app).await.unwrap(), 0);
    app.app
        .write(&tenant, app.app.system("test"), async |tx| {
            let how = || Enqueue { unique_key: Some("k".into()), ..Enqueue::default() };
            assert!(tx.enqueue(&Mark { name: "kept".into(), fail: false }, how()).await?.is_some());
            assert!(
                tx.enqueue(&Mark { name: "kept".into(), fail: false }, how()).await?.is_none(),
                "the same key waits already"
            );
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(run_due(&app.app).await.unwrap(), 1);
}

#[tokio::test]
async fn a_failing_job_pauses_longer_each_time_and_becomes_a_dead_letter() {
    let app = TestApp::start_custom(|_| {}, vec![module()]).await;
    app.expect_dead_jobs();
    // What the product schedules by itself is done first, so that only this test's jobs count.
    app.settle().await;
    let tenant = app.bare_tenant("client").await;
    app.app
        .write(&tenant, app.app.system("test"), async |tx| {
            tx.enqueue(&Mark { name: "x".into(), fail: true }, Enqueue::default()).await
        })
        .await
        .unwrap();
    let client = app.db.superuser().await;
    for expected in [1, 2, 3, 3, 3] {
        run_due(&app.app).await.unwrap();
        run_due(&app.app).await.unwrap();
        let row = client.query_one("select attempts from ops.jobs where kind = 'TestMark'", &[]).await.unwrap();
        assert_eq!(row.get::<_, i32>(0), expected, "once at a time, and no more than allowed");
        app.advance(chrono::TimeDelta::hours(2));
    }
    let row = client.query_one("select state, last_error from ops.jobs where kind = 'TestMark'", &[]).await.unwrap();
    assert_eq!(row.get::<_, String>(0), "dead");
    assert!(row.get::<_, String>(1).contains("as told"));
}

#[tokio::test]
async fn what_a_stopped_account_has_to_do_waits_until_it_works_again() {
    let app = TestApp::start_custom(|_| {}, vec![module()]).await;
    app.settle().await;
    let tenant = app.bare_tenant("client").await;
    let client = app.db.superuser().await;
    let turn = async |state: &str| {
        client.execute("update control.tenants set state = $1 where id = $2", &[&state, &tenant.id]).await.unwrap();
        app.app.changes.forget(Change::Tenant(tenant.id));
    };
    for state in ["suspended", "read_only"] {
        app.app
            .write(&tenant, app.app.system("test"), async |tx| {
                tx.enqueue(&Mark { name: state.into(), fail: false }, Enqueue::default()).await
            })
            .await
            .unwrap();
        turn(state).await;
        // Far more often than it would be tried if it failed.
        let waits = "select attempts, run_at, last_error from ops.jobs where kind = 'TestMark' and state = 'queued'";
        for _ in 0..10 {
            run_due(&app.app).await.unwrap();
            let row = client.query_one(waits, &[]).await.unwrap();
            assert_eq!(row.get::<_, i32>(0), 0, "{state}: nothing failed");
            assert!(row.get::<_, chrono::DateTime<chrono::Utc>>(1) > app.clock.now(), "{state}: not again at once");
            assert!(!row.get::<_, String>(2).is_empty(), "{state}: and it says why");
            app.advance(chrono::TimeDelta::minutes(10));
        }
        turn("active").await;
        run_due(&app.app).await.unwrap();
        let done = format!("select count(*) from {}.event_cursors where consumer = $1", tenant.role.as_str());
        assert_eq!(client.query_one(&done, &[&state]).await.unwrap().get::<_, i64>(0), 1, "{state}");
    }
}

#[tokio::test]
async fn tenants_take_turns() {
    let app = TestApp::start_custom(|c| c.work.per_tenant = 2, vec![module()]).await;
    app.settle().await;
    let (big, small) = (app.bare_tenant("client").await, app.bare_tenant("client").await);
    for (tenant, count) in [(&big, 200), (&small, 2)] {
        app.app
            .write(tenant, app.app.system("test"), async |tx| {
                for i in 0..count {
                    tx.enqueue(&Mark { name: format!("j{i}"), fail: false }, Enqueue::default()).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
    }
    assert_eq!(run_due(&app.app).await.unwrap(), 202);
    let client = app.db.superuser().await;
    let finished = async |role: &str| -> Vec<chrono::DateTime<chrono::Utc>> {
        let rows = client
            .query(&format!("select updated_at from {role}.event_cursors order by updated_at"), &[])
            .await
            .unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    let (big, small) = (finished(big.role.as_str()).await, finished(small.role.as_str()).await);
    assert!(small[1] < big[4], "the small tenant did not wait for the two hundred jobs of the big one");
}

#[tokio::test]
async fn the_work_of_a_dead_worker_is_done_by_another() {
    let app = TestApp::start_custom(|_| {}, vec![module()]).await;
    // What the product schedules by itself is done first, so that only this test's jobs count.
    app.settle().await;
    let tenant = app.bare_tenant("client").await;
    app.app
        .write(&tenant, app.app.system("test"), async |tx| {
            tx.enqueue(&Mark { name: "x".into(), fail: false }, Enqueue::default()).await
        })
        .await
        .unwrap();
    let client = app.db.superuser().await;
    let until = app.clock.now() + chrono::TimeDelta::seconds(60);
    client.execute("update ops.jobs set state = 'running', attempts = 1, locked_by = 'dead', locked_until = $1 where kind = 'TestMark'", &[&until]).await.unwrap();
    assert_eq!(run_due(&app.app).await.unwrap(), 0, "its lease still runs");
    app.advance(chrono::TimeDelta::seconds(61));
    run_due(&app.app).await.unwrap();
    let left = client.query_one("select count(*) from ops.jobs where kind = 'TestMark'", &[]).await.unwrap();
    assert_eq!(left.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_job_whose_end_was_not_written_down_runs_again_although_its_worker_lives() {
    let app = TestApp::start_custom(|c| c.work.lease_seconds = 2, vec![module()]).await;
    app.settle().await;
    let tenant = app.bare_tenant("client").await;
    let later = Enqueue { run_at: Some(app.clock.now() + chrono::TimeDelta::hours(1)), ..Enqueue::default() };
    app.app
        .write(&tenant, app.app.system("test"), async |tx| {
            tx.enqueue(&Mark { name: "lost".into(), fail: false }, later).await?;
            tx.enqueue(&Hold {}, Enqueue::default()).await
        })
        .await
        .unwrap();
    let working = tokio::spawn(kernel::jobs::work_forever(app.app.clone()));
    let client = app.db.superuser().await;
    let holder = "select locked_by from ops.jobs where kind = 'TestHold' and state = 'running'";
    let found = tokio::time::timeout(std::time::Duration::from_secs(60), async {
        loop {
            if let Some(row) = client.query_opt(holder, &[]).await.unwrap() {
                return row.get::<_, String>(0);
            }
        }
    });
    let worker = found.await.expect("a worker");
    // As it stands when the database went away between the work and the note of it.
    let until = app.clock.now() + chrono::TimeDelta::seconds(2);
    let lost = "update ops.jobs set state = 'running', attempts = 1, locked_by = $1, locked_until = $2 where kind = 'TestMark'";
    client.execute(lost, &[&worker, &until]).await.unwrap();
    app.advance(chrono::TimeDelta::hours(2));
    let waits = "select count(*) from ops.jobs where kind = 'TestMark'";
    let done = tokio::time::timeout(std::time::Duration::from_secs(60), async {
        while client.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) > 0 {}
    });
    done.await.expect("the job runs again");
    let held = "select attempts from ops.jobs where kind = 'TestHold' and state = 'running'";
    assert_eq!(client.query_one(held, &[]).await.unwrap().get::<_, i32>(0), 1, "what is at work is left alone");
    GATE.add_permits(1);
    app.app.stop.cancel();
    working.await.unwrap();
}
