//! Figures of what was due in some days.
use crate::tasks::{day_of, day_start, zone_of};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use contacts::Problems;
use kernel::{Result, ids::UserId, row};
use poem_openapi::Object;

/// Days that are looked at when none are said, and most of them.
const USUAL: u64 = 30;
const MOST: i64 = 366;

row! {
    /// What became of a member's tasks that were due.
    #[derive(Debug, Clone, Default)]
    pub(super) struct Row {
        pub member: Option<UserId>,
        pub in_time: i64,
        pub late: i64,
        pub skipped: i64,
        pub overdue: i64,
        pub withdrawn: i64,
    }
}

/// What became of tasks that were due. Those that are open and not due yet count nowhere.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq)]
#[oai(skip_serializing_if_is_none)]
pub struct CompletionFigures {
    /// Done until they were due.
    pub in_time: i64,
    /// Done later.
    pub late: i64,
    /// Left out by somebody.
    pub skipped: i64,
    /// Open, and should be done by now.
    pub overdue: i64,
    /// Left out by a follow-up that was no longer needed; they count neither way.
    pub withdrawn: i64,
    /// Hundredths of a percent of what was due that was done, in time or late: 9050 is 90.5 %. Absent when nothing was.
    pub rate: Option<i64>,
}

impl CompletionFigures {
    /// The sum of several, with its rate.
    pub(super) fn sum<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Self {
        let mut sum = CompletionFigures::default();
        for row in rows {
            sum.in_time += row.in_time;
            sum.late += row.late;
            sum.skipped += row.skipped;
            sum.overdue += row.overdue;
            sum.withdrawn += row.withdrawn;
        }
        let done = sum.in_time + sum.late;
        let due = done + sum.skipped + sum.overdue;
        sum.rate = (due > 0).then(|| (done * 10_000 + due / 2) / due);
        sum
    }
}

/// The figures of a member, and those of the days before.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct MemberCompletion {
    /// The member who does them; absent for tasks of nobody.
    pub member: Option<UserId>,
    /// What was due in these days.
    pub figures: CompletionFigures,
    /// What was due in as many days before.
    pub before: CompletionFigures,
}

/// What became of tasks that were due in some days, compared with as many days before.
#[derive(Object, Debug, Clone)]
pub struct TaskCompletion {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// The zone whose days are meant.
    pub zone: String,
    /// When the first day begins, UTC: these tasks are in the list by `due_at:gte`.
    pub starts_at: DateTime<Utc>,
    /// When the last day has ended, UTC: and by `due_at:lt`.
    pub ends_at: DateTime<Utc>,
    /// Open tasks that were due before this moment are overdue, UTC.
    pub as_of: DateTime<Utc>,
    /// Of everybody whose tasks the caller sees.
    pub total: CompletionFigures,
    /// The same, as many days before.
    pub before: CompletionFigures,
    /// Of each member, those with most tasks first.
    pub members: Vec<MemberCompletion>,
}

/// Days that are looked at, and those before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub zone: String,
    /// When the days before begin, when the days begin, when they end.
    pub moments: [DateTime<Utc>; 3],
}

impl Period {
    /// These days; the last thirty when none are said.
    pub fn new(from: Option<NaiveDate>, until: Option<NaiveDate>, zone: &str, now: DateTime<Utc>) -> Result<Self> {
        let tz = zone_of(zone);
        let until = until.unwrap_or_else(|| day_of(now, tz));
        let mut wrong = Problems::default();
        if !(1970..=9000).contains(&until.year()) {
            wrong.add("/until", "date_range", "A day between 1970 and 9000.");
        }
        let from = from.or_else(|| until.checked_sub_days(Days::new(USUAL - 1))).unwrap_or(until);
        let days = (until - from).num_days() + 1;
        if !(1..=MOST).contains(&days) {
            wrong.add("/from", "days_range", "1 to 366 days, the first one first.");
        }
        // Before anything is counted: days at the ends of the calendar have none before them.
        wrong.check()?;
        let start = |day| day_start(day, tz);
        let moments = [start(from - TimeDelta::days(days)), start(from), start(until + Days::new(1))];
        Ok(Period { from, until, zone: zone.to_owned(), moments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_before_are_as_many() {
        let now = "2026-11-20T23:30:00Z".parse().unwrap();
        let day = |text: &str| Some(text.parse().unwrap());
        let usual = Period::new(None, None, "Europe/Berlin", now).unwrap();
        assert_eq!((usual.from.to_string(), usual.until.to_string()), ("2026-10-23".into(), "2026-11-21".into()));
        let two = Period::new(day("2026-10-25"), day("2026-10-26"), "Europe/Berlin", now).unwrap();
        assert_eq!(
            two.moments.map(|at| at.to_rfc3339()),
            ["2026-10-22T22:00:00+00:00", "2026-10-24T22:00:00+00:00", "2026-10-26T23:00:00+00:00"]
        );
        for (from, until) in [("2026-10-26", "2026-10-25"), ("2025-01-01", "2026-10-25"), ("0001-01-01", "0001-01-02")]
        {
            assert!(Period::new(day(from), day(until), "UTC", now).is_err(), "{from}");
        }
    }

    proptest! {
        #[test]
        fn a_rate_is_a_share(in_time in 0i64..1000, late in 0i64..1000, skipped in 0i64..1000, overdue in 0i64..1000) {
            let row = Row { in_time, late, skipped, overdue, withdrawn: 5, member: None };
            let sum = CompletionFigures::sum([&row]);
            match sum.rate {
                None => prop_assert_eq!(in_time + late + skipped + overdue, 0),
                Some(rate) => {
                    // The nearest hundredth of a percent.
                    let (done, due) = (in_time + late, in_time + late + skipped + overdue);
                    prop_assert!((rate * due - done * 10_000).abs() * 2 <= due);
                }
            }
        }
    }
}
