//! When a greeting goes out: nine in the morning on the clock of whoever gets it.
use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

/// On the reader's clock.
const TIME: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// How long after its moment a greeting is still welcome: until midnight. What could not be sent by then is left out, so a
/// program that was stopped for days does not congratulate late.
pub(super) const WELCOME: TimeDelta = TimeDelta::hours(15);

/// The moment of a day in a zone: nine o'clock, the first time if clocks show it twice, and the first minute after it if
/// they skip it.
pub(super) fn moment(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(TIME);
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        MappedLocalTime::None => {
            // Read with the offset before the gap the moment lies behind it, by less than the gap is long; clocks go on
            // steadily from there back to the change, which is therefore found by halving.
            let before = zone.from_utc_datetime(&(local - TimeDelta::hours(36)));
            let after = local.and_utc() - TimeDelta::seconds(i64::from(before.offset().fix().local_minus_utc()));
            let shows = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
            let (mut low, mut high) = (0, (shows(after) - local).num_minutes());
            while low < high {
                let middle = low + (high - low + 1) / 2;
                match shows(after - TimeDelta::minutes(middle)) >= local {
                    true => low = middle,
                    false => high = middle - 1,
                }
            }
            after - TimeDelta::minutes(low)
        }
    }
}

/// Days of which it may be the moment somewhere: zones are at most fourteen hours before and twelve behind UTC.
pub(crate) fn days(now: DateTime<Utc>) -> [NaiveDate; 3] {
    let today = now.date_naive();
    [today - Days::new(1), today, today + Days::new(1)]
}

/// Whether greetings of a day go out in a zone now.
pub(super) fn is_due(day: NaiveDate, zone: Tz, now: DateTime<Utc>) -> bool {
    let at = moment(day, zone);
    at <= now && now < at + WELCOME
}

/// Names of zones in which greetings of a day go out now.
pub(super) fn due_zones(day: NaiveDate, now: DateTime<Utc>) -> Vec<&'static str> {
    TZ_VARIANTS.into_iter().filter(|zone| is_due(day, *zone, now)).map(Tz::name).collect()
}

/// The zone of somebody: his own, else the account's.
pub(super) fn zone_of(own: Option<&str>, tenants: &str) -> Tz {
    own.and_then(|name| name.parse().ok()).or_else(|| tenants.parse().ok()).unwrap_or(Tz::UTC)
}

/// The next quarter of an hour: offsets of all zones are multiples of it, so that no moment lies between two.
pub(super) fn next_slot(now: DateTime<Utc>) -> DateTime<Utc> {
    const SLOT: i64 = 900;
    DateTime::from_timestamp((now.timestamp() / SLOT + 1) * SLOT, 0).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn five_years() -> impl Iterator<Item = NaiveDate> {
        day("2024-01-01").iter_days().take_while(|day| day.year() < 2029)
    }

    /// The slow way: minute by minute from before the day to after it, the first that shows nine o'clock or later of it.
    fn slowly(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
        let local = day.and_time(TIME);
        let start = local.and_utc() - TimeDelta::hours(30);
        let minutes = (0..60 * 60).map(|n| start + TimeDelta::minutes(n));
        minutes.into_iter().find(|at| at.with_timezone(&zone).naive_local() >= local).unwrap()
    }

    #[test]
    fn nine_oclock_is_nine_oclock() {
        for (on, zone, utc) in [
            ("2026-03-28", Tz::Europe__Berlin, "2026-03-28T08:00:00Z"),
            ("2026-03-29", Tz::Europe__Berlin, "2026-03-29T07:00:00Z"),
            ("2026-11-28", Tz::Asia__Kathmandu, "2026-11-28T03:15:00Z"),
            ("2026-11-28", Tz::Pacific__Kiritimati, "2026-11-27T19:00:00Z"),
            ("2026-11-28", Tz::Pacific__Niue, "2026-11-28T20:00:00Z"),
            // Samoa had no 30 December 2011: the first minute after is midnight.
            ("2011-12-30", Tz::Pacific__Apia, "2011-12-30T10:00:00Z"),
        ] {
            assert_eq!(moment(day(on), zone), utc.parse::<DateTime<Utc>>().unwrap(), "{on} {zone}");
        }
    }

    /// All zones, every day of five years: on the day, at nine on the clock, one moment for each day, at a quarter of an
    /// hour, and within the three days that are looked at.
    #[test]
    fn every_day_of_five_years_has_one_moment_everywhere() {
        assert!(TZ_VARIANTS.len() >= 400);
        for zone in TZ_VARIANTS {
            let mut last = None;
            for on in five_years() {
                let at = moment(on, zone);
                let local = at.with_timezone(&zone).naive_local();
                assert_eq!((local.date(), local.time()), (on, TIME), "{zone} {on}");
                assert!(last.is_none_or(|before| before < at), "{zone} {on}");
                assert_eq!(at.timestamp() % 900, 0, "{zone} {on}");
                assert!(
                    days(at).contains(&on) && is_due(on, zone, at) && !is_due(on, zone, at - TimeDelta::seconds(1))
                );
                last = Some(at);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

        #[test]
        fn moments_are_those_of_a_slow_oracle(zone in 0..TZ_VARIANTS.len(), n in 0u64..1827) {
            let (zone, on) = (TZ_VARIANTS[zone], day("2024-01-01") + Days::new(n));
            prop_assert_eq!(moment(on, zone), slowly(on, zone), "{} {}", zone, on);
        }

        /// Also in the past, when clocks were changed at odd times.
        #[test]
        fn moments_of_the_past_are_too(zone in 0..TZ_VARIANTS.len(), n in 0u64..20_000) {
            let (zone, on) = (TZ_VARIANTS[zone], day("1970-01-01") + Days::new(n));
            let (at, slow) = (moment(on, zone), slowly(on, zone));
            // Offsets were not whole minutes everywhere.
            prop_assert!((at - slow).abs() < TimeDelta::minutes(1), "{} {}: {} {}", zone, on, at, slow);
        }

        /// Whoever looks every quarter of an hour, and misses some, finds each day due once in a row, from its moment on.
        #[test]
        fn each_day_is_due_from_its_moment_until_midnight(zone in 0..TZ_VARIANTS.len(), n in 0u64..1827, missed in 0i64..59) {
            let (zone, on) = (TZ_VARIANTS[zone], day("2024-01-01") + Days::new(n));
            let mut slot = moment(on, zone) - TimeDelta::hours(40);
            let mut due = vec![];
            for _ in 0..320 {
                slot = next_slot(slot);
                if days(slot).contains(&on) && is_due(on, zone, slot) {
                    due.push(slot);
                }
            }
            prop_assert_eq!(due[0], moment(on, zone));
            prop_assert_eq!(due.len(), 60);
            prop_assert!(due.windows(2).all(|two| two[1] - two[0] == TimeDelta::minutes(15)));
            prop_assert!(is_due(on, zone, due[0] + TimeDelta::minutes(15 * missed)));
        }
    }
}
