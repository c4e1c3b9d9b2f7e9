//! The core is killed, or asked to stop, in the middle of submissions.
use crate::support::{World, eventually};
use std::{sync::atomic::Ordering::Relaxed, time::Instant};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_core_acknowledged_is_there_once() {
    let mut world = World::start().await;
    world.start_mail().await;
    let begun = Instant::now();
    let crowd = world.crowd(20, 50);
    let kills = [250, 500, 750];
    for sent in kills {
        crowd.reach(sent).await;
        let at = Instant::now();
        world.core.kill().await;
        let up = world.core.start(&world.http).await;
        println!("killed after {sent} submissions, ready again after {} ms", (up - at).as_millis());
    }
    let receipts = crowd.join().await;
    println!(
        "1,000 submissions in {:.1} s, {} tries were lost",
        begun.elapsed().as_secs_f64(),
        world.door.unavailable.load(Relaxed)
    );
    assert_eq!(receipts.len(), 1_000);
    world.kept(&receipts).await;
    let interrupted = receipts.iter().filter(|(_, receipt)| receipt.repeated);
    assert!(interrupted.clone().count() > 0, "nobody was interrupted");
    let repeated = world.repeat(interrupted.chain(receipts.iter().step_by(50))).await;
    world.kept(&receipts).await;
    let doubled = world.told(1_000).await;
    println!(
        "{repeated} sent again and answered as before; all told after {:.1} s, {doubled} mails handed over twice",
        begun.elapsed().as_secs_f64()
    );
    // A core that dies between the server's "taken" and its own note of it cannot know; it hands the mail over again
    // with the same Message-ID. That can be those it was sending, no others.
    assert!(doubled <= kills.len() * 6, "{doubled}");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_core_that_is_asked_to_stop_finishes_what_it_began() {
    let mut world = World::start().await;
    world.start_mail().await;
    // Five submissions are in the middle of their transaction.
    let lock = world.db.superuser().await;
    lock.batch_execute(&format!("begin; lock table {}.contacts in exclusive mode", world.schema)).await.unwrap();
    let mut held = vec![];
    for _ in 0..5 {
        let (door, visitor) = (world.door.clone(), world.door.open().await);
        held.push(tokio::spawn(async move {
            let receipt = door.submit(&visitor, "held").await;
            (visitor, receipt)
        }));
    }
    let waiting = "select count(*) from pg_stat_activity where usename = 'upzento_app' and wait_event_type = 'Lock'";
    eventually("five wait", async || world.count(waiting).await == 5).await;
    let asked = Instant::now();
    world.core.ask_to_stop();
    let url = format!("{}/readyz", world.api);
    eventually("nobody new is let in", async || world.http.get(&url).send().await.is_err()).await;
    // Meanwhile the edge shows its widgets and takes nothing.
    let late = world.door.open().await;
    assert_eq!(world.door.once(&late, "late").await, Some(503));
    lock.batch_execute("commit").await.unwrap();
    let mut receipts = vec![];
    for task in held {
        receipts.push(task.await.unwrap());
    }
    assert!(receipts.iter().all(|(_, receipt)| !receipt.repeated), "an open request was dropped");
    assert!(world.core.ended().await.success());
    println!("the core drained five requests and ended {} ms after it was asked", asked.elapsed().as_millis());
    assert_eq!(world.door.once(&late, "late").await, Some(503));
    world.core.start(&world.http).await;
    let receipt = world.door.submit(&late, "late").await;
    receipts.push((late, receipt));

    // The same while many come at once.
    let crowd = world.crowd(8, 12);
    for sent in [20, 50] {
        crowd.reach(sent).await;
        world.core.ask_to_stop();
        assert!(world.core.ended().await.success());
        world.core.start(&world.http).await;
    }
    receipts.extend(crowd.join().await);
    world.kept(&receipts).await;
    let doubled = world.told(receipts.len()).await;
    assert_eq!(doubled, 0, "whoever stops in order knows what it has sent");
    println!("{} submissions over three stops, all there once", receipts.len());
    world.finish().await;
}
