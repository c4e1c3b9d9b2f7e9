//! Feasts as versioned data, and the days they are on. What cannot be computed (Diwali and others that committees decide) is not in it.
use crate::occasions::{LeapPolicy, Reading, When, hijri, weekday};
use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

/// A feast and where its rule is taken from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeastRule {
    pub key: String,
    /// By language.
    pub name: BTreeMap<String, String>,
    pub rule: Rule,
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rule {
    /// Month and day.
    Yearly(u32, u32),
    /// Month, which one (-1 the last), weekday (1 Monday to 7).
    Weekday(u32, i16, i16),
    /// Month and day of the Hijri calendar.
    Hijri(u8, u8),
    /// Days after Easter Sunday of the Gregorian calendar.
    Easter(i64),
    /// Days after Easter Sunday of the churches that reckon it by the Julian calendar.
    OrthodoxEaster(i64),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Packs {
    pub version: String,
    pub feasts: Vec<FeastRule>,
    /// Keys of feasts by country (ISO 3166 alpha-2).
    pub packs: BTreeMap<String, Vec<String>>,
}

#[expect(clippy::expect_used, reason = "a part of the program, read by a test")]
static PACKS: LazyLock<Packs> =
    LazyLock::new(|| serde_json::from_str(include_str!("feasts.json")).expect("the data of feasts"));

/// Every feast that is known.
pub(crate) fn packs() -> &'static Packs {
    &PACKS
}

/// The feast of this key.
pub(crate) fn find(key: &str) -> Option<&'static FeastRule> {
    packs().feasts.iter().find(|feast| feast.key == key)
}

/// How many days later a Hijri feast is than the calendar says, by feast and Hijri year; else by the tenant's habit.
pub(crate) type Shifts = HashMap<(String, i32), i64>;

/// Easter by the Julian calendar, as a day of the Gregorian one (the library gives it as a day of the Julian).
fn orthodox(year: i32) -> Option<NaiveDate> {
    let julian = computus::julian(year).ok()?;
    let days = NaiveDate::from_ymd_opt(julian.year, julian.month, julian.day)?;
    // The Gregorian calendar leaves out a leap day in centuries that 400 does not divide.
    let century = i64::from(year / 100);
    days.checked_add_signed(TimeDelta::days(century - century / 4 - 2))
}

impl FeastRule {
    /// Its day in a year of its own calendar.
    fn day(&self, year: i32, reading: Reading, shifts: &Shifts) -> Option<NaiveDate> {
        let plain = Reading { leap: LeapPolicy::Feb28, hijri_shift: 0 };
        let of = |when: When| when.next(NaiveDate::from_ymd_opt(year, 1, 1)?, plain);
        match self.rule {
            Rule::Yearly(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Rule::Weekday(month, nth, number) => {
                of(When::Weekday { year: None, month, nth, weekday: weekday(number)? }).filter(|day| day.year() == year)
            }
            Rule::Easter(days) => computus::gregorian_naive(year).ok()?.checked_add_signed(TimeDelta::days(days)),
            Rule::OrthodoxEaster(days) => orthodox(year)?.checked_add_signed(TimeDelta::days(days)),
            Rule::Hijri(month, day) => {
                let shift = shifts.get(&(self.key.clone(), year)).copied().unwrap_or(reading.hijri_shift);
                hijri::day(year, month, day)?.checked_add_signed(TimeDelta::days(shift))
            }
        }
    }

    /// Whether the moon decides.
    pub fn is_hijri(&self) -> bool {
        matches!(self.rule, Rule::Hijri(..))
    }

    /// Its days between two days, both included, each with the year of its own calendar.
    pub fn days(&self, from: NaiveDate, to: NaiveDate, reading: Reading, shifts: &Shifts) -> Vec<(NaiveDate, i32)> {
        let years = match self.is_hijri() {
            // A shift may carry a day over the end of a year.
            true => hijri::of(from).year - 1..=hijri::of(to).year + 1,
            false => from.year()..=to.year(),
        };
        let all = years.filter_map(|year| Some((self.day(year, reading, shifts)?, year)));
        all.filter(|(day, _)| (from..=to).contains(day)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Reading = Reading { leap: LeapPolicy::Feb28, hijri_shift: 0 };

    fn days(key: &str, from: i32, to: i32) -> Vec<String> {
        let (from, to) = (NaiveDate::from_ymd_opt(from, 1, 1).unwrap(), NaiveDate::from_ymd_opt(to, 12, 31).unwrap());
        find(key).unwrap().days(from, to, PLAIN, &Shifts::new()).into_iter().map(|(day, _)| day.to_string()).collect()
    }

    #[test]
    fn the_data_is_whole() {
        let packs = packs();
        assert!(!packs.version.is_empty());
        let mut keys: Vec<&str> = packs.feasts.iter().map(|feast| feast.key.as_str()).collect();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|two| two[0] != two[1]), "a key names one feast");
        for feast in &packs.feasts {
            assert!(feast.source.starts_with("https://"), "{}", feast.key);
            assert!(feast.name.contains_key("en") && feast.name.contains_key("ar"), "{}", feast.key);
            assert!(days(&feast.key, 2026, 2030).len() >= 5, "{} comes every year", feast.key);
        }
        for (country, feasts) in &packs.packs {
            assert!(country.len() == 2 && feasts.iter().all(|key| find(key).is_some()), "{country}");
        }
    }

    /// Against published dates.
    #[test]
    fn days_are_those_that_were_published() {
        assert_eq!(
            days("easter", 2023, 2028),
            ["2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16"]
        );
        assert_eq!(
            days("orthodox_easter", 2023, 2028),
            ["2023-04-16", "2024-05-05", "2025-04-20", "2026-04-12", "2027-05-02", "2028-04-16"]
        );
        assert_eq!(days("good_friday", 2026, 2026), ["2026-04-03"]);
        assert_eq!(days("whit_monday", 2026, 2027), ["2026-05-25", "2027-05-17"]);
        assert_eq!(days("ascension", 2026, 2026), ["2026-05-14"]);
        assert_eq!(
            days("thanksgiving", 2023, 2027),
            ["2023-11-23", "2024-11-28", "2025-11-27", "2026-11-26", "2027-11-25"]
        );
        assert_eq!(days("us_memorial_day", 2024, 2026), ["2024-05-27", "2025-05-26", "2026-05-25"]);
        assert_eq!(days("gb_summer", 2024, 2026), ["2024-08-26", "2025-08-25", "2026-08-31"]);
        assert_eq!(days("pohela_boishakh", 2026, 2027), ["2026-04-14", "2027-04-14"]);
        assert_eq!(days("eid_al_fitr", 2023, 2026), ["2023-04-21", "2024-04-10", "2025-03-30", "2026-03-20"]);
        assert_eq!(days("eid_al_adha", 2023, 2026), ["2023-06-28", "2024-06-16", "2025-06-06", "2026-05-27"]);
        assert_eq!(days("islamic_new_year", 2024, 2025), ["2024-07-07", "2025-06-26"]);
        // Two of them in one year of the Gregorian calendar.
        assert_eq!(days("eid_al_fitr", 2033, 2033).len(), 2);
    }

    #[test]
    fn the_moon_may_be_seen_on_another_day() {
        let eid = find("eid_al_fitr").unwrap();
        let (from, to) = ("2026-01-01".parse().unwrap(), "2027-12-31".parse().unwrap());
        let shifts = Shifts::from([(("eid_al_fitr".to_owned(), 1447), 1)]);
        let seen: Vec<String> = eid.days(from, to, PLAIN, &shifts).iter().map(|(day, _)| day.to_string()).collect();
        assert_eq!(seen[0], "2026-03-21");
        let later = Reading { hijri_shift: 1, ..PLAIN };
        let usual = eid.days(from, to, PLAIN, &Shifts::new());
        let shifted = eid.days(from, to, later, &Shifts::new());
        assert!(usual.iter().zip(&shifted).all(|(a, b)| b.0 - a.0 == TimeDelta::days(1)));
        // What is said of one year counts before the habit.
        let exact = Shifts::from([(("eid_al_fitr".to_owned(), 1447), 0)]);
        assert_eq!(eid.days(from, to, later, &exact)[0].0.to_string(), "2026-03-20");
    }
}
