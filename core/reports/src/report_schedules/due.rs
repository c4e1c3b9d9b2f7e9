//! When a schedule comes: pure rules of the calendar.
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use tasks::{day_of, moment};

kernel::word! {
    /// How often.
    pub enum ReportCadence {
        /// Every day.
        #[default]
        Daily = "daily",
        /// On one day of each week.
        Weekly = "weekly",
        /// On one day of each month, or on its last one when it is shorter.
        Monthly = "monthly",
    }
}

/// A cadence with its day (of the week from Monday, 1, or of the month), its minute of the day and its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rhythm {
    pub cadence: ReportCadence,
    pub day: i16,
    pub minute: i16,
    pub zone: Tz,
}

impl Rhythm {
    /// The first time after a moment. What clocks skip comes as much later; what they show twice comes the first time.
    pub fn after(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let first = day_of(at, self.zone) - Days::new(1);
        // A month has at most 31 days, so its day comes within 62.
        let mut days = (0..=63).map(|n| first + Days::new(n)).filter(|day| self.is_on(*day));
        days.find_map(|day| Some(self.on(day)).filter(|moment| *moment > at))
            .unwrap_or(at + chrono::TimeDelta::days(63))
    }

    fn on(&self, day: NaiveDate) -> DateTime<Utc> {
        let minute = u32::try_from(self.minute).unwrap_or(0);
        let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap_or_default();
        moment(day.and_time(time), self.zone)
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        let wanted = u32::try_from(self.day).unwrap_or(1);
        match self.cadence {
            ReportCadence::Daily => true,
            ReportCadence::Weekly => day.weekday().number_from_monday() == wanted,
            ReportCadence::Monthly => {
                let is_last = (day + Days::new(1)).month() != day.month();
                day.day() == wanted || (is_last && day.day() < wanted)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeDelta, Timelike};
    use proptest::prelude::*;

    #[test]
    fn it_comes_on_its_day_at_its_time() {
        let of = |cadence, day, minute, zone: &str, after: &str| {
            let rhythm = Rhythm { cadence, day, minute, zone: zone.parse().unwrap() };
            rhythm.after(after.parse().unwrap()).to_rfc3339()
        };
        use ReportCadence::*;
        for (cadence, day, minute, zone, after, expected) in [
            (Daily, 1, 480, "Europe/Berlin", "2026-11-20T07:00:00Z", "2026-11-21T07:00:00+00:00"),
            (Daily, 1, 480, "Europe/Berlin", "2026-11-20T06:59:59Z", "2026-11-20T07:00:00+00:00"),
            // 02:30 is skipped on this day, and shown twice on that one.
            (Daily, 1, 150, "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00+00:00"),
            (Daily, 1, 150, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00+00:00"),
            (Weekly, 1, 0, "America/New_York", "2026-11-20T12:00:00Z", "2026-11-23T05:00:00+00:00"),
            (Monthly, 31, 0, "UTC", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00+00:00"),
            (Monthly, 1, 0, "Asia/Tokyo", "2026-11-30T14:59:00Z", "2026-11-30T15:00:00+00:00"),
        ] {
            assert_eq!(of(cadence, day, minute, zone, after), expected, "{cadence:?} {after}");
        }
    }

    proptest! {
        /// Against looking at every minute, in every zone.
        #[test]
        fn nothing_is_left_out(start in 0i64..1_000_000, minute in 0i16..1440, zone in 0usize..chrono_tz::TZ_VARIANTS.len(), day in 1i16..8) {
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let rhythm = Rhythm { cadence: ReportCadence::Weekly, day, minute, zone };
            let at = DateTime::from_timestamp(1_600_000_000 + start * 300, 0).unwrap();
            let found = rhythm.after(at);
            prop_assert!(found > at);
            let shows = |at: DateTime<Utc>| {
                let local = at.with_timezone(&zone);
                local.weekday().number_from_monday() == u32::try_from(day).unwrap()
                    && local.hour() * 60 + local.minute() == u32::try_from(minute).unwrap()
            };
            // Nothing before it shows this, but for what clocks show a second time.
            let again = |at: DateTime<Utc>| [30, 60, 120, 180].iter().any(|n| shows(at - TimeDelta::minutes(*n)));
            let between = (found - at).num_minutes();
            for at in (1..between).map(|n| at + TimeDelta::minutes(n)) {
                prop_assert!(!shows(at) || again(at), "{at} before {found}");
            }
            prop_assert!(between <= 8 * 1440);
        }
    }
}
