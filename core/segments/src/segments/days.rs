//! Which days a date is compared with: pure rules of the calendar. Days are those of the tenant's time zone.
use super::model::Operator;
use chrono::{Datelike, Days, Months, NaiveDate};

/// Days from one on, up to but without another one; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// What a date is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// The same days whenever it is asked.
    Fixed(Span),
    /// So many days back, today included.
    Last(u32),
    /// So many days ahead, today included.
    Next(u32),
    /// Longer ago.
    Older(u32),
    /// Further ahead.
    Beyond(u32),
    /// The day, week (from Monday, ISO 8601), month or year that it is, or the month before or after.
    Today,
    Week,
    Month,
    MonthBefore,
    MonthAfter,
    Year,
}

/// Farthest that a number of days may reach: a hundred years.
pub(crate) const MOST_DAYS: u32 = 36_525;
/// Years of days that can be said. The database knows fewer than the calendar here: one that it refuses would stop all segments.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9998;

impl Said {
    /// Reads an operator with its values; `None` when they do not fit.
    pub fn read(op: Operator, values: &[String]) -> Option<Said> {
        let day = |at: usize| {
            let day = values.get(at).and_then(|text| text.parse::<NaiveDate>().ok());
            day.filter(|day| YEARS.contains(&day.year()))
        };
        let after = |day: NaiveDate| day.checked_add_days(Days::new(1));
        let count = || values[..].first().and_then(|text| text.parse::<u32>().ok()).filter(|n| *n <= MOST_DAYS);
        let wanted = match op {
            Operator::Between => 2,
            Operator::On | Operator::Before | Operator::After => 1,
            Operator::InLastDays | Operator::InNextDays | Operator::MoreThanDaysAgo | Operator::MoreThanDaysAhead => 1,
            _ => 0,
        };
        if values.len() != wanted {
            return None;
        }
        Some(match op {
            Operator::On => Said::Fixed(Span { from: Some(day(0)?), to: Some(after(day(0)?)?) }),
            Operator::Before => Said::Fixed(Span { from: None, to: Some(day(0)?) }),
            Operator::After => Said::Fixed(Span { from: Some(after(day(0)?)?), to: None }),
            Operator::Between => Said::Fixed(Span { from: Some(day(0)?), to: Some(after(day(1)?)?) }),
            Operator::InLastDays => Said::Last(count()?),
            Operator::InNextDays => Said::Next(count()?),
            Operator::MoreThanDaysAgo => Said::Older(count()?),
            Operator::MoreThanDaysAhead => Said::Beyond(count()?),
            Operator::Today => Said::Today,
            Operator::ThisWeek => Said::Week,
            Operator::ThisMonth => Said::Month,
            Operator::LastMonth => Said::MonthBefore,
            Operator::NextMonth => Said::MonthAfter,
            Operator::ThisYear => Said::Year,
            _ => return None,
        })
    }

    /// Whether other days are meant tomorrow.
    pub fn moves(self) -> bool {
        !matches!(self, Said::Fixed(_))
    }

    /// The days that are meant today.
    pub fn span(self, today: NaiveDate) -> Span {
        let back = |days: u32| today.checked_sub_days(Days::new(days.into()));
        let ahead = |days: u32| today.checked_add_days(Days::new(days.into()));
        let month = today.with_day(1).unwrap_or(today);
        let later = |months: u32| month.checked_add_months(Months::new(months));
        let (from, to) = match self {
            Said::Fixed(span) => return span,
            Said::Last(days) => (back(days), ahead(1)),
            Said::Next(days) => (Some(today), ahead(days + 1)),
            Said::Older(days) => (None, back(days)),
            Said::Beyond(days) => (ahead(days + 1), None),
            Said::Today => (Some(today), ahead(1)),
            Said::Week => {
                let monday = back(today.weekday().num_days_from_monday());
                (monday, monday.and_then(|day| day.checked_add_days(Days::new(7))))
            }
            Said::Month => (Some(month), later(1)),
            Said::MonthBefore => (month.checked_sub_months(Months::new(1)), Some(month)),
            Said::MonthAfter => (later(1), later(2)),
            Said::Year => {
                let january = NaiveDate::from_ymd_opt(today.year(), 1, 1);
                (january, NaiveDate::from_ymd_opt(today.year() + 1, 1, 1))
            }
        };
        Span { from, to }
    }

    /// The days that are meant, one by one, for dates that come every year: at most a year of them.
    pub fn days(self, today: NaiveDate) -> Vec<NaiveDate> {
        let span = self.span(today);
        let from = span.from.unwrap_or(today);
        from.iter_days().take(366).take_while(|day| span.to.is_none_or(|to| *day < to)).collect()
    }
}

/// Where what was asked at one time and what is asked at another one differ: the ends that moved.
pub(crate) fn moved<T: Ord + Copy>(old: (Option<T>, Option<T>), new: (Option<T>, Option<T>)) -> Vec<(T, T)> {
    let ends = [(old.0, new.0), (old.1, new.1)];
    let passed = ends.into_iter().filter_map(|(a, b)| a.zip(b)).filter(|(a, b)| a != b);
    passed.map(|(a, b)| (a.min(b), a.max(b))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    fn said(op: Operator, values: &[&str]) -> Option<Said> {
        Said::read(op, &values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn days_are_those_people_mean() {
        let today = day("2026-11-29"); // A Sunday.
        let of = |op, values: &[&str]| {
            let span = said(op, values).map(|s| s.span(today));
            span.map(|s| (s.from.map(|d| d.to_string()), s.to.map(|d| d.to_string())))
        };
        let both = |a: &str, b: &str| Some((Some(a.to_owned()), Some(b.to_owned())));
        assert_eq!(of(Operator::On, &["2026-02-28"]), both("2026-02-28", "2026-03-01"));
        assert_eq!(of(Operator::Between, &["2026-01-01", "2026-01-31"]), both("2026-01-01", "2026-02-01"));
        assert_eq!(of(Operator::InLastDays, &["7"]), both("2026-11-22", "2026-11-30"));
        assert_eq!(of(Operator::InNextDays, &["0"]), both("2026-11-29", "2026-11-30"));
        assert_eq!(of(Operator::MoreThanDaysAgo, &["7"]), Some((None, Some("2026-11-22".into()))));
        assert_eq!(of(Operator::MoreThanDaysAhead, &["2"]), Some((Some("2026-12-02".into()), None)));
        assert_eq!(of(Operator::ThisWeek, &[]), both("2026-11-23", "2026-11-30"));
        assert_eq!(of(Operator::ThisMonth, &[]), both("2026-11-01", "2026-12-01"));
        assert_eq!(of(Operator::LastMonth, &[]), both("2026-10-01", "2026-11-01"));
        assert_eq!(of(Operator::NextMonth, &[]), both("2026-12-01", "2027-01-01"));
        assert_eq!(of(Operator::ThisYear, &[]), both("2026-01-01", "2027-01-01"));
        for (op, values) in [
            (Operator::On, &["yesterday"][..]),
            (Operator::On, &[]),
            (Operator::Before, &["-9999-01-01"]),
            (Operator::After, &["+12345-01-01"]),
            (Operator::Between, &["2026-01-01", "+262142-12-30"]),
            (Operator::InLastDays, &["-1"]),
            (Operator::InLastDays, &["36526"]),
            (Operator::Today, &["1"]),
            (Operator::Contains, &["1"]),
        ] {
            assert_eq!(said(op, values), None, "{op:?} {values:?}");
        }
    }

    proptest! {
        /// Whoever is inside at one time and outside at another one stands between ends that moved: that is what the sweep
        /// relies on.
        #[test]
        fn whoever_changes_is_swept(kind in 0usize..10, days in 0u32..400, a in 0i64..2000, b in 0i64..2000, at in 0i64..2000) {
            let said = [Said::Last(days), Said::Next(days), Said::Older(days), Said::Beyond(days), Said::Today, Said::Week,
                Said::Month, Said::MonthBefore, Said::MonthAfter, Said::Year][kind];
            let epoch = day("2024-01-01");
            let on = |n: i64| epoch + chrono::TimeDelta::days(n);
            let (old, new, at) = (said.span(on(a)), said.span(on(b)), on(at));
            let inside = |s: Span| s.from.is_none_or(|f| f <= at) && s.to.is_none_or(|t| at < t);
            let swept = moved((old.from, old.to), (new.from, new.to)).iter().any(|(x, y)| *x <= at && at < *y);
            prop_assert!(inside(old) == inside(new) || swept);
        }
    }
}
