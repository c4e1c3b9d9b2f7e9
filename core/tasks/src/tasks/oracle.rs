//! A slow oracle for rules that repeat: RFC 5545 read word by word, each day of a period asked whether it is in the set, nothing known
//! of the library that the program asks.
use super::{
    draft::{Draft, Place, next_time},
    model::{NewTask, SeriesId},
    recurrence::Rule,
    when::{day_of, moment, zone_of},
};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::TZ_VARIANTS;
use proptest::{prelude::*, sample::subsequence};

const NAMES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Freq {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}
use Freq::{Daily, Monthly, Weekly, Yearly};

/// The parts of a rule; empty ones are not said. A weekday without an ordinal has 0.
#[derive(Debug, Clone)]
struct Plan {
    freq: Freq,
    every: i64,
    week_start: u32,
    months: Vec<u32>,
    month_days: Vec<i64>,
    year_days: Vec<i64>,
    week_numbers: Vec<i64>,
    weekdays: Vec<(i64, u32)>,
    positions: Vec<i64>,
    until: Option<NaiveDate>,
}

fn first_of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap()
}

fn number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

/// Every day from one to another, that one not included.
fn days(from: NaiveDate, end: NaiveDate) -> Vec<NaiveDate> {
    from.iter_days().take_while(|day| *day < end).collect()
}

fn year_of(day: NaiveDate) -> Vec<NaiveDate> {
    days(first_of(day.year(), 1), first_of(day.year() + 1, 1))
}

fn month_of(day: NaiveDate) -> Vec<NaiveDate> {
    let first = first_of(day.year(), day.month());
    days(first, first_of((first + Days::new(31)).year(), (first + Days::new(31)).month()))
}

/// The week of a day, from the day on which weeks start.
fn week_of(day: NaiveDate, start: u32) -> Vec<NaiveDate> {
    let gone = (day.weekday().num_days_from_monday() + 7 - start) % 7;
    let first = day - Days::new(gone.into());
    days(first, first + Days::new(7))
}

/// The place of something in a list, counted from 1, and from its end: -1, -2 and so on.
fn places(at: usize, of: usize) -> [i64; 2] {
    [at as i64 + 1, at as i64 - of as i64]
}

/// The number of a day's week, from the beginning and from the end: the first week has at least four days of the year.
fn week_number(day: NaiveDate, start: u32) -> [i64; 2] {
    // A week is of the year that has its fourth day.
    let fourth = |week: &[NaiveDate]| week[3];
    let mine = fourth(&week_of(day, start));
    let fourths: Vec<NaiveDate> =
        year_of(mine).into_iter().filter(|other| fourth(&week_of(*other, start)) == *other).collect();
    let at = fourths.iter().position(|other| *other == mine).unwrap();
    places(at, fourths.len())
}

impl Plan {
    fn text(&self) -> String {
        let list = |name: &str, values: Vec<String>| {
            if values.is_empty() { String::new() } else { format!(";{name}={}", values.join(",")) }
        };
        let numbers = |values: &[i64]| values.iter().map(ToString::to_string).collect();
        let weekdays = self.weekdays.iter().map(|(nth, day)| {
            let nth = if *nth == 0 { String::new() } else { nth.to_string() };
            format!("{nth}{}", NAMES[*day as usize])
        });
        [
            format!("FREQ={};INTERVAL={}", format!("{:?}", self.freq).to_uppercase(), self.every),
            format!(";WKST={}", NAMES[self.week_start as usize]),
            list("BYMONTH", self.months.iter().map(ToString::to_string).collect()),
            list("BYMONTHDAY", numbers(&self.month_days)),
            list("BYYEARDAY", numbers(&self.year_days)),
            list("BYWEEKNO", numbers(&self.week_numbers)),
            list("BYDAY", weekdays.collect()),
            list("BYSETPOS", numbers(&self.positions)),
            list("UNTIL", self.until.map(|day| day.format("%Y%m%d").to_string()).into_iter().collect()),
        ]
        .concat()
    }

    /// The days among which positions are counted.
    fn period(&self, day: NaiveDate) -> Vec<NaiveDate> {
        match self.freq {
            Daily => vec![day],
            Weekly => week_of(day, self.week_start),
            Monthly => month_of(day),
            Yearly => year_of(day),
        }
    }

    /// How many periods after the one of `from` a day is.
    fn periods(&self, from: NaiveDate, day: NaiveDate) -> i64 {
        let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        match self.freq {
            Daily => number(day) - number(from),
            Weekly => (number(self.period(day)[0]) - number(self.period(from)[0])) / 7,
            Monthly => months(day) - months(from),
            Yearly => i64::from(day.year() - from.year()),
        }
    }

    /// Whether a day fits a weekday of the rule: an ordinal counts within the month, or within the year where no month is said.
    fn weekday_fits(&self, day: NaiveDate) -> bool {
        let within = if self.freq == Monthly || !self.months.is_empty() { month_of(day) } else { year_of(day) };
        let like: Vec<NaiveDate> = within.into_iter().filter(|other| other.weekday() == day.weekday()).collect();
        let at = like.iter().position(|other| *other == day).unwrap();
        let (mine, nth) = (day.weekday().num_days_from_monday(), places(at, like.len()));
        self.weekdays.iter().any(|(n, weekday)| *weekday == mine && (*n == 0 || nth.contains(n)))
    }

    /// Whether a day is in the set of its period, before positions are asked.
    fn is_in_set(&self, from: NaiveDate, day: NaiveDate) -> bool {
        let place = |of: Vec<NaiveDate>| places(of.iter().position(|other| *other == day).unwrap(), of.len());
        let said = |asked: &[i64], known: &dyn Fn() -> [i64; 2]| {
            asked.is_empty() || known().iter().any(|known| asked.contains(known))
        };
        let bare = self.month_days.is_empty()
            && self.year_days.is_empty()
            && self.week_numbers.is_empty()
            && self.weekdays.is_empty();
        let no_day = self.month_days.is_empty() && self.year_days.is_empty() && self.weekdays.is_empty();
        // What the rule does not say is as it is on the first day.
        let as_at_first = match self.freq {
            Yearly if no_day && !bare => day.weekday() == from.weekday(),
            _ if !bare => true,
            Daily => true,
            Weekly => day.weekday() == from.weekday(),
            Monthly => day.day() == from.day(),
            Yearly => day.day() == from.day() && (!self.months.is_empty() || day.month() == from.month()),
        };
        as_at_first
            && (self.months.is_empty() || self.months.contains(&day.month()))
            && said(&self.month_days, &|| place(month_of(day)))
            && said(&self.year_days, &|| place(year_of(day)))
            && said(&self.week_numbers, &|| week_number(day, self.week_start))
            && (self.weekdays.is_empty() || self.weekday_fits(day))
    }

    fn holds(&self, from: NaiveDate, day: NaiveDate) -> bool {
        if self.until.is_some_and(|until| day > until)
            || self.periods(from, day) % self.every != 0
            || !self.is_in_set(from, day)
        {
            return false;
        }
        if self.positions.is_empty() {
            return true;
        }
        let set: Vec<NaiveDate> = self.period(day).into_iter().filter(|day| self.is_in_set(from, *day)).collect();
        let at = set.iter().position(|other| *other == day).unwrap();
        places(at, set.len()).iter().any(|place| self.positions.contains(place))
    }

    /// The next day after one, day by day.
    fn next(&self, from: NaiveDate, after: NaiveDate, end: NaiveDate) -> Option<NaiveDate> {
        days(after + Days::new(1), end).into_iter().find(|day| self.holds(from, *day))
    }
}

fn some<T: Clone + std::fmt::Debug + 'static>(of: Vec<T>, most: usize) -> impl Strategy<Value = Vec<T>> {
    // Often nothing, so that rules stay as people write them.
    prop_oneof![2 => Just(vec![]), 1 => subsequence(of, 1..=most)]
}

fn either_way(most: i64) -> Vec<i64> {
    (-most..=most).filter(|n| *n != 0).collect()
}

prop_compose! {
    /// Rules that RFC 5545 allows: some parts go with some frequencies alone.
    fn plan()(
        freq in prop_oneof![Just(Daily), Just(Weekly), Just(Monthly), Just(Yearly)],
        every in prop_oneof![3 => 1i64..4, 1 => 4i64..16],
        week_start in 0u32..7,
        months in some((1..=12).collect(), 3),
        month_days in some(either_way(31), 4),
        year_days in some(either_way(366), 4),
        week_numbers in some(either_way(53), 4),
        weekdays in some((0..7).collect(), 5),
        ordinals in prop::collection::vec(prop_oneof![Just(0i64), -4i64..6], 5),
        positions in some(either_way(6), 3),
        until in prop::option::weighted(0.2, 0u64..1500),
    ) -> Plan {
        let only = |here: bool, values: Vec<i64>| if here { values } else { vec![] };
        let year_days = only(freq == Yearly, year_days);
        let week_numbers = only(freq == Yearly, week_numbers);
        // Weeks of the year have no ordinals of weekdays; those of a month and a year stand beside plain ones.
        let numbered = matches!(freq, Monthly | Yearly) && week_numbers.is_empty() && ordinals[0] != 0;
        let nth = |n: i64| if numbered { n } else { 0 };
        let weekdays: Vec<(i64, u32)> = weekdays.into_iter().zip(ordinals).map(|(day, n)| (nth(n), day)).collect();
        let month_days = only(freq != Weekly, month_days);
        let bare = months.is_empty() && month_days.is_empty() && year_days.is_empty() && weekdays.is_empty();
        let no_weeks = week_numbers.is_empty();
        Plan {
            freq, every, week_start, months, month_days, year_days, week_numbers, weekdays,
            // They are refused beside weeks, which RFC 5545 leaves open at the ends of years.
            positions: only(!bare && no_weeks, positions),
            until: until.map(|days| start() + Days::new(days)),
        }
    }
}

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()
}

/// Rules are looked at for so long: past leap days, and past every interval of months and years above.
fn end() -> NaiveDate {
    NaiveDate::from_ymd_opt(2050, 1, 1).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]
    #[test]
    fn days_are_those_of_the_slow_oracle(plan in plan(), from in 0u64..1500, gap in 0u64..300) {
        let from = start() + Days::new(from);
        let rule = Rule::parse(&plan.text()).map_err(|why| TestCaseError::fail(format!("{}: {why}", plan.text())))?;
        let mut after = from + Days::new(gap);
        for _ in 0..5 {
            let (next, slow) = (rule.next(from, after), plan.next(from, after, end()));
            prop_assert_eq!(next.filter(|day| *day < end()), slow, "{} from {} after {}", plan.text(), from, after);
            let Some(day) = slow else { break };
            after = day;
        }
    }
}

/// The moment that clocks of the zone show this, found minute by minute; none when they skip it.
fn shown(day: NaiveDate, time: NaiveTime, zone: chrono_tz::Tz) -> Option<DateTime<Utc>> {
    let begin = day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(15);
    let at = |n: i64| begin + TimeDelta::minutes(n);
    (0..60 * 54).map(at).find(|at| at.with_timezone(&zone).naive_local() == day.and_time(time))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]
    /// Each task is done when it is due: there are as many as COUNT says, on the days of the rule, and each at its time on the clocks
    /// of its zone, whatever those do in between.
    #[test]
    fn a_series_has_its_count_and_keeps_its_time(
        plan in plan(), from in 0u64..1500, count in 1i32..6, zone in 0..TZ_VARIANTS.len(), minute in 0u32..1440,
    ) {
        let (from, zone) = (start() + Days::new(from), TZ_VARIANTS[zone]);
        let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        let mut expected = vec![from];
        while expected.len() < count as usize {
            let Some(next) = plan.next(from, *expected.last().unwrap(), end()) else { break };
            expected.push(next);
        }
        let mut place = Place { series: SeriesId(uuid::Uuid::nil()), occurrence: 1, from, occurs_on: from };
        let mut found = vec![];
        while place.occurs_on < end() {
            let new = NewTask {
                title: "A".into(),
                due_on: Some(place.occurs_on),
                due_time: Some(time.format("%H:%M").to_string()),
                rule: Some(format!("{};COUNT={count}", plan.text())),
                ..NewTask::default()
            };
            let task = Draft::new(new, zone.name()).unwrap();
            let due = task.due_at().unwrap();
            if let Some(shown) = shown(place.occurs_on, time, zone) {
                prop_assert_eq!(due, shown);
                prop_assert_eq!(day_of(due, zone_of(zone.name())), place.occurs_on);
            }
            found.push(place.occurs_on);
            // Done in the middle of its day, which every zone has.
            let noon = moment(place.occurs_on.and_hms_opt(12, 0, 0).unwrap(), zone);
            let Some(next) = next_time(&task, Some(&place), noon) else { break };
            place = next;
        }
        prop_assert_eq!(found, expected, "{};COUNT={} from {}", plan.text(), count, from);
    }
}

/// The examples of RFC 5545 that are rules of days, with the days that it names (section 3.8.5.3).
#[test]
fn the_examples_of_the_rfc_hold() {
    for (rule, from, named) in [
        ("FREQ=MONTHLY;BYDAY=1FR", "1997-09-05", "1997-10-03 1997-11-07 1997-12-05 1998-01-02"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU", "1997-09-07", "1997-09-28 1997-11-02 1997-11-30 1998-01-04"),
        ("FREQ=MONTHLY;BYDAY=-2MO", "1997-09-22", "1997-10-20 1997-11-17 1997-12-22"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26"),
        ("FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11", "1997-09-10", "1997-09-11 1999-03-10 1999-03-11"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1,2,3", "1997-03-10", "1999-01-10 1999-02-10 1999-03-10 2001-01-10"),
        ("FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200", "1997-01-01", "1997-04-10 1997-07-19 2000-01-01 2000-04-09"),
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1998-05-18 1999-05-17"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "1998-05-11 1999-05-17"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02", "1998-02-13 1998-03-13 1998-11-13 1999-08-13"),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05", "2000-11-07 2004-11-02"),
        ("FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "1997-10-07 1997-11-06"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "1997-10-30 1997-11-27 1997-12-30"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-08-10 1997-08-19 1997-08-24"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-08-17 1997-08-19 1997-08-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,30", "2007-01-15", "2007-01-30 2007-02-15 2007-03-15"),
    ] {
        let (rule, from) = (Rule::parse(rule).unwrap(), from.parse::<NaiveDate>().unwrap());
        let mut after = from;
        for day in named.split(' ') {
            after = rule.next(from, after).unwrap();
            assert_eq!(after.to_string(), day, "{} from {from}", rule.text);
        }
    }
    assert_eq!(week_number("2021-01-03".parse().unwrap(), Weekday::Mon.num_days_from_monday()), [53, -1]);
}
