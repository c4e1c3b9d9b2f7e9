//! The database goes away under load and comes back: crashed, and stopped in order.
use crate::support::{Http, PAUSE, World, eventually};
use futures_util::future::join_all;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// The promise is two seconds on a machine of one's own; this is for one that does ten other things.
const PROMPT: Duration = Duration::from_secs(10);

/// People who read contacts all the time.
#[derive(Clone, Default)]
struct Readers {
    good: Arc<Mutex<Vec<Instant>>>,
    unavailable: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
}

impl Readers {
    fn start(&self, world: &World) -> JoinHandle<()> {
        let (this, http) = (self.clone(), world.http.clone());
        let (url, token) = (format!("{}/v1/contacts?limit=10", world.api), world.token.clone());
        tokio::spawn(async move {
            while !this.stop.load(Relaxed) {
                match read(&http, &url, &token).await {
                    200 => this.good.lock().unwrap().push(Instant::now()),
                    _ => {
                        this.unavailable.fetch_add(1, Relaxed);
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
        })
    }

    fn first_good(&self, since: Instant) -> Option<Instant> {
        self.good.lock().unwrap().iter().copied().find(|at| *at >= since)
    }
}

/// 200, or 503 as the contract says; anything else fails, also no answer.
async fn read(http: &Http, url: &str, token: &str) -> u16 {
    let answer = http.get(url).bearer_auth(token).send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    if status != 200 {
        assert_eq!(status, 503, "{text}");
        assert!(text.contains("\"code\":\"unavailable\""), "{text}");
        let seconds = headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap();
        assert!((1..=5).contains(&seconds) && headers["content-type"] == "application/problem+json");
    }
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_comes_back_is_used_at_once() {
    let mut world = World::with_cluster().await;
    world.start_mail().await;
    let readers = Readers::default();
    let reading: Vec<_> = (0..4).map(|_| readers.start(&world)).collect();
    let crowd = world.crowd(6, usize::MAX);
    crowd.reach(20).await;
    for clean in [false, true] {
        let (sent, refused) = (crowd.receipts.lock().await.len(), world.door.unavailable.load(Relaxed));
        let unread = readers.unavailable.load(Relaxed);
        let mut cluster = world.cluster.take().unwrap();
        tokio::task::block_in_place(|| if clean { cluster.stop() } else { cluster.crash() }).unwrap();
        // Long enough that whoever tries again with growing pauses has reached the longest.
        eventually("both say that it is away", async || {
            readers.unavailable.load(Relaxed) >= unread + 60 && world.door.unavailable.load(Relaxed) >= refused + 60
        })
        .await;
        let frame = format!("{}/w/{}?o=https%3A%2F%2Fclient.example", world.door.edge, world.door.widget);
        let frame =
            world.http.get(frame).header("sec-fetch-dest", "iframe").header("referer", "https://client.example/");
        assert_eq!(frame.send().await.unwrap().status(), 200, "what is known is still shown");
        tokio::task::block_in_place(|| cluster.start_again()).unwrap();
        let up = Instant::now();
        world.cluster = Some(cluster);
        eventually("somebody reads", async || readers.first_good(up).is_some()).await;
        let read = readers.first_good(up).unwrap() - up;
        let first = async || crowd.receipts.lock().await[sent..].iter().map(|(_, r)| r.at).find(|at| *at >= up);
        eventually("somebody is thanked", async || first().await.is_some()).await;
        let thanked = first().await.unwrap() - up;
        println!(
            "after a {}: first contact read {} ms, first submission taken {} ms after it accepted connections",
            if clean { "clean restart" } else { "crash" },
            read.as_millis(),
            thanked.as_millis()
        );
        assert!(read < PROMPT && thanked < PROMPT);
        crowd.reach(sent + 40).await;
    }
    readers.stop.store(true, Relaxed);
    join_all(reading).await.into_iter().for_each(|task| task.unwrap());
    let receipts = crowd.finish().await;
    every_connection_works(&world).await;
    world.kept(&receipts).await;
    assert!(receipts.iter().any(|(_, receipt)| receipt.repeated), "nobody was interrupted");
    let repeated = world.repeat(receipts.iter().filter(|(_, receipt)| receipt.repeated)).await;
    let doubled = world.told(receipts.len()).await;
    println!("{} submissions, {repeated} of them sent more than once, {doubled} mails twice", receipts.len());
    assert_eq!(doubled, 0);
    world.finish().await;
}

/// Four connections are all that one client can have, two in each of its two lanes: that many requests wait for the same
/// lock at once, far more behind them, and then each gets its answer and none is left in a transaction.
async fn every_connection_works(world: &World) {
    let url = format!("{}/v1/contacts?limit=10", world.api);
    let waiting = "select count(*) from pg_stat_activity where usename = 'upzento_app'
        and application_name like 'upzento %' and wait_event_type = 'Lock'";
    let lock = world.db.superuser().await;
    eventually("every connection of both lanes works", async || {
        lock.batch_execute(&format!("begin; lock table {}.contacts", world.schema)).await.unwrap();
        let asked = join_all((0..48).map(|_| read(&world.http, &url, &world.token)));
        let held = async {
            // Whoever waits longer for a lock is told to come again.
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(1) && world.count(waiting).await < 4 {
                tokio::time::sleep(PAUSE).await;
            }
            let held = world.count(waiting).await;
            lock.batch_execute("commit").await.unwrap();
            held
        };
        let (answers, held) = futures_util::future::join(asked, held).await;
        held == 4 && answers.iter().all(|status| *status == 200)
    })
    .await;
    let stuck = "select count(*) from pg_stat_activity where usename like 'upzento%' and state like 'idle in%'
        and state_change < now() - interval '1 second'";
    eventually("no transaction is left open", async || world.count(stuck).await == 0).await;
}
