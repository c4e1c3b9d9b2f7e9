//! What a board of tasks shows.
use crate::tasks::{Task, day_of, day_start, zone_of};
use chrono::{DateTime, Days, NaiveDate, Utc};
use poem_openapi::Object;

/// Cards of a column.
pub(super) const CARDS: u32 = 50;

/// A column of a board.
#[derive(Object, Debug, Clone, Default)]
pub struct TaskColumn {
    /// How many tasks there are; 1000 means 1000 or more.
    pub count: i64,
    /// The first 50 of them, what comes up first on top. The others are in the list, sorted by `due`.
    pub tasks: Vec<Task>,
}

/// Open tasks by when they come up.
#[derive(Object, Debug, Clone)]
pub struct TaskBoard {
    /// The time zone whose days are meant.
    pub zone: String,
    /// The day it is there.
    pub today: NaiveDate,
    /// What should be done by now.
    pub overdue: TaskColumn,
    /// What comes up in the rest of today.
    pub today_tasks: TaskColumn,
    /// What comes up in the seven days after today.
    pub week: TaskColumn,
    /// What comes up after them.
    pub later: TaskColumn,
    /// What has no day.
    pub undated: TaskColumn,
}

/// How many open tasks there are, by when they come up; 1000 means 1000 or more.
#[derive(Object, Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskCounts {
    /// What should be done by now.
    pub overdue: i64,
    /// What comes up in the rest of today.
    pub today: i64,
    /// What comes up in the seven days after today.
    pub week: i64,
}

/// The moments between columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    pub tomorrow: DateTime<Utc>,
    pub week_end: DateTime<Utc>,
}

impl Bounds {
    /// The days of a zone around a moment.
    pub fn new(now: DateTime<Utc>, zone: &str) -> Self {
        let zone = zone_of(zone);
        let today = day_of(now, zone);
        let start = |days| day_start(today + Days::new(days), zone);
        Bounds { now, today, tomorrow: start(1), week_end: start(8) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_zone() {
        let now: DateTime<Utc> = "2026-10-24T22:30:00Z".parse().unwrap();
        let berlin = Bounds::new(now, "Europe/Berlin");
        // It is the 25th there, a day of 25 hours.
        assert_eq!(berlin.today.to_string(), "2026-10-25");
        assert_eq!(berlin.tomorrow.to_rfc3339(), "2026-10-25T23:00:00+00:00");
        assert_eq!(berlin.week_end.to_rfc3339(), "2026-11-01T23:00:00+00:00");
        assert_eq!(Bounds::new(now, "UTC").today.to_string(), "2026-10-24");
    }
}
