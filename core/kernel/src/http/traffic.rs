//! How many requests a process answers, how quickly, and how many it fails. A request costs two additions; once a minute
//! the process writes down what is new, so that the administration sees all processes without asking them. That it wrote,
//! also when nobody asked it anything, is the sign that its program was there in that minute.
use crate::{Result, db::Sql, module::App, sql, telemetry};
use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;

/// Below 2⁸ µs everything is as quick as anybody can tell.
const FIRST: u32 = 8;
/// From 2²⁶ µs, more than a minute, everything is as slow.
const LAST: u32 = 26;
/// Parts of each doubling: what is said of a duration is at most a quarter off.
const PARTS: usize = 4;
/// Buckets of durations: those between, and the two ends.
pub const BUCKETS: usize = (LAST - FIRST) as usize * PARTS + 2;
/// Days for which minutes are kept.
const KEPT_DAYS: i64 = 3;
/// Days for which it is kept in which minutes a program was there.
const KEPT_SIGNS_DAYS: i64 = 31;
const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

/// The bucket of a duration in microseconds.
fn bucket(micros: u64) -> usize {
    if micros < 1 << FIRST {
        return 0;
    }
    if micros >= 1 << LAST {
        return BUCKETS - 1;
    }
    let doubling = micros.ilog2();
    // The two bits after the leading one.
    let part = (micros >> (doubling - 2)) as usize % PARTS;
    1 + (doubling - FIRST) as usize * PARTS + part
}

/// Where a bucket begins and ends, in microseconds. The last one has no end.
fn bounds(bucket: usize) -> (u64, u64) {
    match bucket {
        0 => (0, 1 << FIRST),
        b if b >= BUCKETS - 1 => (1 << LAST, 1 << LAST),
        b => {
            let (doubling, part) = ((b - 1) / PARTS, ((b - 1) % PARTS) as u64);
            let step = 1 << (doubling + FIRST as usize - 2);
            let from = (PARTS as u64 + part) * step;
            (from, from + step)
        }
    }
}

/// The duration, in microseconds, that a share of the requests did not exceed: 0.95 for the 95th percentile. It lies in the
/// bucket of the right one. None when there were no requests.
pub fn percentile(buckets: &[i64], share: f64) -> Option<u64> {
    let total: i64 = buckets.iter().sum();
    if total <= 0 {
        return None;
    }
    let rank = ((total as f64 * share).ceil() as i64).clamp(1, total);
    let mut before = 0;
    for (place, count) in buckets.iter().enumerate() {
        if before + count >= rank {
            let (from, to) = bounds(place);
            let along = (rank - before) as f64 / *count as f64;
            return Some(from + ((to - from) as f64 * along) as u64);
        }
        before += count;
    }
    None
}

/// What was counted up to some moment, or between two.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counts {
    /// Answers that are our fault: 500 and above.
    errors: i64,
    buckets: Vec<i64>,
}

impl Counts {
    /// What came since an earlier moment.
    fn since(&self, earlier: &Counts) -> Counts {
        let buckets = self.buckets.iter().zip(&earlier.buckets).map(|(now, then)| now - then).collect();
        Counts { errors: self.errors - earlier.errors, buckets }
    }
}

/// What a process answered since it last told, under the minute in which that was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Object)]
#[oai(rename = "AnsweredMinute")]
pub struct Answered {
    /// When the minute began, UTC.
    pub minute: DateTime<Utc>,
    /// Version, machine and process.
    pub instance: String,
    /// When the process started, UTC.
    pub started_at: DateTime<Utc>,
    /// Answers with 500 or above.
    pub errors: i64,
    /// How many answers took how long.
    pub buckets: Vec<i64>,
}

/// What a process answered since it started.
pub struct Traffic {
    started_at: DateTime<Utc>,
    errors: AtomicU64,
    buckets: [AtomicU64; BUCKETS],
    /// Up to when, and up to what, it was written down.
    written: Mutex<(DateTime<Utc>, Counts)>,
}

impl Traffic {
    /// Nothing yet.
    pub fn new(now: DateTime<Utc>) -> Self {
        Traffic {
            started_at: now,
            errors: AtomicU64::new(0),
            buckets: [const { AtomicU64::new(0) }; BUCKETS],
            written: Mutex::new((now, Counts { errors: 0, buckets: vec![0; BUCKETS] })),
        }
    }

    /// Counts one answer.
    pub fn note(&self, status: u16, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.buckets[bucket(micros)].fetch_add(1, Ordering::Relaxed);
        if status >= 500 {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What came since the last time; whoever takes it tells it, until somebody has heard it.
    pub async fn take(&self, now: DateTime<Utc>) -> Answered {
        let mut written = self.written.lock().await;
        let counts = self.counts();
        let new = self.since(&written, &counts);
        *written = (now, counts);
        new
    }

    fn since(&self, (at, then): &(DateTime<Utc>, Counts), now: &Counts) -> Answered {
        let Counts { errors, buckets } = now.since(then);
        let instance = telemetry::instance().to_owned();
        Answered { minute: floor(*at, MINUTE), instance, started_at: self.started_at, errors, buckets }
    }

    fn counts(&self) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed).cast_signed();
        Counts { errors: read(&self.errors), buckets: self.buckets.iter().map(read).collect() }
    }
}

/// The last moment of this grid, in microseconds, that is not after another.
fn floor(at: DateTime<Utc>, grid: i64) -> DateTime<Utc> {
    at - TimeDelta::microseconds(at.timestamp_micros().rem_euclid(grid))
}

/// How long it takes until the next minute begins.
pub fn until_next_minute(now: DateTime<Utc>) -> Duration {
    let left = 60_000 - now.timestamp_millis().rem_euclid(60_000);
    Duration::from_millis(left.unsigned_abs())
}

/// Writes down what a program answered since the last time, under the minute in which that was. What could not be written
/// comes with the next time.
pub async fn write(app: &Arc<App>, program: &str) -> Result<()> {
    let mut written = app.traffic.written.lock().await;
    let (now, counts) = (app.clock.now(), app.traffic.counts());
    keep(app, program, &[app.traffic.since(&written, &counts)], true).await?;
    *written = (now, counts);
    Ok(())
}

/// Writes down what other processes tell of themselves. What a process tells of a minute it tells whole: when it comes
/// again, because the answer to it was lost, nothing changes.
pub async fn write_told(app: &Arc<App>, program: &str, told: &[Answered]) -> Result<()> {
    keep(app, program, told, false).await
}

/// Adds minutes; with `more` also to what the same process wrote of the same minute before.
async fn keep(app: &Arc<App>, program: &str, minutes: &[Answered], more: bool) -> Result<()> {
    const ADD: Sql = sql!(
        "insert into ops.traffic as t (minute, program, instance, started_at, errors, buckets) values ($1, $2, $3, $4, $5, $6)
         on conflict (minute, program, instance) do update set started_at = excluded.started_at, errors = t.errors + excluded.errors,
           buckets = (select array_agg(coalesce(b.old, 0) + coalesce(b.new, 0) order by b.place)
             from unnest(t.buckets, excluded.buckets) with ordinality as b(old, new, place))
         where $7::boolean or t.started_at <> excluded.started_at"
    );
    // A bit for each minute of the hour.
    const SIGN: Sql = sql!(
        "insert into ops.signs_of_life as s (hour, program, minutes) values ($1, $2, $3)
         on conflict (hour, program) do update set minutes = s.minutes | excluded.minutes"
    );
    const FORGET: Sql = sql!("delete from ops.traffic where minute < $1");
    const FORGET_SIGNS: Sql = sql!("delete from ops.signs_of_life where hour < $1");
    let now = app.clock.now();
    app.ops(async |ops| {
        for Answered { minute, instance, started_at, errors, buckets } in minutes {
            let minute = floor(*minute, MINUTE);
            ops.exec(ADD, &[&minute, &program, instance, started_at, errors, buckets, &more]).await?;
            let hour = floor(minute, HOUR);
            ops.exec(SIGN, &[&hour, &program, &(1_i64 << (minute - hour).num_minutes())]).await?;
        }
        ops.exec(FORGET, &[&(now - TimeDelta::days(KEPT_DAYS))]).await?;
        ops.exec(FORGET_SIGNS, &[&(now - TimeDelta::days(KEPT_SIGNS_DAYS))]).await
    })
    .await
    .map(drop)
}

/// Writes at the end of every minute, and once more when the program stops.
pub async fn write_forever(app: Arc<App>, program: &'static str) {
    let mut stopped = false;
    while !stopped {
        tokio::select! {
            () = app.stop.cancelled() => stopped = true,
            () = tokio::time::sleep(until_next_minute(app.clock.now())) => {}
        }
        if let Err(error) = write(&app, program).await {
            tracing::warn!(%error, "figures of this minute wait");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Durations of all sizes, as they are met.
    fn durations() -> impl Strategy<Value = Vec<u64>> {
        let one = prop_oneof![0..2_000_u64, 0..200_000_u64, 0..90_000_000_u64, Just(1 << FIRST), Just((1 << LAST) - 1)];
        proptest::collection::vec(one, 1..300)
    }

    proptest! {
        #[test]
        fn a_duration_lies_in_its_bucket(micros in prop_oneof![0..100_000_u64, any::<u64>()]) {
            let place = bucket(micros);
            let (from, to) = bounds(place);
            prop_assert!(from <= micros && (micros < to || place == BUCKETS - 1));
            prop_assert!(place == 0 || place == BUCKETS - 1 || (to - from) * PARTS as u64 <= from);
            prop_assert!(place == BUCKETS - 1 || bounds(place + 1).0 == to, "no gap");
        }

        #[test]
        fn a_percentile_is_in_the_bucket_of_the_right_one(all in durations(), share in 0.0..=1.0_f64) {
            let mut buckets = vec![0; BUCKETS];
            all.iter().for_each(|micros| buckets[bucket(*micros)] += 1);
            let mut sorted = all.clone();
            sorted.sort_unstable();
            let rank = ((all.len() as f64 * share).ceil() as usize).clamp(1, all.len());
            let (from, to) = bounds(bucket(sorted[rank - 1]));
            let said = percentile(&buckets, share).expect("there are requests");
            prop_assert!((from..=to).contains(&said), "{said} is not in {from}..={to}");
        }

        #[test]
        fn what_is_written_adds_up_to_what_was_answered(turns in proptest::collection::vec(durations(), 1..6)) {
            let traffic = Traffic::new(DateTime::UNIX_EPOCH);
            let mut last = traffic.counts();
            let mut sums = Counts { errors: 0, buckets: vec![0; BUCKETS] };
            for turn in &turns {
                turn.iter().for_each(|micros| traffic.note(if micros % 3 == 0 { 503 } else { 404 }, Duration::from_micros(*micros)));
                let counts = traffic.counts();
                let new = counts.since(&last);
                prop_assert_eq!(new.buckets.iter().sum::<i64>(), turn.len() as i64);
                prop_assert_eq!(new.errors, turn.iter().filter(|micros| *micros % 3 == 0).count() as i64);
                sums.errors += new.errors;
                sums.buckets.iter_mut().zip(&new.buckets).for_each(|(sum, n)| *sum += n);
                last = counts;
            }
            prop_assert_eq!(sums, traffic.counts());
        }
    }

    #[tokio::test]
    async fn what_was_taken_is_not_taken_again_and_belongs_to_the_minute_before() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let traffic = Traffic::new(at("2026-11-20T12:00:31.5Z"));
        traffic.note(200, Duration::from_millis(3));
        traffic.note(503, Duration::from_millis(9));
        let first = traffic.take(at("2026-11-20T12:01:00.002Z")).await;
        assert_eq!((first.minute, first.started_at), (at("2026-11-20T12:00:00Z"), at("2026-11-20T12:00:31.5Z")));
        assert_eq!((first.errors, first.buckets.iter().sum::<i64>()), (1, 2));
        traffic.note(404, Duration::from_secs(1));
        let second = traffic.take(at("2026-11-20T12:02:00Z")).await;
        assert_eq!((second.minute, second.errors), (at("2026-11-20T12:01:00Z"), 0));
        assert_eq!(second.buckets.iter().sum::<i64>(), 1);
        let told = serde_json::to_string(&second).expect("text");
        assert_eq!(serde_json::from_str::<Answered>(&told).expect("the same"), second);
    }

    #[test]
    fn without_requests_nothing_is_said() {
        assert_eq!(percentile(&vec![0; BUCKETS], 0.5), None);
        let mut one = vec![0; BUCKETS];
        one[BUCKETS - 1] = 1;
        assert_eq!(percentile(&one, 0.99), Some(1 << LAST), "as slow as is told apart");
    }
}
