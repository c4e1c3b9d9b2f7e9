//! How a task repeats: rules of RFC 5545 in whole days. The library that reads them sees plain days, never a time zone:
//! which moment a day and a time are is decided in `when.rs` alone. What the library reads otherwise than the RFC means it, it is
//! asked in other words; a slow oracle (`oracle.rs`) compares.
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Weekday};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

/// Longest rule, in characters.
const LONGEST: usize = 200;
/// Most times of a series that says how many.
const MOST: i32 = 1_000;
/// Parts of a rule that make sense for days.
const PARTS: [&str; 10] =
    ["FREQ", "INTERVAL", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"];
/// How far ahead the next day of a rule may be, for each step of its interval: a leap day on a certain weekday comes round within
/// forty years.
const FAR: u64 = 366 * 41;
/// Days of the week as rules name them, from Monday on.
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// A rule and how many times it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Without COUNT, in capitals.
    pub text: String,
    /// COUNT: how many tasks there are in all, the first one included.
    pub times: Option<i32>,
}

impl Rule {
    /// Reads a rule; says what is wrong with one that cannot be taken.
    pub fn parse(given: &str) -> Result<Rule, &'static str> {
        let text = given.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        if text.len() > LONGEST {
            return Err("At most 200 characters.");
        }
        let (mut parts, mut times) = (vec![], None);
        for part in text.split(';') {
            let (name, value) = part.split_once('=').ok_or("Parts like FREQ=WEEKLY, joined by semicolons.")?;
            if name == "COUNT" {
                let count = value.parse().ok().filter(|count| (1..=MOST).contains(count));
                times = Some(count.ok_or("COUNT goes from 1 to 1000.")?);
                continue;
            }
            if !PARTS.contains(&name) || parts.iter().any(|(known, _)| *known == name) {
                return Err(
                    "FREQ, INTERVAL, COUNT, UNTIL, WKST, BYDAY, BYMONTH, BYMONTHDAY, BYYEARDAY, BYWEEKNO, BYSETPOS; each once.",
                );
            }
            parts.push((name, checked(name, value)?));
        }
        if !parts.iter().any(|(name, _)| *name == "FREQ") {
            return Err("A rule needs FREQ.");
        }
        let text = parts.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";");
        let rule = Rule { text, times };
        let weeks = rule.part("BYWEEKNO").is_some();
        let counts = rule.part("FREQ").is_some_and(|freq| ["MONTHLY", "YEARLY"].contains(&freq)) && !weeks;
        if !counts && rule.part("BYDAY").is_some_and(|days| days.split(',').any(is_numbered)) {
            return Err("Weekdays with a number like 2TU go with MONTHLY and YEARLY, and not with BYWEEKNO.");
        }
        if weeks && rule.part("BYSETPOS").is_some() {
            return Err("BYWEEKNO does not go with BYSETPOS.");
        }
        validated(&rule.text, DateTime::UNIX_EPOCH.date_naive()).ok_or("This is no rule of RFC 5545.")?;
        Ok(rule)
    }

    /// What a part of the rule says.
    fn part(&self, name: &str) -> Option<&str> {
        self.text.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
    }

    /// The rule with its COUNT.
    pub fn whole(&self) -> String {
        match self.times {
            Some(times) => format!("{};COUNT={times}", self.text),
            None => self.text.clone(),
        }
    }

    /// The first day of the rule after `after`, counted from the day `from`; `None` when there is none.
    pub fn next(&self, from: NaiveDate, after: NaiveDate) -> Option<NaiveDate> {
        let every = self.part("INTERVAL").and_then(|every| every.parse().ok()).unwrap_or(1);
        let end = after.max(from).checked_add_days(Days::new(FAR * every))?;
        let weeks: Option<Vec<i64>> =
            self.part("BYWEEKNO").map(|wanted| wanted.split(',').filter_map(|n| n.parse().ok()).collect());
        let fits = |day: NaiveDate| weeks.as_ref().is_none_or(|wanted| self.is_in_weeks(day, wanted));
        let (text, start) = self.asked(from);
        let mut days = validated(&text, start)?.into_iter().map(|at| at.date_naive()).take_while(|day| *day <= end);
        days.find(|day| *day > after && *day >= from && fits(*day))
    }

    /// The next day of a rule that counts from the day on which something was done. Months and years that are said alone go on from
    /// any day: the RFC would leave out every month that has no such day, so what is done on the 31st would wait for two.
    pub fn after(&self, done: NaiveDate) -> Option<NaiveDate> {
        let months = match self.part("FREQ") {
            Some("MONTHLY") => 1,
            Some("YEARLY") => 12,
            _ => return self.next(done, done),
        };
        if self.text.split(';').any(|part| part.starts_with("BY")) {
            return self.next(done, done);
        }
        let every = self.part("INTERVAL").and_then(|every| every.parse().ok()).unwrap_or(1);
        let last = self.part("UNTIL").and_then(|until| NaiveDate::parse_from_str(until.get(..8)?, "%Y%m%d").ok());
        let day = done.checked_add_months(Months::new(months * every))?;
        Some(day).filter(|day| last.is_none_or(|last| *day <= last))
    }

    /// The rule in words that the library reads as the RFC means them, and the day from which that counts.
    fn asked(&self, from: NaiveDate) -> (String, NaiveDate) {
        let (weekly, positions) = (self.part("FREQ") == Some("WEEKLY"), self.part("BYSETPOS").is_some());
        let weeks = self.part("BYWEEKNO").is_some();
        let first = WEEKDAYS[from.weekday().num_days_from_monday() as usize];
        let mut parts: Vec<String> = vec![];
        for part in self.text.split(';') {
            match part.split_once('=') {
                // Days are asked for their weeks afterwards: those at the ends of years the library gets wrong.
                Some(("BYWEEKNO", _)) => {}
                Some(("BYDAY", days)) => parts.push(format!("BYDAY={}", self.numbered_alike(days))),
                _ => parts.push(part.to_owned()),
            }
        }
        let days = ["BYDAY", "BYMONTHDAY", "BYYEARDAY"].iter().any(|name| self.part(name).is_some());
        // The weekday that a rule does not say is that of its first day.
        if !days && (weeks || (weekly && positions)) {
            parts.push(format!("BYDAY={first}"));
        }
        // Positions are counted in the whole of the first week, also before the first day.
        let start = if weekly && positions { from.week(self.week_start()).first_day() } else { from };
        (parts.join(";"), start)
    }

    /// Weekdays, all with numbers when one has: beside one of those the library lets no plain one hold.
    fn numbered_alike(&self, days: &str) -> String {
        if !days.split(',').any(is_numbered) {
            return days.to_owned();
        }
        let in_months = self.part("FREQ") == Some("MONTHLY") || self.part("BYMONTH").is_some();
        let each = |day: &str| match is_numbered(day) {
            true => vec![day.to_owned()],
            false => (1..if in_months { 5 } else { 53 }).chain([-1]).map(|n| format!("{n}{day}")).collect(),
        };
        days.split(',').flat_map(each).collect::<Vec<_>>().join(",")
    }

    fn week_start(&self) -> Weekday {
        let known = self.part("WKST").and_then(|name| WEEKDAYS.iter().position(|day| *day == name));
        known.and_then(|n| Weekday::try_from(u8::try_from(n).ok()?).ok()).unwrap_or(Weekday::Mon)
    }

    /// Whether a day is in one of these weeks of the year; they are counted from its end below zero.
    fn is_in_weeks(&self, day: NaiveDate, wanted: &[i64]) -> bool {
        // A week is of the year that has its fourth day.
        let fourth = day.week(self.week_start()).first_day() + Days::new(3);
        let days = if fourth.leap_year() { 366 } else { 365 };
        let (gone, left) = (fourth.ordinal0() / 7, (days - fourth.ordinal()) / 7);
        wanted.contains(&(i64::from(gone) + 1)) || wanted.contains(&(-1 - i64::from(left)))
    }
}

/// Whether a weekday of a rule says which one of a month or year.
fn is_numbered(day: &str) -> bool {
    !day.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// The days of a rule from one on; `None` when it is no rule.
fn validated(text: &str, from: NaiveDate) -> Option<RRuleSet> {
    let start = from.and_time(NaiveTime::MIN).and_utc().with_timezone(&Tz::UTC);
    let rule: RRule<Unvalidated> = text.parse().ok()?;
    let rule = rule.validate(start).ok()?;
    // The library counts its steps and gives up on rules that hold on no day.
    Some(RRuleSet::new(start).rrule(rule).limit())
}

/// A part of a rule, as the library shall read it.
fn checked(name: &str, value: &str) -> Result<String, &'static str> {
    match name {
        "FREQ" if !["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].contains(&value) => {
            Err("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.")
        }
        "INTERVAL" if !value.parse().is_ok_and(|every: u16| (1..=1_000).contains(&every)) => {
            Err("INTERVAL goes from 1 to 1000.")
        }
        // A day, meant to its end in whatever zone the task has; the time of one that is given does not count.
        "UNTIL" => {
            let day = value.get(..8).ok_or("UNTIL is a day like 20261231.")?;
            let rest = &value[8..];
            let plain = rest.is_empty() || (rest.starts_with('T') && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
            match NaiveDate::parse_from_str(day, "%Y%m%d") {
                Ok(_) if plain => Ok(format!("{day}T235959Z")),
                _ => Err("UNTIL is a day like 20261231."),
            }
        }
        _ => Ok(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(rule: &str, from: &str, count: usize) -> Vec<String> {
        let rule = Rule::parse(rule).unwrap();
        let mut found = vec![day(from)];
        while found.len() < count {
            let Some(next) = rule.next(found[0], *found.last().unwrap()) else { break };
            found.push(next);
        }
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rules_give_their_days() {
        assert_eq!(days("FREQ=DAILY", "2026-11-28", 3), ["2026-11-28", "2026-11-29", "2026-11-30"]);
        assert_eq!(days("RRULE:freq=weekly;byday=mo,fr", "2026-11-27", 3), ["2026-11-27", "2026-11-30", "2026-12-04"]);
        assert_eq!(days("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", 3), ["2026-01-31", "2026-02-28", "2026-03-31"]);
        assert_eq!(days("FREQ=MONTHLY", "2026-01-31", 3), ["2026-01-31", "2026-03-31", "2026-05-31"]);
        assert_eq!(days("FREQ=MONTHLY;BYDAY=2TU", "2026-11-10", 2), ["2026-11-10", "2026-12-08"]);
        assert_eq!(days("FREQ=YEARLY", "2024-02-29", 2), ["2024-02-29", "2028-02-29"]);
        assert_eq!(
            days("FREQ=DAILY;INTERVAL=3;UNTIL=20261204", "2026-11-28", 9),
            ["2026-11-28", "2026-12-01", "2026-12-04"]
        );
        assert_eq!(days("FREQ=WEEKLY;UNTIL=20261128T120000Z", "2026-11-28", 9), ["2026-11-28"]);
        // However long an interval is, the series goes on.
        assert_eq!(days("FREQ=YEARLY;INTERVAL=12", "2026-03-01", 3), ["2026-03-01", "2038-03-01", "2050-03-01"]);
        assert_eq!(days("FREQ=MONTHLY;INTERVAL=13;BYMONTH=2", "2026-02-10", 2), ["2026-02-10", "2039-02-10"]);
        // What is due today and done today comes again tomorrow, not in a year.
        assert_eq!(days("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=28", "2026-11-28", 2), ["2026-11-28", "2027-11-28"]);
    }

    #[test]
    fn what_is_counted_from_its_end_leaves_no_month_out() {
        for (rule, done, next) in [
            ("FREQ=MONTHLY", "2026-01-31", Some("2026-02-28")),
            ("FREQ=MONTHLY", "2026-02-28", Some("2026-03-28")),
            ("FREQ=MONTHLY;INTERVAL=3", "2026-11-30", Some("2027-02-28")),
            ("FREQ=YEARLY", "2028-02-29", Some("2029-02-28")),
            ("FREQ=MONTHLY;UNTIL=20260228", "2026-01-31", Some("2026-02-28")),
            ("FREQ=MONTHLY;UNTIL=20260227", "2026-01-31", None),
            // Days that the rule names itself are those.
            ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", Some("2026-03-31")),
            ("FREQ=DAILY;INTERVAL=3", "2026-02-27", Some("2026-03-02")),
        ] {
            assert_eq!(Rule::parse(rule).unwrap().after(day(done)), next.map(day), "{rule} {done}");
        }
    }

    #[test]
    fn a_count_stands_beside_the_rule() {
        let rule = Rule::parse("FREQ=DAILY;COUNT=3;INTERVAL=2").unwrap();
        assert_eq!((rule.text.as_str(), rule.times), ("FREQ=DAILY;INTERVAL=2", Some(3)));
        assert_eq!(Rule::parse(&rule.whole()).unwrap(), rule);
    }

    #[test]
    fn what_is_no_rule_of_days_is_refused() {
        for bad in [
            "",
            "x",
            "DAILY",
            "INTERVAL=2",
            "FREQ=HOURLY",
            "FREQ=DAILY;BYHOUR=3",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=-1",
            "FREQ=DAILY;UNTIL=soon",
            "FREQ=DAILY;UNTIL=2026éé31",
            "FREQ=DAILY;BYDAY=XX",
            "FREQ=WEEKLY;BYDAY=",
            "FREQ=DAILY;BYMONTHDAY=99",
            "FREQ=WEEKLY;BYDAY=2TU",
            "FREQ=DAILY;BYDAY=MO,-1TU",
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
            "FREQ=YEARLY;BYWEEKNO=20;BYSETPOS=1",
            "FREQ=MONTHLY;BYWEEKNO=20",
            "FREQ=DAILY\nDTSTART:20260101",
            "FREQ=DAILY;;",
        ] {
            assert!(Rule::parse(bad).is_err(), "{bad}");
        }
        let never = Rule::parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").unwrap();
        assert_eq!(never.next(day("2026-01-01"), day("2026-01-01")), None);
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in ".{0,80}", parts in proptest::collection::vec("(FREQ|INTERVAL|BYDAY|UNTIL|BYMONTHDAY|BYSETPOS|COUNT|WKST)=[-0-9A-Z,]{0,6}", 0..4)) {
            let _ = Rule::parse(&text);
            let rule = Rule::parse(&format!("FREQ=MONTHLY;{}", parts.join(";")));
            if let Ok(rule) = rule {
                let _ = rule.next(day("2026-01-31"), day("2026-03-01"));
            }
        }

        /// Weekly rules against counting days one by one.
        #[test]
        fn weeks_are_those_of_a_slow_oracle(start in 0u64..2000, gap in 0u64..400, every in 1u16..5, picks in 1u8..128) {
            let from = day("2024-01-01") + Days::new(start);
            let after = from + Days::new(gap);
            let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
            let on = |weekday: Weekday| picks & (1 << weekday.num_days_from_monday()) != 0;
            let chosen: Vec<&str> = (0..7).filter(|i| picks & (1 << i) != 0).map(|i| names[i]).collect();
            let rule = Rule::parse(&format!("FREQ=WEEKLY;INTERVAL={every};BYDAY={}", chosen.join(","))).unwrap();
            let monday = from - Days::new(u64::from(from.weekday().num_days_from_monday()));
            let slow = (1..=60).map(|n| after + Days::new(n)).find(|d| {
                let week = (*d - monday).num_days() / 7;
                on(d.weekday()) && week % i64::from(every) == 0
            });
            prop_assert_eq!(rule.next(from, after), slow);
        }
    }
}
