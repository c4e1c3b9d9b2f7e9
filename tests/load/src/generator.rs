//! Load: as fast as the answers come (closed loop, for throughput), or at a fixed rate whatever the answers do (open
//! loop, for percentiles).
use crate::http::Connection;
use anyhow::Result;
use hdrhistogram::Histogram;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

/// Which request comes when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// The next one as soon as the last one was answered.
    Closed,
    /// So many a second, on a timetable made in advance.
    Open(f64),
}

impl Pace {
    /// When the n-th unit of work is due, after the beginning.
    fn due(self, n: u64) -> Duration {
        match self {
            Pace::Closed => Duration::ZERO,
            Pace::Open(per_second) => Duration::from_secs_f64(n as f64 / per_second),
        }
    }
}

/// One stretch of load.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Against whom.
    pub address: SocketAddr,
    /// Connections, each with a thread of its own.
    pub connections: usize,
    /// When.
    pub pace: Pace,
    /// How long.
    pub time: Duration,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Latencies of good answers, in microseconds.
    pub latency: Histogram<u64>,
    /// Good answers.
    pub good: u64,
    /// What went wrong, with how often.
    pub errors: BTreeMap<String, u64>,
    /// From the first request to the last answer.
    pub elapsed: Duration,
}

/// A histogram from a microsecond to a minute, precise to 0.1 %.
pub fn histogram() -> Histogram<u64> {
    // Why it cannot fail: these bounds are constants the library accepts.
    let mut made = Histogram::new_with_bounds(1, 60_000_000, 3).unwrap_or_else(|_| unreachable!("constant bounds"));
    made.auto(true);
    made
}

impl Outcome {
    fn empty() -> Self {
        Outcome { latency: histogram(), good: 0, errors: BTreeMap::new(), elapsed: Duration::ZERO }
    }

    fn note(&mut self, result: Result<()>, latency: Duration) {
        match result {
            Ok(()) => {
                self.good += 1;
                self.latency.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX));
            }
            Err(error) => {
                // Details differ from one to the next; what counts is the kind.
                let kind: String = format!("{error:#}").chars().take(160).collect();
                *self.errors.entry(kind).or_default() += 1;
            }
        }
    }

    fn merge(&mut self, other: Outcome) {
        // Why ignoring is right: both have the same constant bounds.
        let _ = self.latency.add(other.latency);
        self.good += other.good;
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
    }

    /// Good answers a second.
    pub fn per_second(&self) -> f64 {
        self.good as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// A percentile, in milliseconds.
    pub fn ms(&self, percentile: f64) -> f64 {
        self.latency.value_at_percentile(percentile) as f64 / 1000.0
    }

    /// How many went wrong.
    pub fn bad(&self) -> u64 {
        self.errors.values().sum()
    }

    /// The outcome, unless something went wrong.
    ///
    /// # Errors
    /// With the kinds of errors and how often each came.
    pub fn flawless(self) -> Result<Self> {
        match self.bad() {
            0 => Ok(self),
            bad => anyhow::bail!("{bad} of {} failed: {:?}", bad + self.good, self.errors),
        }
    }
}

/// Runs `work(n)` on the plan's connections.
///
/// Latency runs from the moment a unit was due: one that waits because every connection is still busy has waited, so
/// no slow answer hides the ones behind it. Only the sleep's own lateness, which is not the server's, is left out.
pub fn run<F>(plan: &Plan, work: F) -> Outcome
where
    F: Fn(u64, &mut Connection) -> Result<()> + Sync,
{
    run_until(plan, &AtomicBool::new(false), work)
}

/// [`run`], ending earlier when `enough` says so.
pub fn run_until<F>(plan: &Plan, enough: &AtomicBool, work: F) -> Outcome
where
    F: Fn(u64, &mut Connection) -> Result<()> + Sync,
{
    let next = AtomicU64::new(0);
    let begun = Instant::now();
    let one = || {
        let mut connection = Connection::new(plan.address);
        let mut outcome = Outcome::empty();
        loop {
            let n = next.fetch_add(1, Relaxed);
            let due = begun + plan.pace.due(n);
            let now = Instant::now();
            if due.max(now) >= begun + plan.time || enough.load(Relaxed) {
                return outcome;
            }
            let started = if plan.pace == Pace::Closed {
                now
            } else if now < due {
                std::thread::sleep(due - now);
                Instant::now()
            } else {
                due
            };
            let result = work(n, &mut connection);
            outcome.note(result, started.elapsed());
        }
    };
    let mut whole = Outcome::empty();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.connections).map(|_| scope.spawn(one)).collect();
        for worker in workers {
            match worker.join() {
                Ok(outcome) => whole.merge(outcome),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    whole.elapsed = begun.elapsed();
    whole
}

/// The middle of the values; 0 of none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

/// A number below `bound` that looks random and is the same in every run.
pub fn scatter(n: u64, bound: usize) -> usize {
    // SplitMix64: neighbours end up far apart, and every residue comes equally often.
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((z ^ (z >> 31)) % (bound.max(1) as u64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_loop_keeps_its_timetable() {
        assert_eq!(Pace::Open(200.0).due(0), Duration::ZERO);
        assert_eq!(Pace::Open(200.0).due(300), Duration::from_millis(1500));
        assert_eq!(Pace::Closed.due(7), Duration::ZERO);
    }

    #[test]
    fn outcomes_add_up() {
        let (mut one, mut two) = (Outcome::empty(), Outcome::empty());
        (1..=99).for_each(|n| one.note(Ok(()), Duration::from_millis(n)));
        two.note(Ok(()), Duration::from_millis(1000));
        two.note(Err(anyhow::anyhow!("status 503")), Duration::ZERO);
        one.merge(two);
        one.elapsed = Duration::from_secs(4);
        assert_eq!((one.good, one.bad()), (100, 1));
        assert!((one.per_second() - 25.0).abs() < 1e-9);
        assert!((one.ms(50.0) - 50.0).abs() < 0.5, "{}", one.ms(50.0));
        assert!((one.ms(100.0) - 1000.0).abs() < 2.0, "{}", one.ms(100.0));
        assert!(one.flawless().unwrap_err().to_string().contains("status 503"));
    }

    #[test]
    fn waiting_for_a_busy_connection_counts() {
        // One connection, every unit takes longer than the distance between two: the later, the more it has waited.
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        let plan = Plan { address, connections: 1, pace: Pace::Open(1000.0), time: Duration::from_millis(40) };
        let outcome = run(&plan, |_, _| {
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_millis(10) {
                std::hint::spin_loop();
            }
            Ok(())
        });
        assert!(outcome.good >= 2 && outcome.latency.max() > 15_000, "{} {}", outcome.good, outcome.latency.max());
    }

    #[test]
    fn the_middle_and_the_scatter() {
        assert_eq!((median(&[]), median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0])), (0.0, 2.0, 2.5));
        let mut hits = [0; 10];
        (0..10_000).for_each(|n| hits[scatter(n, 10)] += 1);
        assert!(hits.iter().all(|h| (900..1100).contains(h)), "{hits:?}");
    }
}
