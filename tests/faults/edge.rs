//! The edge is killed under open widgets.
use crate::support::World;
use std::{sync::atomic::Ordering::Relaxed, time::Instant};

#[tokio::test(flavor = "multi_thread")]
async fn open_widgets_go_on_after_the_edge_was_killed() {
    let mut world = World::start().await;
    world.start_mail().await;
    let mut receipts = vec![];
    for _ in 0..10 {
        let visitor = world.door.open().await;
        let receipt = world.door.submit(&visitor, "before").await;
        receipts.push((visitor, receipt));
    }
    // In the middle of submissions: what is lost on the way is sent again.
    let crowd = world.crowd(8, 10);
    crowd.reach(20).await;
    let at = Instant::now();
    world.edge.kill().await;
    let nobody = world.door.once(&receipts[0].0, "after").await;
    assert_eq!(nobody, None, "somebody answers for a killed edge");
    let up = world.edge.start(&world.http).await;
    println!("the edge was ready again {} ms after it was killed", (up - at).as_millis());
    receipts.extend(crowd.join().await);
    assert!(world.door.lost.load(Relaxed) > 0, "nobody was interrupted");
    // The widgets that were open before go on with the tokens they have.
    let open: Vec<_> = receipts.iter().take(10).map(|(visitor, _)| visitor.clone()).collect();
    assert_eq!(world.repeat(receipts.iter().take(10)).await, 10);
    for mut visitor in open {
        let receipt = world.door.submit(&visitor, "after").await;
        receipts.push((visitor.clone(), receipt));
        world.door.renew(&mut visitor).await;
        let receipt = world.door.submit(&visitor, "renewed").await;
        receipts.push((visitor, receipt));
    }
    world.kept(&receipts).await;
    assert_eq!(world.told(receipts.len()).await, 0);
    world.finish().await;
}
