//! In how many minutes programs were there, from the signs that their processes leave at the end of each.
use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Object;
use std::collections::BTreeMap;

/// The spans that are told, in hours: a day, a week, a month.
const SPANS: [i64; 3] = [24, 7 * 24, 30 * 24];

kernel::row! {
    /// In which minutes of an hour a program was there.
    #[derive(Debug, Clone)]
    pub struct Hour {
        /// When the hour began.
        pub hour: DateTime<Utc>,
        /// The program.
        pub program: String,
        /// A bit for each minute, the first minute the lowest.
        pub minutes: i64,
    }
}

/// How much of a span a program was there.
#[derive(Object, Debug, Clone, Copy, PartialEq, Eq)]
pub struct UptimeSpan {
    /// Length of the span in hours, ending a minute or two ago.
    pub hours: i64,
    /// Minutes of it that are known: all, unless the program came later than the span began.
    pub minutes: i64,
    /// In how many of them at least one process was there. What could not be written down, because the database was away,
    /// counts as not there.
    pub up: i64,
}

/// How steadily a program was there, all its processes together.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct ProgramUptime {
    /// `core`, `embed-edge` or `admin-api`.
    pub program: String,
    /// The first minute that is known of it, UTC; at most thirty days ago.
    pub since: DateTime<Utc>,
    /// The last 24 hours, 7 days and 30 days, in this order.
    pub spans: Vec<UptimeSpan>,
}

/// What can be told at a moment: the minute that just ended may still be on its way.
#[derive(Debug, Clone, Copy)]
pub struct Until(DateTime<Utc>);

impl Until {
    /// The end of what can be told.
    pub fn before(now: DateTime<Utc>) -> Self {
        let last = now - TimeDelta::minutes(1);
        Until(last - TimeDelta::microseconds(last.timestamp_micros().rem_euclid(60_000_000)))
    }

    /// The first hour that is asked for.
    pub fn from(self) -> DateTime<Utc> {
        self.0 - TimeDelta::hours(SPANS[2] + 1)
    }

    /// The programs that left signs, by name.
    pub fn of(self, rows: &[Hour]) -> Vec<ProgramUptime> {
        let mut programs = BTreeMap::<&str, Vec<DateTime<Utc>>>::new();
        for row in rows {
            let bits = (0..60).filter(|bit| row.minutes >> bit & 1 == 1);
            let minutes = bits.map(|bit| row.hour + TimeDelta::minutes(bit)).filter(|at| *at < self.0);
            programs.entry(&row.program).or_default().extend(minutes);
        }
        programs.into_iter().filter_map(|(program, minutes)| self.one(program, &minutes)).collect()
    }

    fn one(self, program: &str, minutes: &[DateTime<Utc>]) -> Option<ProgramUptime> {
        let begin = |hours| self.0 - TimeDelta::hours(hours);
        let since = minutes.iter().copied().filter(|at| *at >= begin(SPANS[2])).min()?;
        let span = |hours| {
            let from = begin(hours).max(since);
            let up = minutes.iter().filter(|at| **at >= from).count();
            UptimeSpan { hours, minutes: (self.0 - from).num_minutes(), up: i64::try_from(up).unwrap_or(i64::MAX) }
        };
        Some(ProgramUptime { program: program.to_owned(), since, spans: SPANS.map(span).to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn now() -> DateTime<Utc> {
        "2026-11-20T12:00:31Z".parse().unwrap()
    }

    /// Hours as they are kept, of minutes before the end of what can be told.
    fn kept(program: &str, ago: impl IntoIterator<Item = i64>) -> Vec<Hour> {
        let mut hours = BTreeMap::<DateTime<Utc>, i64>::new();
        for ago in ago {
            let at = Until::before(now()).0 - TimeDelta::minutes(ago);
            let hour = at - TimeDelta::seconds(at.timestamp().rem_euclid(3600));
            *hours.entry(hour).or_default() |= 1 << (at - hour).num_minutes();
        }
        hours.into_iter().map(|(hour, minutes)| Hour { hour, program: program.into(), minutes }).collect()
    }

    #[test]
    fn a_program_that_came_lately_is_measured_since_then() {
        // Five minutes there, ten away, ten there; the minute that just ended is not asked for.
        let mut rows = kept("core", (21..=25).chain(0..=10));
        rows.extend(kept("admin-api", 1..=60));
        rows.sort_by(|a, b| a.program.cmp(&b.program));
        let found = Until::before(now()).of(&rows);
        assert_eq!(found.iter().map(|p| p.program.as_str()).collect::<Vec<_>>(), ["admin-api", "core"]);
        assert!(found[0].spans.iter().all(|span| (span.minutes, span.up) == (60, 60)));
        assert_eq!(found[1].since, "2026-11-20T11:34:00Z".parse::<DateTime<Utc>>().unwrap());
        assert!(found[1].spans.iter().all(|span| (span.minutes, span.up) == (25, 15)));
        assert_eq!(Until::before(now()).of(&[]), []);
    }

    proptest! {
        #[test]
        fn minutes_are_counted_one_by_one(ago in proptest::collection::btree_set(1..50_000_i64, 1..200)) {
            let found = Until::before(now()).of(&kept("core", ago.iter().copied()));
            let month = SPANS[2] * 60;
            let known: BTreeSet<i64> = ago.into_iter().filter(|ago| *ago <= month).collect();
            prop_assert_eq!(found.len(), usize::from(!known.is_empty()));
            for ProgramUptime { spans, .. } in found {
                let oldest = *known.last().unwrap();
                for UptimeSpan { hours, minutes, up } in spans {
                    prop_assert_eq!(minutes, oldest.min(hours * 60));
                    prop_assert_eq!(up, known.iter().filter(|ago| **ago <= hours * 60).count() as i64);
                    prop_assert!(up <= minutes);
                }
            }
        }
    }
}
