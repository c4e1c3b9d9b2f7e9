//! How programs answered in the last hour, put together from what their processes wrote down.
use chrono::{DateTime, TimeDelta, Utc};
use kernel::http::traffic::percentile;
use poem_openapi::Object;
use std::collections::BTreeMap;

/// Minutes that are shown.
const MINUTES: usize = 60;
/// A process that wrote nothing for so many minutes is not there any more.
const QUIET_MINUTES: i64 = 3;

kernel::row! {
    /// What a process answered in one minute.
    #[derive(Debug, Clone)]
    pub struct Minute {
        /// When the minute began.
        pub minute: DateTime<Utc>,
        /// The program.
        pub program: String,
        /// Version, machine and process.
        pub instance: String,
        /// When the process started.
        pub started_at: DateTime<Utc>,
        /// Answers that are our fault.
        pub errors: i64,
        /// How many answers took how long.
        pub buckets: Vec<i64>,
    }
}

/// Requests of one minute.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq)]
pub struct TrafficMinute {
    /// How many were answered.
    pub requests: i64,
    /// How many of them with 500 or above.
    pub errors: i64,
}

/// A process that answers.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct RunningProcess {
    /// Machine and process id.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Since when it runs, UTC.
    pub started_at: DateTime<Utc>,
}

/// How a program answered in the last hour, all its processes together.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct ProgramTraffic {
    /// `core`, `embed-edge` or `admin-api`.
    pub program: String,
    /// Requests answered.
    pub requests: i64,
    /// How many of them with 500 or above.
    pub errors: i64,
    /// In how many seconds of the hour: the whole minutes in which the program ran, at least one.
    pub seconds: i64,
    /// Half of the answers took no longer, in microseconds; absent when there were none. What is said of times is at most
    /// a quarter off.
    pub p50_us: Option<i64>,
    /// 95 of 100 answers took no longer, in microseconds.
    pub p95_us: Option<i64>,
    /// 99 of 100 answers took no longer, in microseconds.
    pub p99_us: Option<i64>,
    /// Each of the sixty minutes before the present one, oldest first.
    pub minutes: Vec<TrafficMinute>,
    /// Processes that answer now, the longest running first.
    pub processes: Vec<RunningProcess>,
}

/// The hour that is shown: whole minutes, without the present one.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// When its first minute begins.
    pub from: DateTime<Utc>,
    /// When its last minute ends.
    pub to: DateTime<Utc>,
}

impl Window {
    /// The hour before a moment.
    pub fn before(now: DateTime<Utc>) -> Self {
        let to = now - TimeDelta::microseconds(now.timestamp_micros().rem_euclid(60_000_000));
        Window { from: to - TimeDelta::minutes(MINUTES as i64), to }
    }

    /// The programs that wrote something down in the hour, by name.
    pub fn of(self, rows: Vec<Minute>) -> Vec<ProgramTraffic> {
        let mut programs = BTreeMap::<String, Vec<Minute>>::new();
        for row in rows {
            programs.entry(row.program.clone()).or_default().push(row);
        }
        programs.into_iter().map(|(program, rows)| self.one(program, &rows)).collect()
    }

    fn one(self, program: String, rows: &[Minute]) -> ProgramTraffic {
        let mut minutes = vec![TrafficMinute::default(); MINUTES];
        let mut buckets = vec![];
        let mut running = BTreeMap::new();
        let mut there = [false; MINUTES];
        for row in rows {
            let place = usize::try_from((row.minute - self.from).num_minutes()).unwrap_or(0).min(MINUTES - 1);
            there[place] = true;
            minutes[place].requests += row.buckets.iter().sum::<i64>();
            minutes[place].errors += row.errors;
            // Another version may tell more durations apart.
            buckets.resize(buckets.len().max(row.buckets.len()), 0);
            buckets.iter_mut().zip(&row.buckets).for_each(|(sum, count)| *sum += count);
            if row.minute >= self.to - TimeDelta::minutes(QUIET_MINUTES) {
                running.insert(row.instance.clone(), row.started_at);
            }
        }
        let took = |share| percentile(&buckets, share).and_then(|micros| i64::try_from(micros).ok());
        ProgramTraffic {
            program,
            requests: minutes.iter().map(|minute| minute.requests).sum(),
            errors: minutes.iter().map(|minute| minute.errors).sum(),
            seconds: 60 * (there.iter().filter(|there| **there).count().max(1) as i64),
            p50_us: took(0.5),
            p95_us: took(0.95),
            p99_us: took(0.99),
            minutes,
            processes: processes(running),
        }
    }
}

fn processes(running: BTreeMap<String, DateTime<Utc>>) -> Vec<RunningProcess> {
    let one = |(instance, started_at): (String, DateTime<Utc>)| {
        let (version, name) = instance.split_once(' ').unwrap_or(("", &instance));
        RunningProcess { name: name.to_owned(), version: version.to_owned(), started_at }
    };
    let mut all: Vec<_> = running.into_iter().map(one).collect();
    all.sort_by(|a, b| (a.started_at, &a.name).cmp(&(b.started_at, &b.name)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::http::traffic::BUCKETS;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-11-20T12:00:31Z".parse().unwrap()
    }

    fn row(minutes_ago: i64, program: &str, instance: &str, (bucket, count, errors): (usize, i64, i64)) -> Minute {
        let mut buckets = vec![0; BUCKETS];
        buckets[bucket] = count;
        let minute = Window::before(now()).to - TimeDelta::minutes(minutes_ago);
        let started_at = now() - TimeDelta::days(1);
        Minute { minute, program: program.into(), instance: instance.into(), started_at, errors, buckets }
    }

    proptest! {
        #[test]
        fn every_request_is_in_one_minute(rows in proptest::collection::vec((1..61_i64, 0..3_usize, 0..BUCKETS, 0..900_i64), 0..80)) {
            let written = rows.iter().map(|(ago, process, bucket, count)| row(*ago, "core", &format!("1 a:{process}"), (*bucket, *count, count / 7)));
            let found = Window::before(now()).of(written.collect());
            prop_assert_eq!(found.len(), usize::from(!rows.is_empty()));
            for program in found {
                prop_assert_eq!(program.requests, rows.iter().map(|r| r.3).sum::<i64>());
                prop_assert_eq!(program.errors, rows.iter().map(|r| r.3 / 7).sum::<i64>());
                prop_assert_eq!(program.minutes.len(), MINUTES);
                for (place, minute) in program.minutes.iter().enumerate() {
                    let ago = (MINUTES - place) as i64;
                    prop_assert_eq!(minute.requests, rows.iter().filter(|r| r.0 == ago).map(|r| r.3).sum::<i64>());
                }
                prop_assert!(program.p50_us <= program.p95_us && program.p95_us <= program.p99_us);
                prop_assert_eq!(program.p50_us.is_some(), program.requests > 0);
            }
        }
    }

    #[test]
    fn processes_of_a_program_count_together_and_those_that_ended_are_not_named() {
        let rows = vec![
            row(1, "core", "1.2 a:1", (9, 90, 0)),
            row(1, "core", "1.2 b:1", (30, 30, 3)),
            row(50, "core", "1.1 c:7", (9, 0, 0)),
            row(1, "admin-api", "1.2 a:2", (9, 0, 0)),
        ];
        let found = Window::before(now()).of(rows);
        let (admin, core) = (&found[0], &found[1]);
        assert_eq!((admin.program.as_str(), admin.requests, admin.p50_us), ("admin-api", 0, None));
        assert_eq!((core.requests, core.errors, core.seconds), (120, 3, 120), "two minutes, not sixty");
        assert_eq!(core.processes.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["a:1", "b:1"]);
        assert!(core.p50_us < core.p95_us);
    }
}
