//! The Hijri calendar as Saudi Arabia publishes it (Umm al-Qura): the tables are those of ICU4X, from KACST, for the years 1300
//! to 1600; outside of them the arithmetic calendar is used.
use chrono::{Datelike, NaiveDate};
use icu_calendar::{Date, cal::Hijri};

/// A day of the Hijri calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HijriDay {
    pub year: i32,
    /// 1 Muharram to 12 Dhu al-Hijja.
    pub month: u8,
    pub day: u8,
    /// 29 or 30.
    pub days_in_month: u8,
}

/// What a day is called in the Hijri calendar.
pub(crate) fn of(day: NaiveDate) -> HijriDay {
    // Every day that chrono knows within the years that dates may have is a day of ISO 8601.
    let Ok(iso) = Date::try_new_iso(day.year(), day.month() as u8, day.day() as u8) else {
        return HijriDay { year: 0, month: 0, day: 0, days_in_month: 0 };
    };
    let date = iso.to_calendar(Hijri::new_umm_al_qura());
    HijriDay {
        year: date.year().extended_year(),
        month: date.month().ordinal,
        day: date.day_of_month().0,
        days_in_month: date.days_in_month(),
    }
}

/// The day with this name; of a month of 29 days the 30th is its last.
pub(crate) fn day(year: i32, month: u8, day: u8) -> Option<NaiveDate> {
    let of = |day| Date::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura());
    let date = of(day).or_else(|_| of(day.min(29))).ok()?;
    let iso = date.to_calendar(icu_calendar::Iso);
    NaiveDate::from_ymd_opt(iso.year().extended_year(), u32::from(iso.month().ordinal), u32::from(iso.day_of_month().0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;

    /// Dates as published for Saudi Arabia.
    #[test]
    fn days_are_those_that_were_published() {
        for (hijri, gregorian) in [
            ((1444, 9, 1), "2023-03-23"),
            ((1444, 10, 1), "2023-04-21"),
            ((1445, 1, 1), "2023-07-19"),
            ((1445, 9, 1), "2024-03-11"),
            ((1445, 10, 1), "2024-04-10"),
            ((1445, 12, 10), "2024-06-16"),
            ((1446, 1, 1), "2024-07-07"),
            ((1446, 9, 1), "2025-03-01"),
            ((1446, 10, 1), "2025-03-30"),
            ((1446, 12, 10), "2025-06-06"),
            ((1447, 1, 1), "2025-06-26"),
            ((1447, 9, 1), "2026-02-18"),
        ] {
            let (year, month, of_month) = hijri;
            assert_eq!(day(year, month, of_month).unwrap().to_string(), gregorian, "{hijri:?}");
        }
    }

    #[test]
    fn both_ways_agree() {
        let first: NaiveDate = "1950-01-01".parse().unwrap();
        for n in (0..55_000).step_by(7) {
            let gregorian = first + Days::new(n);
            let date = of(gregorian);
            assert_eq!(day(date.year, date.month, date.day), Some(gregorian));
            assert!((29..=30).contains(&date.days_in_month));
        }
        // Ramadan 1446 had 29 days: the 30th is its last.
        assert_eq!(day(1446, 9, 30), day(1446, 9, 29));
    }
}
