//! What is answered while the database is away: known widgets for a while, nothing new, nothing that was revoked.
use crate::support::{Ask, Database, PAGE, Plan, World, eventually, frame_url};
use embed_edge::Times;
use kernel::embed::WidgetId;
use std::time::Duration;
use xtask::postgres::Cluster;

fn cluster() -> Cluster {
    Cluster::temporary().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn known_widgets_live_on_for_a_quarter_of_an_hour() {
    let mut cluster = cluster();
    let mut world = World::over(Database::on(&cluster).await, Plan::default()).await;
    let revoked = world.db.widget(world.tenant).await;
    let session = world.session().await;
    let other = |id| Ask::get(&frame_url(id, PAGE));
    assert_eq!(world.send(other(revoked)).await.status, 200);
    world.db.run(&format!("update control.widgets set enabled = false where id = '{revoked}'")).await;
    eventually("revocation", || async { world.send(other(revoked)).await.status == 403 }).await;

    cluster.stop().unwrap();
    world.connected(false).await;
    // Known and fresh enough: frames and sessions go on, actions wait.
    let frame = world.send(world.frame(PAGE)).await;
    assert_eq!(frame.status, 200);
    let token = frame.data()["token"].as_str().unwrap().to_owned();
    assert_eq!(world.send(Ask::own("/v1/session", &token)).await.status, 200);
    let reply = world.send(world.submit(&session, "1")).await;
    assert_eq!((reply.status, reply.code().as_str(), reply.header("retry-after")), (503, "unavailable", Some("5")));
    assert!(world.core.calls().is_empty());
    // Unknown: nobody can say.
    let unknown = world.send(other(WidgetId::random())).await;
    assert_eq!((unknown.status, unknown.header("retry-after")), (503, Some("5")));
    assert!(unknown.body.contains("\"unavailable\""));
    // What was revoked before stays revoked.
    world.send(other(revoked)).await.assert_refused();
    // Past the life of the cache, still within the quarter of an hour.
    world.pass(14 * 60);
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
    world.pass(61);
    let closed = world.send(world.frame(PAGE)).await;
    assert_eq!((closed.status, closed.header("retry-after")), (503, Some("5")));
    assert_eq!(world.send(world.submit(&session, "1")).await.status, 503);
    assert_ne!(world.send(other(revoked)).await.status, 200);

    // What changed meanwhile is not missed, although nobody was told.
    cluster.start_again().unwrap();
    world.db.reconnect().await;
    world.db.run("delete from control.embed_origins").await;
    world.connected(true).await;
    world.send(world.frame(PAGE)).await.assert_refused();
    world.send(other(revoked)).await.assert_refused();
    world.db.allow(world.tenant, "exact", PAGE).await;
    eventually("opening", || async { world.send(world.frame(PAGE)).await.status == 200 }).await;
    assert_eq!(world.send(world.submit(&world.session().await, "1")).await.status, 201, "the same key again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edge_that_starts_without_a_database_opens_when_it_comes() {
    let mut cluster = cluster();
    let db = Database::on(&cluster).await;
    let times = Times { query: Duration::from_millis(300), ..Plan::default().times };
    let world = World::after(db, Plan { times, ..Plan::default() }, || cluster.stop().unwrap()).await;
    let frame = world.send(world.frame(PAGE)).await;
    assert_eq!((frame.status, frame.header("retry-after")), (503, Some("5")));
    assert_eq!(world.send(Ask::get("/v1/loader.js")).await.status, 200);
    cluster.start_again().unwrap();
    eventually("opening", || async { world.send(world.frame(PAGE)).await.status == 200 }).await;
}

#[tokio::test]
async fn a_lost_notification_is_found_by_looking() {
    let times = Times { poll: Duration::from_millis(50), ..Plan::default().times };
    let world = World::with(Plan { times, ..Plan::default() }).await;
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
    // The change is written as usual, but the triggers that would tell are off.
    let sql = format!(
        "begin; set local session_replication_role = replica;
         update control.embed_origins set enabled = false;
         update control.embed_sites set rev = nextval('control.embed_rev') where tenant_id = '{}'; commit",
        world.tenant
    );
    world.db.run(&sql).await;
    eventually("the look", || async { world.send(world.frame(PAGE)).await.status == 403 }).await;
}

#[tokio::test]
async fn a_known_widget_is_read_again_now_and_then() {
    let world = World::new().await;
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
    // Nothing tells: neither a notification nor a revision.
    world
        .db
        .run("begin; set local session_replication_role = replica; delete from control.embed_origins; commit")
        .await;
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
    world.pass(10 * 60);
    eventually("the second look", || async { world.send(world.frame(PAGE)).await.status == 403 }).await;
}

#[tokio::test]
async fn a_cut_listening_connection_is_replaced_and_misses_nothing() {
    let world = World::new().await;
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
    // In one transaction with the cut, so that the notification goes to a connection that is no more.
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity
               where usename = 'upzento_edge' and datname = current_database()";
    world.db.run(&format!("begin; {cut}; update control.embed_origins set enabled = false; commit")).await;
    eventually("the sweep", || async { world.send(world.frame(PAGE)).await.status == 403 }).await;
    world.connected(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_visitors_of_a_cold_widget_are_one_question() {
    let world = World::new().await;
    // The view counts how often the one entry was read.
    let counting = "create sequence control.reads;
        create function edge.counted() returns boolean language sql volatile security definer
            as $$ select nextval('control.reads') > 0 $$;
        create or replace view edge.origins as
            select tenant_id, widget_id, kind, origin from control.embed_origins where enabled and edge.counted()";
    world.db.run(counting).await;
    let asks = (0..200).map(|_| {
        let ask = world.frame(PAGE);
        let addr = world.edge.addr;
        tokio::spawn(async move { ask.send(addr).await.status })
    });
    for answer in asks.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap(), 200);
    }
    let reads: i64 = world.db.sql.query_one("select last_value from control.reads", &[]).await.unwrap().get(0);
    assert_eq!(reads, 1);
}

#[tokio::test]
async fn the_edge_can_read_nothing_else() {
    let world = World::new().await;
    let (edge, connection) = tokio_postgres::connect(&world.db.edge_url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    assert!(edge.query("select * from edge.widgets", &[]).await.is_ok());
    for sql in [
        "select * from control.tenants",
        "select * from control.widgets",
        "select * from control.embed_keys",
        "update edge.widgets set enabled = true",
        "delete from edge.sites",
        "select control.embed_touch('{}')",
        "create table edge.x (a int)",
    ] {
        let error = edge.batch_execute(sql).await.unwrap_err();
        let code = error.code().map(|c| c.code().to_owned()).unwrap_or_default();
        assert!(["42501", "55000"].contains(&code.as_str()), "{sql}: {error:?}");
    }
}
