//! The program as a process: killed, waited for, asked.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::support::{Database, Folder, NOTES, folder, sets};

fn migrate(database: &Database, files: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
    command
        .env_clear()
        .arg("--owner-url")
        .arg(&database.url)
        .arg("--migrations")
        .arg(files.path())
        .args(arguments)
        .current_dir(files.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_is_resumed_without_half_or_double_work() {
    let slow = ("V3__slow", "-- slow\n-- safe\nalter table notes add column slow int; select pg_sleep(0.01);\n");
    let outside = (
        "V4__outside",
        "-- outside\n-- safe\n-- nontransactional\nselect pg_sleep(0.01);\ncreate index concurrently if not exists notes_slow_idx on notes (slow);\nselect pg_sleep(0.01);\n",
    );
    let (old, new) = (sets(&[NOTES]), sets(&[NOTES, slow, outside]));
    let database = Database::migrated(&old).await;
    database.fleet(&old, 39).await;
    let files = folder(&new);
    let mut kills = 0;
    for wanted in [2, 9, 17, 30] {
        let mut run: Child = migrate(&database, &files, &["up", "--workers", "3"]).spawn().unwrap();
        let done = "select count(*) from control.tenant_schemas where version = 4";
        while database.count(done).await < wanted && run.try_wait().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        run.start_kill().unwrap();
        kills += i32::from(!run.wait().await.unwrap().success());
        consistent(&database).await;
    }
    assert!(kills >= 3, "the runs ended before they could be killed");
    let finished = migrate(&database, &files, &["up"]).output().await.unwrap();
    assert!(finished.status.success(), "{}", String::from_utf8_lossy(&finished.stderr));
    consistent(&database).await;
    assert_eq!(database.versions().await, [(4, "current".into(), 40)]);
    let drift = migrate(&database, &files, &["drift"]).output().await.unwrap();
    assert!(drift.status.success(), "{}", String::from_utf8_lossy(&drift.stdout));
    assert!(String::from_utf8_lossy(&drift.stdout).contains("40 compared, 0 differ"));
}

/// In each schema the history says what the tables are, and the central table never claims more.
async fn consistent(database: &Database) {
    let client = database.superuser().await;
    let tenants = client
        .query("select t.schema_name, s.version from control.tenants t join control.tenant_schemas s on s.tenant_id = t.id", &[])
        .await
        .unwrap();
    for row in tenants {
        let (schema, central): (String, i32) = (row.get(0), row.get(1));
        let sql = format!(
            "select (select array_agg(version order by version) from {schema}.refinery_schema_history),
               exists (select from pg_attribute where attrelid = '{schema}.notes'::regclass and attname = 'slow'),
               exists (select from pg_index where indexrelid = to_regclass('{schema}.notes_slow_idx') and indisvalid)"
        );
        let row = client.query_one(&sql, &[]).await.unwrap();
        let (history, column, index): (Vec<i32>, bool, bool) = (row.get(0), row.get(1), row.get(2));
        assert_eq!(history, (1..=i32::try_from(history.len()).unwrap()).collect::<Vec<_>>(), "{schema}");
        assert_eq!(column, history.len() >= 3, "{schema}: {history:?}");
        assert!(index || history.len() < 4, "{schema}: {history:?}");
        assert!(central <= i32::try_from(history.len()).unwrap(), "{schema}: {history:?}, central {central}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_waits_for_the_first() {
    let database = Database::migrated(&sets(&[])).await;
    database.fleet(&sets(&[]), 3).await;
    let files = folder(&sets(&[NOTES]));
    let first = database.superuser().await;
    first.batch_execute("select pg_advisory_lock(hashtextextended('upzento migrate', 0))").await.unwrap();
    let mut second = migrate(&database, &files, &["up"]).spawn().unwrap();
    let mut lines = BufReader::new(second.stderr.take().unwrap()).lines();
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("another run is active, waiting for it"));
    assert_eq!(database.count("select count(*) from control.tenants where schema_version = 2").await, 0);
    drop(first);
    while lines.next_line().await.unwrap().is_some() {}
    assert!(second.wait().await.unwrap().success());
    assert_eq!(database.versions().await, [(2, "current".into(), 4)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_tells_the_truth() {
    let database = Database::bare().await;
    let files = folder(&sets(&[NOTES]));
    let run = async |arguments: &[&str]| {
        let output = migrate(&database, &files, arguments).output().await.unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap(), text)
    };
    let (code, text) = run(&["provision"]).await;
    assert!(code == 2 && text.contains("run `migrate up`"), "{text}");
    let (code, text) = run(&["up", "--warm", "3"]).await;
    assert!(code == 0 && text.contains("applied  control/V1__catalogue") && text.contains("3 built"), "{text}");
    let (code, text) = run(&["status"]).await;
    assert!(code == 0 && text.contains("pool     3 ready"), "{text}");
    let (code, text) = run(&["baseline", "--check"]).await;
    assert!(code == 2 && text.contains("stale"), "{text}");
    let (code, text) = run(&["baseline", "--write"]).await;
    assert!(code == 0, "{text}");
    let (code, text) = run(&["baseline", "--check"]).await;
    assert!(code == 0, "{text}");
    let (code, text) = run(&["plan"]).await;
    assert!(code == 0 && text.contains("0 tenants need work"), "{text}");
    let newer = folder(&sets(&[NOTES, ("V3__x", "-- x\n-- y\ncreate table x (id int);\n")]));
    let output = migrate(&database, &newer, &["plan"]).output().await.unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("V2 -> V3 (ready)"));
    let (code, text) =
        run(&["delete", "ten_00000000000000000000000000", "--confirm", "t_00000000000000000000000000"]).await;
    assert!(code == 2 && text.contains("there is no tenant"), "{text}");
    let (code, text) = run(&["status", "--owner-url", "postgres://nobody:secret-word@127.0.0.1:1/x"]).await;
    assert!(code == 2 && !text.contains("secret-word"), "{text}");
}
