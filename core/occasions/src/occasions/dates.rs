//! Which days a date falls on: pure rules of calendars, without zones.
//!
//! A date has an anchor, a text that is equal for all dates that fall on the same days, and a day has the anchors of all dates
//! that fall on it. So the database finds what there is on a day by equality, whatever the calendar; and whoever asks for the
//! next day of a date ([`When::next`]) computes it the other way round. A test holds both against each other.
use super::hijri;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use kernel::row;

/// A word of a closed list, kept as text.
macro_rules! word {
    ($(#[$m:meta])* pub enum $name:ident { $($(#[$vm:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(poem_openapi::Enum, Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$vm])* #[oai(rename = $text)] $variant),* }
        impl $name {
            /// As stored and as written in the API.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
        impl<'a> tokio_postgres::types::FromSql<'a> for $name {
            fn from_sql(
                _: &tokio_postgres::types::Type,
                raw: &'a [u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                match raw {
                    $(raw if raw == $text.as_bytes() => Ok($name::$variant),)*
                    _ => Err(concat!("no ", stringify!($name)).into()),
                }
            }
            fn accepts(ty: &tokio_postgres::types::Type) -> bool {
                *ty == tokio_postgres::types::Type::TEXT
            }
        }
        kernel::not_null!($name);
    };
}
pub(crate) use word;

word! {
    /// How a date is said.
    pub enum DateKind {
        /// A day of a month, every year. The year, when it is known, says how many years it has been.
        Yearly = "yearly",
        /// One day, which does not come again.
        Once = "once",
        /// A weekday of a month, for example the third Monday of September.
        Weekday = "weekday",
        /// A day of a month of the Hijri calendar (Umm al-Qura), every year of that calendar.
        Hijri = "hijri",
    }
}

word! {
    /// When a date of 29 February falls in years that have none.
    pub enum LeapPolicy {
        /// On 28 February.
        Feb28 = "feb28",
        /// On 1 March.
        Mar1 = "mar1",
        /// Not at all: in leap years only.
        LeapYears = "leap_years",
    }
}

impl LeapPolicy {
    /// The day in a year without 29 February.
    fn day(self, year: i32) -> Option<NaiveDate> {
        match self {
            LeapPolicy::Feb28 => NaiveDate::from_ymd_opt(year, 2, 28),
            LeapPolicy::Mar1 => NaiveDate::from_ymd_opt(year, 3, 1),
            LeapPolicy::LeapYears => None,
        }
    }
}

/// How a tenant reads dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// For dates of 29 February that say nothing else.
    pub leap: LeapPolicy,
    /// How many days later than Umm al-Qura a day of the Hijri calendar is.
    pub hijri_shift: i64,
}

/// A date as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Yearly {
        year: Option<i32>,
        month: u32,
        day: u32,
        leap: Option<LeapPolicy>,
    },
    Once(NaiveDate),
    /// `nth` is 1 to 5, or -1 for the last one.
    Weekday {
        year: Option<i32>,
        month: u32,
        nth: i16,
        weekday: Weekday,
    },
    Hijri {
        year: Option<i32>,
        month: u8,
        day: u8,
    },
}

/// How many years ahead the next day of a date may be: 29 February comes again within eight years, also around 2100.
const FAR: i32 = 9;

const WEEKDAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];

fn weekday_anchor(month: u32, nth: i16, weekday: Weekday) -> String {
    let name = WEEKDAYS[weekday.num_days_from_monday() as usize];
    format!("w{month:02}{}{name}", if nth < 0 { "l".to_owned() } else { nth.to_string() })
}

fn leap_anchor(leap: Option<LeapPolicy>) -> String {
    leap.map_or_else(|| "y0229".to_owned(), |policy| format!("y0229/{}", policy.as_str()))
}

impl When {
    /// See the head of this file.
    pub fn anchor(&self) -> String {
        match *self {
            When::Yearly { month: 2, day: 29, leap, .. } => leap_anchor(leap),
            When::Yearly { month, day, .. } => format!("y{month:02}{day:02}"),
            When::Once(day) => format!("o{}", day.format("%Y%m%d")),
            When::Weekday { month, nth, weekday, .. } => weekday_anchor(month, nth, weekday),
            When::Hijri { month, day, .. } => format!("h{month:02}{day:02}"),
        }
    }

    /// How many years it has been on one of its days; `None` when no year is known.
    pub fn years(&self, on: NaiveDate, reading: Reading) -> Option<i32> {
        let first = match *self {
            When::Yearly { year, .. } | When::Weekday { year, .. } | When::Hijri { year, .. } => year?,
            When::Once(day) => day.year(),
        };
        Some(self.year_of(on, reading) - first)
    }

    /// The year of its own calendar in which it is on a day.
    pub fn year_of(&self, on: NaiveDate, reading: Reading) -> i32 {
        match *self {
            When::Hijri { .. } => {
                let shown = on.checked_sub_signed(chrono::TimeDelta::days(reading.hijri_shift));
                hijri::of(shown.unwrap_or(on)).year
            }
            When::Yearly { .. } | When::Weekday { .. } | When::Once(_) => on.year(),
        }
    }

    /// The first of its days that is not before `from`; `None` when there is none within nine years. A date with a year has no
    /// days before that year.
    pub fn next(&self, from: NaiveDate, reading: Reading) -> Option<NaiveDate> {
        let first = match *self {
            When::Once(day) => return Some(day).filter(|day| *day >= from),
            When::Hijri { year, month, day } => {
                let start = hijri::of(from).year - 1;
                let first = year.map_or(start, |year| year.max(start));
                let days = (first..=first + FAR).filter_map(|year| hijri::day(year, month, day));
                let shifted =
                    days.filter_map(|day| day.checked_add_signed(chrono::TimeDelta::days(reading.hijri_shift)));
                return shifted.into_iter().find(|day| *day >= from);
            }
            When::Yearly { year, .. } | When::Weekday { year, .. } => year.unwrap_or(from.year()).max(from.year()),
        };
        (first..=first + FAR).filter_map(|year| self.in_year(year, reading)).find(|day| *day >= from)
    }

    /// Its day in a year of the Gregorian calendar, for dates of that calendar.
    fn in_year(&self, year: i32, reading: Reading) -> Option<NaiveDate> {
        match *self {
            When::Yearly { month, day, leap, .. } => NaiveDate::from_ymd_opt(year, month, day)
                .or_else(|| leap.unwrap_or(reading.leap).day(year).filter(|_| (month, day) == (2, 29))),
            When::Weekday { month, nth: -1, weekday, .. } => {
                (1..=5).rev().find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth))
            }
            When::Weekday { month, nth, weekday, .. } => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, u8::try_from(nth).ok()?)
            }
            When::Once(_) | When::Hijri { .. } => None,
        }
    }
}

/// Whether years of dates with this anchor are of the Hijri calendar.
pub(crate) fn is_hijri(anchor: &str) -> bool {
    anchor.starts_with('h')
}

/// Anchors of all dates that fall on a day, each once.
pub(crate) fn anchors(day: NaiveDate, reading: Reading) -> Vec<String> {
    let (month, of_month, weekday) = (day.month(), day.day(), day.weekday());
    let mut found = vec![format!("o{}", day.format("%Y%m%d"))];
    let all = [None, Some(LeapPolicy::Feb28), Some(LeapPolicy::Mar1), Some(LeapPolicy::LeapYears)];
    if (month, of_month) == (2, 29) {
        found.extend(all.map(leap_anchor));
    } else {
        found.push(format!("y{month:02}{of_month:02}"));
        if !day.leap_year() {
            let falls = |leap: &Option<LeapPolicy>| leap.unwrap_or(reading.leap).day(day.year()) == Some(day);
            found.extend(all.into_iter().filter(falls).map(leap_anchor));
        }
    }
    found.push(weekday_anchor(month, ((of_month - 1) / 7 + 1) as i16, weekday));
    if day.checked_add_days(Days::new(7)).is_none_or(|later| later.month() != month) {
        found.push(weekday_anchor(month, -1, weekday));
    }
    if let Some(shown) = day.checked_sub_signed(chrono::TimeDelta::days(reading.hijri_shift)) {
        let date = hijri::of(shown);
        found.push(format!("h{:02}{:02}", date.month, date.day));
        // A month of 29 days: what is on its 30th is on its last.
        if date.day == 29 && date.days_in_month == 29 {
            found.push(format!("h{:02}30", date.month));
        }
    }
    found
}

row! {
    /// A date as it is kept.
    #[derive(Debug, Clone)]
    pub(crate) struct Kept {
        pub date_kind: DateKind,
        pub year: Option<i32>,
        pub month: i16,
        pub day: Option<i16>,
        pub nth: Option<i16>,
        pub weekday: Option<i16>,
        pub leap_policy: Option<LeapPolicy>,
    }
}

/// The weekday of this number: 1 Monday to 7 Sunday (ISO 8601).
pub(crate) fn weekday(number: i16) -> Option<Weekday> {
    Weekday::try_from(u8::try_from(number - 1).ok()?).ok()
}

impl Kept {
    /// The date, or what is wrong with it: field and detail.
    pub fn when(&self) -> Result<When, (&'static str, &'static str)> {
        let month =
            u32::try_from(self.month).ok().filter(|month| (1..=12).contains(month)).ok_or(("month", "1 to 12."))?;
        let day = || u32::try_from(self.day.unwrap_or(0)).unwrap_or(0);
        let years = if self.date_kind == DateKind::Hijri { 1250..=1600 } else { 1850..=2200 };
        if self.year.is_some_and(|year| !years.contains(&year)) {
            return Err(("year", "1850 to 2200, or 1250 to 1600 of the Hijri calendar."));
        }
        if self.leap_policy.is_some() && (self.date_kind, month, day()) != (DateKind::Yearly, 2, 29) {
            return Err(("leap_policy", "Only dates of 29 February have one."));
        }
        if self.date_kind == DateKind::Weekday {
            if self.day.is_some() {
                return Err(("day", "A weekday of a month has no day."));
            }
            let nth = self
                .nth
                .filter(|nth| [-1, 1, 2, 3, 4, 5].contains(nth))
                .ok_or(("nth", "1 to 5, or -1 for the last."))?;
            let weekday = self.weekday.and_then(weekday).ok_or(("weekday", "1 (Monday) to 7 (Sunday)."))?;
            return Ok(When::Weekday { year: self.year, month, nth, weekday });
        }
        if self.nth.is_some() || self.weekday.is_some() {
            return Err(("nth", "Only a weekday of a month has nth and weekday."));
        }
        let no_day = ("day", "There is no such day in this month.");
        match self.date_kind {
            DateKind::Once => {
                let year = self.year.ok_or(("year", "A day that does not come again needs its year."))?;
                NaiveDate::from_ymd_opt(year, month, day()).map(When::Once).ok_or(no_day)
            }
            DateKind::Hijri => match self.day {
                Some(day @ 1..=30) => Ok(When::Hijri { year: self.year, month: month as u8, day: day as u8 }),
                _ => Err(no_day),
            },
            DateKind::Yearly | DateKind::Weekday => {
                // Without a year any leap year will do, so that 29 February is a day.
                let when = When::Yearly { year: self.year, month, day: day(), leap: self.leap_policy };
                NaiveDate::from_ymd_opt(self.year.unwrap_or(2000), month, day()).map(|_| when).ok_or(no_day)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Reading = Reading { leap: LeapPolicy::Feb28, hijri_shift: 0 };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn yearly(month: u32, day: u32, leap: Option<LeapPolicy>) -> When {
        When::Yearly { year: Some(1996), month, day, leap }
    }

    #[test]
    fn each_policy_of_29_february_has_its_day() {
        use LeapPolicy::{Feb28, LeapYears, Mar1};
        for (own, tenants, next) in [
            (None, Feb28, "2027-02-28"),
            (None, Mar1, "2027-03-01"),
            (None, LeapYears, "2028-02-29"),
            (Some(Mar1), Feb28, "2027-03-01"),
            (Some(LeapYears), Mar1, "2028-02-29"),
        ] {
            let reading = Reading { leap: tenants, ..PLAIN };
            let when = yearly(2, 29, own);
            assert_eq!(when.next(day("2026-11-28"), reading), Some(day(next)), "{own:?} {tenants:?}");
            assert_eq!(
                when.next(day("2028-01-01"), reading),
                Some(day("2028-02-29")),
                "a leap year has the day itself"
            );
            assert_eq!(when.years(day(next), reading), Some(day(next).year() - 1996));
        }
        // 2100 is no leap year: eight years between two.
        let rare = yearly(2, 29, Some(LeapYears));
        assert_eq!(rare.next(day("2096-03-01"), PLAIN), Some(day("2104-02-29")));
    }

    #[test]
    fn weekdays_of_months_are_counted() {
        let third_monday = When::Weekday { year: None, month: 9, nth: 3, weekday: Weekday::Mon };
        assert_eq!(third_monday.next(day("2026-11-28"), PLAIN), Some(day("2027-09-20")));
        let last_friday = When::Weekday { year: None, month: 11, nth: -1, weekday: Weekday::Fri };
        assert_eq!(last_friday.next(day("2026-11-01"), PLAIN), Some(day("2026-11-27")));
        // Only in leap years February has a fifth Tuesday, and seldom.
        let rare = When::Weekday { year: None, month: 2, nth: 5, weekday: Weekday::Tue };
        assert_eq!(rare.next(day("2026-01-01"), PLAIN), Some(day("2028-02-29")));
        let rarer = When::Weekday { year: None, month: 2, nth: 5, weekday: Weekday::Wed };
        assert_eq!(rarer.next(day("2026-01-01"), PLAIN), None, "not within nine years");
        let fifth = When::Weekday { year: None, month: 5, nth: 5, weekday: Weekday::Sun };
        assert_eq!(fifth.next(day("2025-06-01"), PLAIN), Some(day("2026-05-31")));
    }

    #[test]
    fn what_begins_later_has_no_day_before() {
        let when = When::Yearly { year: Some(2029), month: 5, day: 1, leap: None };
        assert_eq!(when.next(day("2026-11-28"), PLAIN), Some(day("2029-05-01")));
        assert_eq!(When::Once(day("2026-11-27")).next(day("2026-11-28"), PLAIN), None);
    }

    fn whens() -> impl Strategy<Value = When> {
        let policy = prop_oneof![
            Just(None),
            Just(Some(LeapPolicy::Feb28)),
            Just(Some(LeapPolicy::Mar1)),
            Just(Some(LeapPolicy::LeapYears))
        ];
        prop_oneof![
            (1u32..13, 1u32..32, policy.clone()).prop_filter_map("a day", |(month, day, leap)| {
                NaiveDate::from_ymd_opt(2000, month, day)?;
                let leap = leap.filter(|_| (month, day) == (2, 29));
                Some(When::Yearly { year: None, month, day, leap })
            }),
            policy.prop_map(|leap| When::Yearly { year: None, month: 2, day: 29, leap }),
            (0u64..3650).prop_map(|n| When::Once(day("2024-01-01") + Days::new(n))),
            (1u32..13, prop_oneof![Just(-1i16), 1i16..6], 1i16..8).prop_map(|(month, nth, number)| When::Weekday {
                year: None,
                month,
                nth,
                weekday: weekday(number).unwrap()
            }),
            (1u8..13, 1u8..31).prop_map(|(month, day)| When::Hijri { year: None, month, day }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        /// The next day of a date is the first day that has its anchor, found by trying one day after the other.
        #[test]
        fn anchors_and_days_agree(when in whens(), start in 0u64..2000, leap in 0usize..3, shift in -2i64..3) {
            let leap = [LeapPolicy::Feb28, LeapPolicy::Mar1, LeapPolicy::LeapYears][leap];
            let reading = Reading { leap, hijri_shift: shift };
            let from = day("2024-01-01") + Days::new(start);
            let anchor = when.anchor();
            let slow = (0..366 * 5).map(|n| from + Days::new(n)).find(|day| anchors(*day, reading).contains(&anchor));
            let next = when.next(from, reading);
            prop_assert_eq!(next.filter(|day| *day < from + Days::new(366 * 5)), slow);
        }

        /// In five years a date has one day in each of its years, whatever the policy; no day names an anchor twice.
        #[test]
        fn a_date_comes_once_a_year(when in whens(), leap in 0usize..3, shift in -2i64..3) {
            let leap = [LeapPolicy::Feb28, LeapPolicy::Mar1, LeapPolicy::LeapYears][leap];
            let reading = Reading { leap, hijri_shift: shift };
            let anchor = when.anchor();
            let mut days = vec![];
            for n in 0..(365 * 5 + 2) {
                let day = day("2024-01-01") + Days::new(n);
                let found = anchors(day, reading);
                prop_assert!(found.iter().enumerate().all(|(i, a)| !found[..i].contains(a)));
                days.extend(found.contains(&anchor).then_some(day));
            }
            match when {
                When::Yearly { month, day, leap: own, .. } => {
                    let only_leap = (month, day) == (2, 29) && own.unwrap_or(leap) == LeapPolicy::LeapYears;
                    prop_assert_eq!(days.len(), if only_leap { 2 } else { 5 });
                    let mut years: Vec<i32> = days.iter().map(Datelike::year).collect();
                    years.dedup();
                    prop_assert_eq!(years.len(), days.len());
                }
                When::Once(_) => prop_assert!(days.len() <= 1),
                When::Weekday { nth: 5, .. } => prop_assert!(days.len() <= 5),
                When::Weekday { .. } => prop_assert_eq!(days.len(), 5),
                // A Hijri year has 354 or 355 days.
                When::Hijri { .. } => {
                    prop_assert!((5..=6).contains(&days.len()));
                    prop_assert!(days.windows(2).all(|two| (353..=356).contains(&(two[1] - two[0]).num_days())));
                }
            }
        }
    }
}
