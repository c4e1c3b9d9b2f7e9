//! The mail server is away when mails are due.
use crate::support::{World, eventually};
use std::time::Instant;

#[tokio::test(flavor = "multi_thread")]
async fn mails_wait_for_their_server_and_go_once() {
    let mut world = World::start().await;
    let receipts = world.crowd(4, 5).join().await;
    let tried = "select count(*) from ops.mails where template = 'new_submission' and state = 'queued' and attempts > 0
        and last_error is not null";
    eventually("every mail was offered to nobody", async || world.count(tried).await == 20).await;
    assert_eq!(world.count("select count(*) from ops.jobs where state = 'dead'").await, 0);
    assert!(world.mailbox.all().is_empty());
    world.start_mail().await;
    let up = Instant::now();
    world.kept(&receipts).await;
    assert_eq!(world.told(20).await, 0, "mails that came twice");
    println!("20 mails waited for their server; the last came {:.1} s after it was there", up.elapsed().as_secs_f64());
    world.finish().await;
}
