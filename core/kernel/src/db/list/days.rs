//! Days that a filter names by what day it is, for a list that is asked again tomorrow: pure rules of the calendar.
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Farthest that a filter reaches from today, in days, weeks, months or years.
const MOST: i32 = 36_525;

/// When and where a list is asked.
#[derive(Debug, Clone, Copy)]
pub struct Here {
    pub now: DateTime<Utc>,
    /// The account's.
    pub zone: Tz,
}

impl Here {
    /// The day that it is.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// The day that is meant by `today`, `week` (its Monday), `month`, `quarter` or `year` (their first day), with so many of
    /// them before or after it: `today-7`, `month+1`. `None` for what is no such day, or one that no calendar has.
    pub fn day(&self, text: &str) -> Option<NaiveDate> {
        let (unit, shift) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
        let shift: i32 = if shift.is_empty() { 0 } else { shift.parse().ok()? };
        if shift.abs() > MOST {
            return None;
        }
        let today = self.today();
        let month = today.with_day(1)?;
        let day = match unit {
            "today" => by_days(today, shift),
            "week" => by_days(today - Days::new(today.weekday().num_days_from_monday().into()), shift * 7),
            "month" => by_months(month, shift),
            "quarter" => by_months(month.with_month(month.month0() / 3 * 3 + 1)?, shift * 3),
            "year" => by_months(month.with_month(1)?, shift * 12),
            _ => None,
        };
        day.filter(|day| (1..=9998).contains(&day.year()))
    }

    /// When a day begins. A midnight that comes twice is meant the first time; one that clocks skip is where they go on.
    pub fn begin(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        match self.zone.from_local_datetime(&midnight).earliest() {
            Some(at) => at.to_utc(),
            None => {
                // A gap is at most a day: whole days were skipped when islands changed sides of the date line.
                let before = self.zone.offset_from_utc_datetime(&(midnight - TimeDelta::hours(36))).fix();
                (midnight - TimeDelta::seconds(before.local_minus_utc().into())).and_utc()
            }
        }
    }
}

fn by_days(day: NaiveDate, shift: i32) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::days(shift.into()))
}

fn by_months(day: NaiveDate, shift: i32) -> Option<NaiveDate> {
    let months = Months::new(shift.unsigned_abs());
    if shift < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(now: &str, zone: Tz) -> Here {
        Here { now: now.parse().unwrap(), zone }
    }

    #[test]
    fn days_move_with_today_where_the_account_is() {
        let berlin = at("2026-11-20T12:00:00Z", Tz::Europe__Berlin);
        for (text, day) in [
            ("today", "2026-11-20"),
            ("today-7", "2026-11-13"),
            ("today+30", "2026-12-20"),
            ("week", "2026-11-16"),
            ("week-1", "2026-11-09"),
            ("month", "2026-11-01"),
            ("month+2", "2027-01-01"),
            ("month-11", "2025-12-01"),
            ("quarter", "2026-10-01"),
            ("quarter-1", "2026-07-01"),
            ("quarter+1", "2027-01-01"),
            ("year", "2026-01-01"),
            ("year+1", "2027-01-01"),
        ] {
            assert_eq!(berlin.day(text), Some(day.parse().unwrap()), "{text}");
        }
        for text in [
            "",
            "2026-11-20",
            "tomorrow",
            "today-",
            "today--7",
            "today+x",
            "Today",
            "-7",
            "today-36526",
            "year-2026",
            "year+8000",
        ] {
            assert_eq!(berlin.day(text), None, "{text}");
        }
        // At the same moment it is another day, another month and another year elsewhere.
        let new_year = "2026-12-31T12:00:00Z";
        assert_eq!(at(new_year, Tz::Pacific__Auckland).day("year"), NaiveDate::from_ymd_opt(2027, 1, 1));
        assert_eq!(at(new_year, Tz::America__New_York).day("month"), NaiveDate::from_ymd_opt(2026, 12, 1));
    }

    /// All zones, every day of five years, those among them whose clocks show a midnight twice or not at all: days begin one after
    /// the other, and whatever moment it is belongs to the one day that it is said to be.
    #[test]
    fn every_moment_of_five_years_is_of_one_day() {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let (mut twice, mut skipped) = (0, 0);
        for zone in chrono_tz::TZ_VARIANTS {
            let at = |now| Here { now, zone };
            let mut begins = at(DateTime::UNIX_EPOCH).begin(first);
            for day in first.iter_days().take(1827) {
                let next = at(begins).begin(day + Days::new(1));
                assert!(begins < next, "{zone} {day}");
                let moments = [
                    begins,
                    begins + TimeDelta::minutes(90),
                    next - TimeDelta::minutes(90),
                    next - TimeDelta::seconds(1),
                ];
                assert_eq!(moments.map(|now| at(now).today()), [day; 4], "{zone} {day}");
                match zone.from_local_datetime(&day.and_time(NaiveTime::MIN)) {
                    chrono::MappedLocalTime::Ambiguous(..) => twice += 1,
                    chrono::MappedLocalTime::None => skipped += 1,
                    chrono::MappedLocalTime::Single(_) => {}
                }
                begins = next;
            }
        }
        assert!(twice > 0 && skipped > 0, "{twice} {skipped}");
    }

    proptest! {
        #[test]
        fn a_day_begins_with_the_first_second_that_is_not_before_it(zone in 0usize..chrono_tz::TZ_VARIANTS.len(), day in 400i64..24_000) {
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let day = NaiveDate::default() + TimeDelta::days(day);
            let begin = at("2026-01-01T00:00:00Z", zone).begin(day);
            let there = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
            prop_assert!(there(begin) >= day, "{} {} begins {}", zone, day, begin);
            prop_assert!(there(begin - TimeDelta::seconds(1)) < day, "{} {} begins before {}", zone, day, begin);
        }
    }
}
