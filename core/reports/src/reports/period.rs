//! Which days a report is about, and with which it compares them: pure rules of the calendar.
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use contacts::Problems;
use kernel::Result;
use tasks::{day_of, day_start};

/// Most days that a report looks at: five years.
const MOST: i64 = 1830;
/// Up to so many days are drawn day by day, more are drawn month by month.
const BY_DAY: i64 = 62;

kernel::word! {
    /// Which days.
    pub enum ReportSpan {
        /// This month.
        #[default]
        ThisMonth = "this_month",
        /// The month before.
        LastMonth = "last_month",
        /// This quarter of the calendar year.
        ThisQuarter = "this_quarter",
        /// The quarter before.
        LastQuarter = "last_quarter",
        /// This calendar year.
        ThisYear = "this_year",
        /// The year before.
        LastYear = "last_year",
        /// Days that are said: `from` and `until`.
        Days = "days",
    }
}

kernel::word! {
    /// With what a period is compared.
    pub enum ReportCompare {
        /// With nothing.
        Nothing = "nothing",
        /// With the month, quarter or year before; with as many days before when days are said.
        #[default]
        Before = "before",
        /// With the same days a year before.
        YearBefore = "year_before",
    }
}

/// Some days, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// The first one.
    pub from: NaiveDate,
    /// The day after the last one.
    pub after: NaiveDate,
}

impl Window {
    /// The last day.
    pub fn until(&self) -> NaiveDate {
        self.after - Days::new(1)
    }
    /// How many days.
    pub fn days(&self) -> i64 {
        (self.after - self.from).num_days()
    }
    /// When it begins and when it is over.
    pub fn moments(&self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        (day_start(self.from, zone), day_start(self.after, zone))
    }
    /// Moved by whole months. What is not in a month (31 April) is its last day.
    fn back(&self, months: u32) -> Self {
        let back = |day: NaiveDate| day.checked_sub_months(Months::new(months)).unwrap_or(day);
        Window { from: back(self.from), after: back(self.after) }
    }
    /// Its days, or its months when there are many: each with the days of it that are in the window.
    pub fn slots(&self) -> Vec<Window> {
        let by_day = self.by_day();
        let mut slots = vec![];
        let mut from = self.from;
        while from < self.after {
            let next = if by_day { from + Days::new(1) } else { month_of(from) + Months::new(1) };
            let after = next.min(self.after);
            slots.push(Window { from, after });
            from = after;
        }
        slots
    }
    /// Whether it is drawn day by day.
    pub fn by_day(&self) -> bool {
        self.days() <= BY_DAY
    }
}

/// Which days are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    /// The days.
    pub window: Window,
    /// What they are compared with.
    pub before: Option<Window>,
    /// The zone whose days are meant.
    pub zone: Tz,
}

/// The first day of a month.
pub(crate) fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// So many whole months that begin with `first`.
pub(crate) fn months_from(first: NaiveDate, months: u32) -> Window {
    Window { from: first, after: first + Months::new(months) }
}

impl Period {
    /// What is asked for, seen from a moment. A period that is not over is compared with as much of the one before as has gone by.
    pub fn new(
        (span, from, until): (ReportSpan, Option<NaiveDate>, Option<NaiveDate>),
        compare: ReportCompare,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let today = day_of(now, zone);
        let month = month_of(today);
        let quarter = month - Months::new(month.month0() % 3);
        let year = month - Months::new(month.month0());
        let (window, months) = match span {
            ReportSpan::ThisMonth => (months_from(month, 1), 1),
            ReportSpan::LastMonth => (months_from(month - Months::new(1), 1), 1),
            ReportSpan::ThisQuarter => (months_from(quarter, 3), 3),
            ReportSpan::LastQuarter => (months_from(quarter - Months::new(3), 3), 3),
            ReportSpan::ThisYear => (months_from(year, 12), 12),
            ReportSpan::LastYear => (months_from(year - Months::new(12), 12), 12),
            ReportSpan::Days => (said(from, until)?, 0),
        };
        let before = match (compare, months) {
            (ReportCompare::Nothing, _) => None,
            (ReportCompare::YearBefore, _) => Some(window.back(12)),
            (ReportCompare::Before, 0) => {
                let days = Days::new(window.days().unsigned_abs());
                Some(Window { from: window.from - days, after: window.from })
            }
            (ReportCompare::Before, months) => Some(window.back(months)),
        };
        // As much of it as has gone by.
        let gone = (today + Days::new(1) - window.from).num_days();
        let running = (1..window.days()).contains(&gone);
        let shortened = |w: Window| Window { after: w.after.min(w.from + Days::new(gone.unsigned_abs())), ..w };
        Ok(Period { window, before: before.map(|w| if running { shortened(w) } else { w }), zone })
    }
}

fn said(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Result<Window> {
    let mut wrong = Problems::default();
    let (Some(from), Some(until)) = (from, until) else {
        for (field, day) in [("/from", from), ("/until", until)] {
            if day.is_none() {
                wrong.add(field, "required", "Days need a first and a last one.");
            }
        }
        wrong.check()?;
        return Err(kernel::Error::internal("a day is missing"));
    };
    for (field, day) in [("/from", from), ("/until", until)] {
        if !(1970..=9000).contains(&day.year()) {
            wrong.add(field, "date_range", "A day between 1970 and 9000.");
        }
    }
    if !(1..=MOST).contains(&((until - from).num_days() + 1)) {
        wrong.add("/until", "days_range", "1 to 1830 days, the first one first.");
    }
    wrong.check()?;
    Ok(Window { from, after: until + Days::new(1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(span: ReportSpan, compare: ReportCompare, zone: &str, now: &str) -> (String, String) {
        let period = Period::new((span, None, None), compare, zone.parse().unwrap(), now.parse().unwrap()).unwrap();
        let text = |w: Window| format!("{}..{}", w.from, w.until());
        (text(period.window), period.before.map(text).unwrap_or_default())
    }

    #[test]
    fn months_quarters_and_years_are_those_of_the_zone() {
        let now = "2026-10-31T23:30:00Z";
        let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        use {ReportCompare::*, ReportSpan::*};
        for (span, compare, zone, expected) in [
            (ThisMonth, Before, "Europe/Berlin", both("2026-11-01..2026-11-30", "2026-10-01..2026-10-01")),
            (ThisMonth, Before, "UTC", both("2026-10-01..2026-10-31", "2026-09-01..2026-09-30")),
            (LastMonth, Before, "Europe/Berlin", both("2026-10-01..2026-10-31", "2026-09-01..2026-09-30")),
            (LastMonth, YearBefore, "Europe/Berlin", both("2026-10-01..2026-10-31", "2025-10-01..2025-10-31")),
            (ThisQuarter, Before, "America/New_York", both("2026-10-01..2026-12-31", "2026-07-01..2026-07-31")),
            (LastQuarter, Nothing, "UTC", both("2026-07-01..2026-09-30", "")),
            (ThisYear, Before, "UTC", both("2026-01-01..2026-12-31", "2025-01-01..2025-10-31")),
            (LastYear, YearBefore, "UTC", both("2025-01-01..2025-12-31", "2024-01-01..2024-12-31")),
        ] {
            assert_eq!(period(span, compare, zone, now), expected, "{span:?} {zone}");
        }
    }

    #[test]
    fn days_that_are_said_are_compared_with_as_many() {
        let of = |from, until, compare| {
            let now = "2029-06-01T12:00:00Z".parse().unwrap();
            Period::new((ReportSpan::Days, Some(day(from)), Some(day(until))), compare, Tz::UTC, now)
                .unwrap()
                .before
                .unwrap()
        };
        let before = of("2026-03-10", "2026-03-12", ReportCompare::Before);
        assert_eq!((before.from, before.until()), (day("2026-03-07"), day("2026-03-09")));
        // A year back a leap day is there or not.
        let leap = of("2029-02-01", "2029-02-28", ReportCompare::YearBefore);
        assert_eq!((leap.from, leap.until()), (day("2028-02-01"), day("2028-02-29")));
        let none = of("2028-02-01", "2028-02-29", ReportCompare::YearBefore);
        assert_eq!((none.from, none.until()), (day("2027-02-01"), day("2027-02-28")));
        for (from, until) in [
            (None, None),
            (Some(day("2026-02-02")), Some(day("2026-02-01"))),
            (Some(day("0001-01-01")), Some(day("0001-01-02"))),
            (Some(day("2020-01-01")), Some(day("2026-01-01"))),
        ] {
            let now = "2029-06-01T12:00:00Z".parse().unwrap();
            assert!(
                Period::new((ReportSpan::Days, from, until), ReportCompare::Before, Tz::UTC, now).is_err(),
                "{from:?} {until:?}"
            );
        }
    }

    proptest! {
        /// Slots are the window, without gaps and overlaps, in every zone: each moment of it is in one.
        #[test]
        fn slots_cover_the_window(start in 0i64..20_000, days in 1i64..900, zone in 0usize..chrono_tz::TZ_VARIANTS.len()) {
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let from = day("1971-01-01") + Days::new(start.unsigned_abs());
            let window = Window { from, after: from + Days::new(days.unsigned_abs()) };
            let slots = window.slots();
            prop_assert_eq!(slots.first().map(|s| s.from), Some(window.from));
            prop_assert_eq!(slots.last().map(|s| s.after), Some(window.after));
            for pair in slots.windows(2) {
                prop_assert_eq!(pair[0].after, pair[1].from);
                prop_assert!(pair[0].moments(zone).1 <= pair[1].moments(zone).1);
            }
            for slot in &slots {
                prop_assert!(slot.from < slot.after);
                prop_assert!(days > BY_DAY || slot.days() == 1);
                prop_assert_eq!(month_of(slot.from), month_of(slot.until()));
            }
        }
    }
}
