//! The core is killed between the commit of a submission and what follows from it.
use crate::support::{Receipt, Visitor, World, eventually};

async fn submit(world: &World, count: usize) -> Vec<(Visitor, Receipt)> {
    let mut receipts = vec![];
    for _ in 0..count {
        let visitor = world.door.open().await;
        let receipt = world.door.submit(&visitor, "key").await;
        receipts.push((visitor, receipt));
    }
    receipts
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_and_not_delivered_is_delivered_later() {
    let mut world = World::start().await;
    world.start_mail().await;
    world.settled().await;
    let waiting = format!("select count(*) from ops.outbox where tenant = '{}'", world.schema);

    // Before: the dispatcher of this tenant does not get its turn.
    let turn = world.db.superuser().await;
    let lock = format!("select pg_advisory_lock(hashtextextended('{}', 7))", world.schema);
    turn.batch_execute(&lock).await.unwrap();
    let mut receipts = submit(&world, 10).await;
    assert!(world.count(&waiting).await >= 10);
    assert_eq!(world.count("select count(*) from notifications").await, 0);
    world.core.kill().await;
    drop(turn);
    world.core.start(&world.http).await;
    assert_eq!(world.told(10).await, 0);

    // In the middle: events are numbered, notifications are on their way, nothing is committed.
    let table = world.db.superuser().await;
    table.batch_execute(&format!("begin; lock table {}.notifications in exclusive mode", world.schema)).await.unwrap();
    receipts.extend(submit(&world, 10).await);
    let stuck = "select count(*) from pg_stat_activity where usename = 'upzento_app' and wait_event_type = 'Lock'
        and query like '%notifications%'";
    eventually("the dispatcher is in the middle", async || world.count(stuck).await >= 1).await;
    world.core.kill().await;
    table.batch_execute("commit").await.unwrap();
    world.whole().await;
    world.core.start(&world.http).await;
    world.kept(&receipts).await;
    assert_eq!(world.told(20).await, 0);
    println!("20 submissions whose core died before they were announced: each announced once, the chain holds");
    world.finish().await;
}
