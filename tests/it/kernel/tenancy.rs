//! Isolation is the database's work: these tests try to get around the program.
use kernel::{Error, sql};
use tests::TestApp;
use tokio_postgres::NoTls;

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn a_forgotten_bind_is_an_error_and_never_a_leak() {
    let app = TestApp::start().await;
    let tenant = app.bare_tenant("client").await;
    let client = connect(&app.db.url("upzento_app")).await;
    let schema = tenant.role.as_str();
    for statement in [
        "select id from events".to_owned(),
        format!("select id from {schema}.events"),
        "select id from control.tenants".to_owned(),
        "select id from ops.jobs".to_owned(),
        "create table public.x (a int)".to_owned(),
        "create temp table x (a int)".to_owned(),
    ] {
        let error = client.batch_execute(&statement).await.expect_err(&statement);
        let code = error.code().map(|c| c.code().to_owned()).unwrap_or_default();
        assert!(["42P01", "42501"].contains(&code.as_str()), "{statement}: {error:?}");
    }
}

#[tokio::test]
async fn one_tenant_cannot_touch_another_even_by_name() {
    let app = TestApp::start().await;
    let (mine, other) = (app.bare_tenant("client").await, app.bare_tenant("client").await);
    let client = connect(&app.db.url("upzento_app")).await;
    client
        .batch_execute(&format!("begin; set local search_path = {0}; set local role {0}", mine.role.as_str()))
        .await
        .unwrap();
    client.batch_execute("select id from events").await.unwrap();
    let foreign = client.batch_execute(&format!("select id from {}.events", other.role.as_str())).await.unwrap_err();
    assert_eq!(foreign.code().map(|c| c.code()), Some("42501"));
    client.batch_execute("rollback").await.unwrap();
    client
        .batch_execute(&format!("begin; set local search_path = {0}; set local role {0}", mine.role.as_str()))
        .await
        .unwrap();
    let forged = client
        .batch_execute(&format!(
            "insert into ops.outbox (id, tenant, event_id) values (gen_random_uuid(), '{}', gen_random_uuid())",
            other.role.as_str()
        ))
        .await
        .unwrap_err();
    assert_eq!(forged.code().map(|c| c.code()), Some("42501"), "row level security refuses a foreign outbox row");
}

#[tokio::test]
async fn the_log_is_append_only_for_the_tenant_itself() {
    let app = TestApp::start().await;
    let tenant = app.bare_tenant("client").await;
    let client = connect(&app.db.url("upzento_app")).await;
    for statement in
        ["update events set title = 'x'", "delete from events", "update event_log set seq = 1", "truncate events"]
    {
        client
            .batch_execute(&format!("begin; set local search_path = {0}; set local role {0}", tenant.role.as_str()))
            .await
            .unwrap();
        let error = client.batch_execute(statement).await.expect_err(statement);
        assert_eq!(error.code().map(|c| c.code()), Some("42501"), "{statement}");
        client.batch_execute("rollback").await.unwrap();
    }
}

#[tokio::test]
async fn a_dropped_request_leaves_no_transaction_behind() {
    let app = TestApp::start_with(|c| c.database.connections_per_lane = 1).await;
    let tenant = app.bare_tenant("client").await;
    for _ in 0..5 {
        let work = app.app.write(&tenant, app.app.system("test"), async |tx| {
            tx.exec(sql!("insert into event_cursors (consumer, seq, updated_at) values ('dropped', 1, now())"), &[])
                .await?;
            std::future::pending::<()>().await;
            Ok(())
        });
        // Dropped while the transaction is open.
        assert!(tokio::time::timeout(std::time::Duration::from_millis(50), work).await.is_err());
    }
    let count: i64 = app
        .app
        .read(&tenant, app.app.system("test"), async |tx| {
            tx.value(sql!("select count(*) from event_cursors where consumer = 'dropped'"), &[]).await
        })
        .await
        .unwrap();
    assert_eq!(count, 0);
}

#[tokio::test]
async fn an_ignored_failure_does_not_commit_half() {
    let app = TestApp::start().await;
    let tenant = app.bare_tenant("client").await;
    let outcome = app
        .app
        .write(&tenant, app.app.system("test"), async |tx| {
            let insert = sql!("insert into event_cursors (consumer, seq, updated_at) values ('twice', 1, now())");
            tx.exec(insert, &[]).await?;
            let _ = tx.exec(insert, &[]).await;
            Ok(())
        })
        .await;
    assert!(outcome.is_err(), "a transaction whose failure was swallowed must not look committed");
    let kept = app
        .app
        .write(&tenant, app.app.system("test"), async |tx| {
            let insert = sql!("insert into event_cursors (consumer, seq, updated_at) values ('once', 1, now())");
            tx.exec(insert, &[]).await?;
            let part = tx.attempt(async |tx| tx.exec(insert, &[]).await).await?;
            assert!(part.is_err());
            tx.value::<i64>(sql!("select count(*) from event_cursors where consumer = 'once'"), &[]).await
        })
        .await;
    assert_eq!(kept.unwrap(), 1, "a part that failed alone leaves the rest intact");
}

#[tokio::test]
async fn reading_cannot_write() {
    let app = TestApp::start().await;
    let tenant = app.bare_tenant("client").await;
    let outcome: Result<u64, Error> = app
        .app
        .read(&tenant, app.app.system("test"), async |tx| {
            tx.exec(sql!("insert into event_cursors (consumer, seq, updated_at) values ('read', 1, now())"), &[]).await
        })
        .await;
    assert_eq!(outcome.unwrap_err().code(), "read_only");
}
