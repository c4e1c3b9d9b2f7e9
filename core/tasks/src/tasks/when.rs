//! Days and times as people say them, and the moments they are: pure rules of time zones.
use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The zone of this name; UTC when there is none of that name any more.
pub fn zone_of(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// The moment at which clocks of a zone show this. What they show twice is meant the first time; what they skip is read
/// with the offset before the change (RFC 5545), so 02:30 in the gap is 03:30.
pub fn moment(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        MappedLocalTime::None => {
            // A gap is at most a day (whole days were skipped when islands changed sides of the date line).
            let before = zone.from_utc_datetime(&(local - TimeDelta::hours(36)));
            let offset = chrono::Offset::fix(before.offset()).local_minus_utc();
            (local - TimeDelta::seconds(i64::from(offset))).and_utc()
        }
    }
}

/// When a day begins.
pub fn day_start(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    moment(day.and_time(NaiveTime::MIN), zone)
}

/// The day that it is at a moment.
pub fn day_of(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// Until when something is due: at its time, or in the last second of its day.
pub(crate) fn due_at(day: NaiveDate, time: Option<NaiveTime>, zone: Tz) -> DateTime<Utc> {
    match time {
        Some(time) => moment(day.and_time(time), zone),
        None => day_start(day + Days::new(1), zone) - TimeDelta::seconds(1),
    }
}

/// The moment so many minutes before something is due, never after it. Days go back on the calendar to the same time, and
/// minutes after that by the clock on the wall when no time is said (so that 900 is nine in the morning of any day), else as
/// minutes that pass.
pub(crate) fn remind_at(day: NaiveDate, time: Option<NaiveTime>, zone: Tz, minutes: i32) -> DateTime<Utc> {
    let minutes = TimeDelta::minutes(i64::from(minutes));
    let at = match time {
        None => moment((day + Days::new(1)).and_time(NaiveTime::MIN) - minutes, zone),
        Some(time) => {
            let days = TimeDelta::days(minutes.num_days());
            moment(day.and_time(time) - days, zone) - (minutes - days)
        }
    };
    at.min(due_at(day, time, zone))
}

/// When something comes up: when it is due, or when a snooze ends that ends later.
pub(crate) fn agenda_at(due: Option<DateTime<Utc>>, snoozed: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    due.max(snoozed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Timelike;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn clocks_that_change_are_minded() {
        let berlin = zone_of("Europe/Berlin");
        for (local, utc) in [
            ("2026-03-29T01:59:00", "2026-03-29T00:59:00"),
            ("2026-03-29T02:30:00", "2026-03-29T01:30:00"),
            ("2026-03-29T03:30:00", "2026-03-29T01:30:00"),
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00"),
            ("2026-10-25T03:00:00", "2026-10-25T02:00:00"),
        ] {
            assert_eq!(moment(at(local), berlin), at(utc).and_utc(), "{local}");
        }
        // Samoa had no 30 December 2011.
        let apia = zone_of("Pacific/Apia");
        assert_eq!(moment(at("2011-12-30T09:00:00"), apia), at("2011-12-30T19:00:00").and_utc());
        assert_eq!(zone_of("Mars/Base"), Tz::UTC);
    }

    #[test]
    fn a_day_without_a_time_is_due_until_its_end() {
        let new_york = zone_of("America/New_York");
        let day: NaiveDate = "2026-11-01".parse().unwrap();
        assert_eq!(due_at(day, None, new_york), at("2026-11-02T04:59:59").and_utc(), "a day of 25 hours");
        assert_eq!(day_of(due_at(day, None, new_york), new_york), day);
        assert_eq!(due_at(day, Some(NaiveTime::MIN), new_york), day_start(day, new_york));
    }

    #[test]
    fn reminders_keep_to_the_clock() {
        let berlin = zone_of("Europe/Berlin");
        let nine = NaiveTime::from_hms_opt(9, 0, 0);
        for (day, time, minutes, utc) in [
            ("2026-11-23", nine, 0, "2026-11-23T08:00:00"),
            ("2026-11-23", nine, 10, "2026-11-23T07:50:00"),
            // A day before nine in winter time is nine in summer time.
            ("2026-10-26", nine, 1440 * 2, "2026-10-24T07:00:00"),
            ("2026-10-26", nine, 1440 * 2 + 30, "2026-10-24T06:30:00"),
            // An hour before is an hour that passes.
            ("2026-03-29", NaiveTime::from_hms_opt(3, 30, 0), 60, "2026-03-29T00:30:00"),
            // Without a time: nine in the morning of days of 24, 23 and 25 hours.
            ("2026-11-23", None, 900, "2026-11-23T08:00:00"),
            ("2026-03-29", None, 900, "2026-03-29T07:00:00"),
            ("2026-10-25", None, 900, "2026-10-25T08:00:00"),
            ("2026-11-23", None, 0, "2026-11-23T22:59:59"),
        ] {
            let day = day.parse().unwrap();
            assert_eq!(remind_at(day, time, berlin, minutes), at(utc).and_utc(), "{day} {time:?} {minutes}");
        }
    }

    /// The slow way: the first of the steps (minutes) at which the zone's clocks show this; else what they would show had
    /// they not been changed.
    fn slowly(local: NaiveDateTime, zone: Tz, step: i64) -> DateTime<Utc> {
        let start = local.and_utc() - TimeDelta::hours(30);
        let shown = |n: i64| zone.from_utc_datetime(&(start + TimeDelta::minutes(n * step)).naive_utc());
        let steps = 3600 / step;
        if let Some(n) = (0..steps).find(|n| shown(*n).naive_local() == local) {
            return start + TimeDelta::minutes(n * step);
        }
        let jump = (1..steps).find(|n| shown(*n).naive_local() > local).unwrap();
        let before = shown(jump - 1);
        before.to_utc() + (local - before.naive_local())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
        #[test]
        fn moments_are_those_of_a_slow_oracle(zone in 0..TZ_VARIANTS.len(), day in 0u64..1826, minute in 0u32..1440) {
            let zone = TZ_VARIANTS[zone];
            let day: NaiveDate = "2024-01-01".parse::<NaiveDate>().unwrap() + Days::new(day);
            let local = day.and_hms_opt(minute / 60, minute % 60, 0).unwrap();
            prop_assert_eq!(moment(local, zone), slowly(local, zone, 1), "{} {}", zone, local);
        }
    }

    proptest! {
        #[test]
        fn no_reminder_comes_after_its_task(zone in 0..TZ_VARIANTS.len(), day in 0u64..1826, minute in 0u32..2880, before in 0i32..40_321) {
            let zone = TZ_VARIANTS[zone];
            let day: NaiveDate = "2024-01-01".parse::<NaiveDate>().unwrap() + Days::new(day);
            let time = (minute < 1440).then(|| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap());
            let (due, told) = (due_at(day, time, zone), remind_at(day, time, zone, before));
            prop_assert!(told <= due);
            // Clocks change by less than a day and a half, days that are left out included.
            prop_assert!((due - told - TimeDelta::minutes(i64::from(before))).abs() < TimeDelta::hours(36));
        }
    }

    /// Every zone and every change of its clocks in five years, a day around it by half hours.
    #[test]
    fn around_every_change_of_clocks_the_oracle_agrees() {
        let (start, end) = (at("2024-01-01T00:00:00").and_utc(), at("2029-01-01T00:00:00").and_utc());
        for zone in TZ_VARIANTS {
            let offset = |at: DateTime<Utc>| chrono::Offset::fix(&zone.offset_from_utc_datetime(&at.naive_utc()));
            let mut hour = start;
            while hour < end {
                let next = hour + TimeDelta::hours(12);
                if offset(hour) != offset(next) {
                    for step in 0..48 {
                        let local = (hour.with_timezone(&zone).naive_local() + TimeDelta::minutes(step * 30))
                            .with_second(0)
                            .unwrap();
                        assert_eq!(moment(local, zone), slowly(local, zone, 15), "{zone} {local}");
                    }
                }
                hour = next;
            }
        }
    }
}
