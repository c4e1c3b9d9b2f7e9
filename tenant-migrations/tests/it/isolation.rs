//! What each login may and may not do.

use tenant_migrations::provision::{Provision, provision_one_with};
use tenant_migrations::{Bootstrap, Session, bootstrap};

use crate::support::{Database, PASSWORD, sets};

async fn refused(client: &Session, sql: &str) -> String {
    let error = client.batch_execute(sql).await.expect_err(sql);
    let _ = client.batch_execute("rollback").await;
    error.code().map(|code| code.code().to_owned()).unwrap_or_default()
}

const DENIED: &str = "42501";

#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_a_tenant_can_do_nothing() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    let mut owner = database.owner().await;
    let tenant = provision_one_with(&mut owner, &sets, Provision::default()).await.unwrap();
    let app = database.login("upzento_app").await;
    assert_eq!(refused(&app, "select id from events").await, "42P01");
    for sql in [
        format!("select id from {}.events", tenant.name),
        "select id from ops.jobs".into(),
        "select id from control.tenants".into(),
        "create temporary table x (id int)".into(),
        "create table public.x (id int)".into(),
        "select shared.fold('x')".into(),
    ] {
        assert_eq!(refused(&app, &sql).await, DENIED, "{sql}");
    }
    let row = app
        .query_one("select current_setting('search_path'), current_setting('idle_in_transaction_session_timeout')", &[])
        .await
        .unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, &str>(1)), ("\"\"", "15s"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_tenant_sees_itself_only_and_cannot_rewrite_its_log() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    let mut owner = database.owner().await;
    let one = provision_one_with(&mut owner, &sets, Provision::default()).await.unwrap().name;
    let other = provision_one_with(&mut owner, &sets, Provision::default()).await.unwrap().name;
    let app = database.login("upzento_app").await;
    let bind = |name: &tenant_migrations::TenantName| {
        format!("begin; set local search_path = {name}, shared; set local role {name};")
    };
    let write = "insert into events (id, kind, subject, subject_id, title, actor_kind, occurred_at)
           values (gen_random_uuid(), 'a', 'b', gen_random_uuid(), 'c', 'system', now());
         insert into ops.outbox (id, event_id) values (gen_random_uuid(), gen_random_uuid());
         insert into ops.jobs (id, kind) values (gen_random_uuid(), 'x');
         insert into ops.idempotency_keys (scope, key, request_hash) values ('s', 'k', '');
         insert into ops.usage (metric, day, amount) values ('m', current_date, 1)
           on conflict (tenant, metric, day) do update set amount = usage.amount + excluded.amount;
         select fold('É');";
    for name in [&one, &other] {
        app.batch_execute(&format!("{}{write}commit", bind(name))).await.unwrap();
    }
    app.batch_execute(&bind(&one)).await.unwrap();
    for table in ["ops.jobs", "ops.idempotency_keys", "ops.usage", "ops.outbox"] {
        let row = app.query_one(&format!("select count(*), min(tenant) from {table}"), &[]).await.unwrap();
        assert_eq!((row.get::<_, i64>(0), row.get::<_, &str>(1)), (1, one.as_str()), "{table}");
    }
    app.batch_execute("rollback").await.unwrap();
    for sql in [
        format!("insert into ops.jobs (id, tenant, kind) values (gen_random_uuid(), '{other}', 'x')"),
        "insert into ops.jobs (id, tenant, kind) values (gen_random_uuid(), '', 'x')".into(),
        "update ops.jobs set state = 'done'".into(),
        "delete from ops.jobs".into(),
        "update events set title = 'forged'".into(),
        "delete from events".into(),
        "truncate events".into(),
        "delete from event_log".into(),
        format!("select id from {other}.events"),
        "select version from refinery_schema_history".into(),
        "select id from control.tenants".into(),
        "create table x (id int)".into(),
    ] {
        assert_eq!(refused(&app, &format!("{}{sql}", bind(&one))).await, DENIED, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_logins_have_their_part_and_no_more() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    let mut owner = database.owner().await;
    let tenant = provision_one_with(&mut owner, &sets, Provision::default()).await.unwrap().name;
    owner
        .batch_execute(&format!(
            "insert into ops.jobs (id, tenant, kind) values (gen_random_uuid(), '{tenant}', 'x'), (gen_random_uuid(), '', 'y');
             insert into ops.outbox (id, tenant, event_id) values (gen_random_uuid(), '{tenant}', gen_random_uuid())"
        ))
        .await
        .unwrap();
    let count = async |client: &Session, sql: &str| -> i64 { client.query_one(sql, &[]).await.unwrap().get(0) };
    let (control, ops, admin, edge) = (
        database.login("upzento_control").await,
        database.login("upzento_ops").await,
        database.login("upzento_admin").await,
        database.login("upzento_edge").await,
    );
    assert_eq!(count(&control, "select count(*) from ops.jobs").await, 2);
    assert_eq!(count(&control, "select count(*) from ops.outbox").await, 0);
    assert_eq!(count(&ops, "select count(*) from ops.jobs").await, 2);
    assert_eq!(count(&ops, "select count(*) from ops.outbox").await, 1);
    assert_eq!(count(&admin, "select count(*) from ops.outbox").await, 1);
    assert_eq!(count(&edge, "select count(*) from edge.widgets").await, 0);
    let enqueue = format!("insert into ops.jobs (id, tenant, kind) values (gen_random_uuid(), '{tenant}', 'z')");
    control.batch_execute(&enqueue).await.unwrap();
    assert_eq!(control.execute("update ops.jobs set state = 'done'", &[]).await.unwrap(), 1, "its own only");
    admin.batch_execute("update ops.jobs set state = 'queued'").await.unwrap();
    let events = "insert into control.audit_events (id, kind, subject, title, actor_kind, occurred_at) values (gen_random_uuid(), 'k', 's', 't', 'system', now())";
    control.batch_execute(events).await.unwrap();
    control.batch_execute("update control.audit_events set projected_at = now()").await.unwrap();
    for (client, sql) in [
        (&control, "update control.audit_events set title = 'forged'".to_owned()),
        (&control, "delete from control.audit_events".into()),
        (&control, "delete from control.deletion_certificates".into()),
        (&control, "insert into control.fleet (version, checksum) values (1, '')".into()),
        (&control, format!("select id from {tenant}.events")),
        (&admin, format!("select id from {tenant}.events")),
        (&admin, "delete from ops.outbox".into()),
        (&admin, "update control.audit_events set title = 'forged'".into()),
        (&ops, format!("select id from {tenant}.events")),
        (&ops, "select id from control.tenants".into()),
        (&edge, "select id from control.widgets".into()),
        (&edge, "select id from ops.jobs".into()),
        (&edge, format!("select id from {tenant}.events")),
    ] {
        assert_eq!(refused(client, &sql).await, DENIED, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shared_table_has_the_second_belt() {
    let database = Database::migrated(&sets(&[])).await;
    let bare = "select count(*) from pg_class where relnamespace = 'ops'::regnamespace and relkind in ('r', 'p')
       and relname <> 'refinery_schema_history' and not (relrowsecurity and relforcerowsecurity)";
    assert_eq!(database.count(bare).await, 0);
    let without_owner =
        "select count(*) from pg_class c where relnamespace = 'ops'::regnamespace and relkind in ('r', 'p')
       and relname <> 'refinery_schema_history' and not exists (select from pg_policy p where p.polrelid = c.oid
         and 'upzento_owner'::regrole = any (p.polroles::regrole[]))";
    assert_eq!(database.count(without_owner).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bootstrap_again_and_at_once_changes_nothing() {
    let database = Database::migrated(&sets(&[])).await;
    let other = Database::bare().await;
    let options = Bootstrap::with_password(PASSWORD);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..6 {
        let url = if number % 2 == 0 { database.url.clone() } else { other.url.clone() };
        let options = options.clone();
        tasks.spawn(async move { bootstrap(&url, &options).await.unwrap() });
    }
    tasks.join_all().await;
    // The owner alone is enough from now on.
    bootstrap(&database.url_of("upzento_owner"), &options).await.unwrap();
    assert!(!tenant_migrations::bootstrap::is_needed(&database.url).await.unwrap());
    database.login("upzento_edge").await;
}
