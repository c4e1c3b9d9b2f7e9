//! Counting working days and finding working hours: pure rules of calendars and time zones.
use super::when::{day_of, day_start, moment};
use chrono::{
    DateTime, Datelike, Days, DurationRound, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use kernel::ids::UserId;
use std::collections::HashMap;
use uuid::Uuid;

/// After so many days without a working day nobody looks further: everything is a holiday.
const GIVE_UP: u32 = 1_200;

kernel::word! {
    /// Which days are counted.
    pub enum DayKind {
        /// Days on which the tenant works.
        #[default]
        Working = "working",
        /// Every day; what would fall on a day off comes on the next working day.
        Calendar = "calendar",
    }
}

/// Hours of each weekday, Monday first; sorted, apart from each other.
pub type Week = [Vec<(NaiveTime, NaiveTime)>; 7];

/// When somebody works: the hours of a week, the days off, and when he is away.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Where its hours are meant.
    pub zone: Tz,
    /// The hours of a week.
    pub week: Week,
    /// Days off, and whether each comes every year.
    pub holidays: Vec<(NaiveDate, bool)>,
    /// Days on which he is away. They are counted like others, but nothing comes on them.
    pub absences: Vec<Absence>,
}

/// Days on which a member is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The first one.
    pub from: NaiveDate,
    /// The last one.
    pub until: NaiveDate,
    /// Who gets what comes meanwhile; nobody when it waits.
    pub stand_in: Option<UserId>,
}

/// When the tenant works, and when its members do.
#[derive(Debug, Clone)]
pub struct Calendars {
    pub(super) tenant: Calendar,
    pub(super) hours: HashMap<Uuid, (Tz, Week)>,
    pub(super) absences: HashMap<Uuid, Vec<Absence>>,
}

impl Calendars {
    /// When a member works: in his own hours, else in the tenant's, with the tenant's days off and his absences. Nobody works when
    /// the tenant does.
    pub fn of(&self, member: Option<UserId>) -> Calendar {
        let mut calendar = self.tenant.clone();
        let Some(UserId(member)) = member else { return calendar };
        if let Some((zone, week)) = self.hours.get(&member) {
            (calendar.zone, calendar.week) = (*zone, week.clone());
        }
        calendar.absences = self.absences.get(&member).cloned().unwrap_or_default();
        calendar
    }
}

impl Calendar {
    /// Why he is away at a moment, if he is.
    pub fn absence(&self, at: DateTime<Utc>) -> Option<Absence> {
        self.away_on(day_of(at, self.zone))
    }

    fn away_on(&self, day: NaiveDate) -> Option<Absence> {
        self.absences.iter().find(|away| (away.from..=away.until).contains(&day)).copied()
    }

    /// Whether a day is one of the days off. What comes every year on 29 February comes in leap years only.
    fn is_off(&self, day: NaiveDate) -> bool {
        let same = |holiday: &NaiveDate| (holiday.month(), holiday.day()) == (day.month(), day.day());
        self.holidays.iter().any(|(holiday, yearly)| *holiday == day || (*yearly && same(holiday)))
    }

    /// The hours of a day as far as nobody is away; none on days off.
    fn usual_hours(&self, day: NaiveDate) -> &[(NaiveTime, NaiveTime)] {
        let of_weekday = &self.week[day.weekday().num_days_from_monday() as usize % 7];
        if of_weekday.is_empty() || self.is_off(day) { &[] } else { of_weekday }
    }

    /// The hours of a day; none on days off, nor while he is away.
    fn hours(&self, day: NaiveDate) -> &[(NaiveTime, NaiveTime)] {
        if self.away_on(day).is_some() { &[] } else { self.usual_hours(day) }
    }

    /// The working day so many working days after a day; with 0 the day itself, or the next one that is worked on. Days on
    /// which he is away are counted, and what would come on one of them comes on the first one after.
    pub fn working_day(&self, day: NaiveDate, count: u16) -> NaiveDate {
        let first = |from: NaiveDate, works: fn(&Self, NaiveDate) -> bool| {
            from.iter_days().take(GIVE_UP as usize).find(|day| works(self, *day))
        };
        let usual = |calendar: &Self, day: NaiveDate| !calendar.usual_hours(day).is_empty();
        let there = |calendar: &Self, day: NaiveDate| !calendar.hours(day).is_empty();
        let counted = (0..count).try_fold(day, |at, _| first(at + Days::new(1), usual));
        counted.and_then(|at| first(at, there)).unwrap_or(day + Days::new(count.into()))
    }

    /// The first day from this one on that is worked on, and the time of it that lies within its hours: what is too early
    /// comes with the first hours, what is too late at their end, what lies in a break after it. A time that is fine stays.
    pub fn fit(&self, day: NaiveDate, time: Option<NaiveTime>) -> (NaiveDate, Option<NaiveTime>) {
        let day = self.working_day(day, 0);
        let hours = self.hours(day);
        let fit = |time: NaiveTime| {
            let next = hours.iter().find(|(_, end)| time <= *end).map(|(start, _)| time.max(*start));
            next.or(hours.last().map(|(_, end)| *end)).unwrap_or(time)
        };
        (day, time.map(fit))
    }

    /// The day that is meant by so many days after a moment.
    fn target(&self, from: DateTime<Utc>, count: u16, days: DayKind) -> NaiveDate {
        let day = day_of(from, self.zone);
        match days {
            DayKind::Working => self.working_day(day, count),
            DayKind::Calendar => self.working_day(day + Days::new(count.into()), 0),
        }
    }

    /// The first moment within working hours that is so many days after another one, not before a time of that day: the
    /// day in the calendar's zone, and the moment. Hours that clocks skip are passed over.
    pub fn due(
        &self,
        from: DateTime<Utc>,
        count: u16,
        days: DayKind,
        at: Option<NaiveTime>,
    ) -> (NaiveDate, DateTime<Utc>) {
        let first = self.target(from, count, days);
        let (mut day, mut not_before) = (first, at.unwrap_or(NaiveTime::MIN));
        for _ in 0..GIVE_UP {
            for (start, end) in self.hours(day) {
                let wanted = not_before.max(*start);
                if wanted >= *end {
                    continue;
                }
                let found = self.first_minute(day, wanted).max(from);
                let shown = found.with_timezone(&self.zone).naive_local();
                if shown.date() == day && shown.time() < *end {
                    return (day, found);
                }
            }
            (day, not_before) = (day + Days::new(1), NaiveTime::MIN);
        }
        (first, moment(first.and_time(at.unwrap_or(NaiveTime::MIN)), self.zone).max(from))
    }

    /// When clocks first show this time or a later one.
    fn first_minute(&self, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let local = day.and_time(time);
        let mut at = moment(local, self.zone);
        // In a gap the moment lies as far behind the change as the time lies in the gap.
        while at.with_timezone(&self.zone).naive_local() > local {
            let before = at - TimeDelta::minutes(1);
            if self.zone.from_utc_datetime(&before.naive_utc()).naive_local() < local {
                break;
            }
            at = before;
        }
        at
    }

    /// When he is told of what comes at a moment and is due at another: at once while he works, else as soon as he works again,
    /// when that is before it is due. What is due earlier is told at its own moment, at whatever hour.
    pub(crate) fn telling(&self, at: DateTime<Utc>, due: DateTime<Utc>) -> DateTime<Utc> {
        const MINUTE: TimeDelta = TimeDelta::minutes(1);
        let hours = |at: DateTime<Utc>| {
            let shown = at.with_timezone(&self.zone).naive_local();
            (shown, self.hours(shown.date()))
        };
        let works = |(shown, hours): (NaiveDateTime, &[(NaiveTime, NaiveTime)])| {
            hours.iter().any(|(start, end)| *start <= shown.time() && shown.time() < *end)
        };
        if works(hours(at)) {
            return at;
        }
        let mut next = at.duration_trunc(MINUTE).unwrap_or(at) + MINUTE;
        while next < due {
            let (shown, of_day) = hours(next);
            if works((shown, of_day)) {
                return next;
            }
            // Minute by minute, so that whatever clocks do is what they show; days without hours are passed over.
            let morrow = day_start(shown.date() + Days::new(1), self.zone);
            next = if of_day.is_empty() { morrow.max(next + MINUTE) } else { next + MINUTE };
        }
        at
    }

    /// The same number of days later for what waited while it was paused.
    pub fn later(&self, due: DateTime<Utc>, paused: DateTime<Utc>, now: DateTime<Utc>) -> (NaiveDate, DateTime<Utc>) {
        let days = (day_of(now, self.zone) - day_of(paused, self.zone)).num_days().max(0);
        let local = due.with_timezone(&self.zone);
        let day = local.date_naive() + TimeDelta::days(days);
        let at = local.time().with_second(0).and_then(|time| time.with_nanosecond(0));
        let wanted = moment(day.and_time(at.unwrap_or(NaiveTime::MIN)), self.zone).max(now);
        let shown = wanted.with_timezone(&self.zone).time();
        self.due(wanted, 0, DayKind::Calendar, Some(shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    fn hours(from: &str, until: &str) -> (NaiveTime, NaiveTime) {
        (from.parse().unwrap(), until.parse().unwrap())
    }

    fn office(zone: Tz, holidays: &[(&str, bool)]) -> Calendar {
        let day = vec![hours("09:00:00", "17:00:00")];
        let week = [day.clone(), day.clone(), day.clone(), day.clone(), day, vec![], vec![]];
        let holidays = holidays.iter().map(|(d, yearly)| (d.parse().unwrap(), *yearly)).collect();
        Calendar { zone, week, holidays, absences: vec![] }
    }

    fn due(calendar: &Calendar, from: &str, count: u16, days: DayKind, at: Option<&str>) -> String {
        let at = at.map(|at| at.parse().unwrap());
        calendar.due(from.parse().unwrap(), count, days, at).1.to_rfc3339()
    }

    #[test]
    fn weekends_and_holidays_are_passed_over() {
        let berlin = office(Tz::Europe__Berlin, &[("2026-12-25", true), ("2026-12-28", false)]);
        // Thursday, 24 December 2026; one day later is Tuesday the 29th.
        assert_eq!(due(&berlin, "2026-12-24T12:00:00Z", 1, DayKind::Working, None), "2026-12-29T08:00:00+00:00");
        assert_eq!(due(&berlin, "2026-12-24T12:00:00Z", 1, DayKind::Calendar, None), "2026-12-29T08:00:00+00:00");
        assert_eq!(due(&berlin, "2026-12-24T12:00:00Z", 5, DayKind::Calendar, None), "2026-12-29T08:00:00+00:00");
        assert_eq!(due(&berlin, "2026-12-24T12:00:00Z", 0, DayKind::Working, None), "2026-12-24T12:00:00+00:00");
        assert_eq!(due(&berlin, "2026-12-24T17:00:00Z", 0, DayKind::Working, None), "2026-12-29T08:00:00+00:00");
        // A year later Christmas is off again, on a Saturday anyway, and the 28th is not.
        assert_eq!(due(&berlin, "2027-12-24T12:00:00Z", 1, DayKind::Working, None), "2027-12-27T08:00:00+00:00");
    }

    #[test]
    fn what_falls_into_an_absence_comes_when_he_is_back() {
        let mut berlin = office(Tz::Europe__Berlin, &[("2026-11-30", false)]);
        let away = |from: &str, until: &str| Absence {
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
            stand_in: None,
        };
        berlin.absences = vec![away("2026-11-23", "2026-11-27")];
        // Friday the 20th. Days of an absence are counted: what would come in it comes on Tuesday, as the Monday is off.
        for (count, on) in [(1, "2026-12-01"), (5, "2026-12-01"), (6, "2026-12-01"), (7, "2026-12-02")] {
            let expected = format!("{on}T08:00:00+00:00");
            assert_eq!(due(&berlin, "2026-11-20T12:00:00Z", count, DayKind::Working, None), expected, "{count}");
        }
        assert_eq!(due(&berlin, "2026-11-20T12:00:00Z", 0, DayKind::Working, None), "2026-11-20T12:00:00+00:00");
        assert_eq!(due(&berlin, "2026-11-24T12:00:00Z", 0, DayKind::Calendar, None), "2026-12-01T08:00:00+00:00");
        // His days are those of his zone.
        let at = |text: &str| berlin.absence(text.parse().unwrap()).is_some();
        assert_eq!(
            [at("2026-11-22T22:59:00Z"), at("2026-11-22T23:00:00Z"), at("2026-11-27T23:00:00Z")],
            [false, true, false]
        );
    }

    #[test]
    fn a_member_has_his_own_hours_or_the_tenants() {
        let (own, away) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut evenings = Week::default();
        evenings[5] = vec![hours("18:00:00", "20:00:00")];
        let absence =
            Absence { from: "2026-11-23".parse().unwrap(), until: "2026-11-23".parse().unwrap(), stand_in: None };
        let calendars = Calendars {
            tenant: office(Tz::UTC, &[("2026-11-28", false)]),
            hours: HashMap::from([(own, (Tz::Asia__Dhaka, evenings))]),
            absences: HashMap::from([(away, vec![absence])]),
        };
        let due = |member: Option<Uuid>| {
            due(&calendars.of(member.map(UserId)), "2026-11-20T18:00:00Z", 1, DayKind::Working, None)
        };
        // A day off of the tenant is one of everybody's.
        assert_eq!(due(Some(own)), "2026-12-05T12:00:00+00:00");
        assert_eq!(
            (due(None), due(Some(away))),
            ("2026-11-23T09:00:00+00:00".into(), "2026-11-24T09:00:00+00:00".into())
        );
    }

    #[test]
    fn a_time_is_moved_into_the_hours() {
        let utc = office(Tz::UTC, &[]);
        let at = |time| due(&utc, "2026-11-20T12:00:00Z", 1, DayKind::Working, Some(time));
        assert_eq!(at("14:30:00"), "2026-11-23T14:30:00+00:00");
        assert_eq!(at("06:00:00"), "2026-11-23T09:00:00+00:00");
        assert_eq!(at("17:00:00"), "2026-11-24T09:00:00+00:00");
    }

    #[test]
    fn clocks_that_change_leave_nine_at_nine() {
        let berlin = office(Tz::Europe__Berlin, &[]);
        assert_eq!(due(&berlin, "2026-03-27T12:00:00Z", 1, DayKind::Working, None), "2026-03-30T07:00:00+00:00");
        // Hours that do not exist on that night: the next ones are meant.
        let mut night = office(Tz::Europe__Berlin, &[]);
        night.week[6] = vec![hours("02:00:00", "03:00:00")];
        assert_eq!(due(&night, "2026-03-28T12:00:00Z", 1, DayKind::Calendar, None), "2026-03-30T07:00:00+00:00");
        night.week[6] = vec![hours("02:15:00", "03:30:00")];
        assert_eq!(due(&night, "2026-03-28T12:00:00Z", 1, DayKind::Calendar, None), "2026-03-29T01:00:00+00:00");
    }

    #[test]
    fn nobody_looks_for_ever() {
        let mut never = office(Tz::UTC, &[]);
        never.week = Default::default();
        let (day, at) = never.due("2026-11-20T12:00:00Z".parse().unwrap(), 3, DayKind::Working, None);
        assert_eq!((day.to_string(), at.to_rfc3339()), ("2026-11-23".into(), "2026-11-23T00:00:00+00:00".into()));
    }

    #[test]
    fn a_pause_moves_what_is_due_by_its_days() {
        let utc = office(Tz::UTC, &[]);
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        // Due on Monday at ten, paused for two days: Wednesday at ten. For five: Saturday, so Monday at ten.
        let later = |now| utc.later(at("2026-11-23T10:00:00Z"), at("2026-11-20T12:00:00Z"), at(now)).1.to_rfc3339();
        assert_eq!(later("2026-11-22T12:00:00Z"), "2026-11-25T10:00:00+00:00");
        assert_eq!(later("2026-11-25T12:00:00Z"), "2026-11-30T10:00:00+00:00");
        assert_eq!(later("2026-11-20T12:00:00Z"), "2026-11-23T10:00:00+00:00");
    }

    #[test]
    fn what_is_said_fits_into_the_hours() {
        let mut utc = office(Tz::UTC, &[("2026-12-25", true)]);
        utc.week[0] = vec![hours("09:00:00", "12:00:00"), hours("13:00:00", "17:00:00")];
        let fit = |day: &str, time: &str| {
            let (day, time) = utc.fit(day.parse().unwrap(), Some(time.parse().unwrap()));
            format!("{day} {}", time.unwrap())
        };
        assert_eq!(fit("2026-11-23", "10:30:00"), "2026-11-23 10:30:00");
        assert_eq!(fit("2026-11-23", "12:00:00"), "2026-11-23 12:00:00");
        assert_eq!(fit("2026-11-23", "12:30:00"), "2026-11-23 13:00:00");
        assert_eq!(fit("2026-11-23", "06:00:00"), "2026-11-23 09:00:00");
        assert_eq!(fit("2026-11-23", "22:00:00"), "2026-11-23 17:00:00");
        // Christmas is a Friday: on to the Monday.
        assert_eq!(fit("2026-12-25", "15:00:00"), "2026-12-28 15:00:00");
        assert_eq!(utc.fit("2026-12-26".parse().unwrap(), None), ("2026-12-28".parse().unwrap(), None));
    }

    #[test]
    fn who_does_not_work_is_told_when_he_works_again_but_not_too_late() {
        let mut berlin = office(Tz::Europe__Berlin, &[("2026-12-25", true)]);
        berlin.absences =
            vec![Absence { from: "2026-11-23".parse().unwrap(), until: "2026-11-24".parse().unwrap(), stand_in: None }];
        for (at, due, told) in [
            // On a Friday at noon; in the evening; on a Saturday; while he is away; over Christmas.
            ("2026-11-20T11:00:00Z", "2026-11-30T11:00:00Z", "2026-11-20T11:00:00Z"),
            ("2026-11-19T18:30:20Z", "2026-11-30T11:00:00Z", "2026-11-20T08:00:00Z"),
            ("2026-11-28T11:00:00Z", "2026-11-30T11:00:00Z", "2026-11-30T08:00:00Z"),
            ("2026-11-23T11:00:00Z", "2026-11-30T11:00:00Z", "2026-11-25T08:00:00Z"),
            ("2026-12-24T18:00:00Z", "2027-01-08T11:00:00Z", "2026-12-28T08:00:00Z"),
            // Due before he works again, or in that very moment: at its own.
            ("2026-11-28T11:00:00Z", "2026-11-30T07:59:59Z", "2026-11-28T11:00:00Z"),
            ("2026-11-28T11:00:00Z", "2026-11-30T08:00:00Z", "2026-11-28T11:00:00Z"),
            ("2026-11-28T11:00:00Z", "2026-11-28T11:00:00Z", "2026-11-28T11:00:00Z"),
        ] {
            let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
            assert_eq!(berlin.telling(moment(at), moment(due)), moment(told), "{at} {due}");
        }
    }

    /// Day by day and minute by minute, as somebody with a calendar and a clock would.
    fn oracle(c: &Calendar, from: DateTime<Utc>, count: u16, days: DayKind, at: Option<NaiveTime>) -> DateTime<Utc> {
        let usual = |day: NaiveDate| {
            let off = c
                .holidays
                .iter()
                .any(|(h, yearly)| *h == day || *yearly && h.month() == day.month() && h.day() == day.day());
            !off && !c.week[day.weekday().num_days_from_monday() as usize].is_empty()
        };
        let works = |day: NaiveDate| usual(day) && c.absences.iter().all(|away| day < away.from || away.until < day);
        let mut target = from.with_timezone(&c.zone).date_naive();
        let mut left = i32::from(count);
        while left > 0 {
            target = target.succ_opt().unwrap();
            if days == DayKind::Calendar || usual(target) {
                left -= 1;
            }
        }
        while !works(target) {
            target = target.succ_opt().unwrap();
        }
        let mut minute = from;
        loop {
            let shown = minute.with_timezone(&c.zone).naive_local();
            let reached = shown.date() > target || (shown.date() == target && at.is_none_or(|at| shown.time() >= at));
            let spans = &c.week[shown.date().weekday().num_days_from_monday() as usize];
            let open = works(shown.date()) && spans.iter().any(|(a, b)| *a <= shown.time() && shown.time() < *b);
            if reached && open {
                return minute;
            }
            minute += TimeDelta::minutes(1);
        }
    }

    prop_compose! {
        fn calendars()(
            zone in 0..TZ_VARIANTS.len(),
            week in prop::collection::vec((any::<bool>(), 0u32..22, 0u32..4, 1u32..8, any::<bool>()), 7),
            holidays in prop::collection::vec((0u64..60, any::<bool>()), 0..6),
            away in prop::collection::vec((0u64..60, 0u64..30), 0..3),
            start in 0i64..1_500,
        ) -> (Calendar, NaiveDate) {
            let from = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap() + TimeDelta::days(start);
            let time = |hour: u32, quarter: u32| NaiveTime::from_hms_opt(hour.min(23), (quarter % 4) * 15, 0).unwrap();
            let mut days: Vec<Vec<_>> = week.iter().map(|(on, hour, quarter, long, two)| {
                let (start, end) = (time(*hour, *quarter), time(hour + long, *quarter).max(time(*hour, 3)));
                let mut spans = if *on && start < end { vec![(start, end)] } else { vec![] };
                let again = time(hour + long + 2, 0);
                if *two && *on && again > end && again < time(23, 0) {
                    spans.push((again, time(23, 0)));
                }
                spans
            }).collect();
            if days.iter().all(Vec::is_empty) {
                days[2] = vec![(time(9, 0), time(17, 0))];
            }
            let off = holidays.into_iter().map(|(day, yearly)| (from + Days::new(day), yearly)).collect();
            let absences = away.into_iter().map(|(day, long)| {
                let first = from + Days::new(day);
                Absence { from: first, until: first + Days::new(long), stand_in: None }
            }).collect();
            (Calendar { zone: TZ_VARIANTS[zone], week: days.try_into().unwrap(), holidays: off, absences }, from)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
        #[test]
        fn due_is_what_a_calendar_and_a_clock_say(
            (calendar, from) in calendars(), minute in 0i64..1440, count in 1u16..16,
            working in any::<bool>(), at in prop::option::of((0u32..24, 0u32..4)),
        ) {
            let from = from.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute);
            let days = if working { DayKind::Working } else { DayKind::Calendar };
            let at = at.map(|(hour, quarter)| NaiveTime::from_hms_opt(hour, quarter * 15, 0).unwrap());
            let (day, due) = calendar.due(from, count, days, at);
            prop_assert_eq!(due, oracle(&calendar, from, count, days, at));
            prop_assert_eq!(due.with_timezone(&calendar.zone).date_naive(), day);
        }

        /// What fits is worked on and within the hours, and fits again as it is; nothing comes before what was said.
        #[test]
        fn what_fits_stays((calendar, day) in calendars(), minute in 0u32..1440) {
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0);
            let (fitted, at) = calendar.fit(day, time);
            prop_assert!(fitted >= day);
            prop_assert!(calendar.hours(fitted).iter().any(|(start, end)| at.is_some_and(|at| *start <= at && at <= *end)));
            prop_assert_eq!(calendar.fit(fitted, at), (fitted, at));
            let kept = calendar.hours(fitted).iter().any(|(start, end)| time.is_some_and(|t| *start <= t && t <= *end));
            prop_assert_eq!(kept, at == time);
        }

        /// Also in nights on which clocks change, in every zone.
        #[test]
        fn nobody_is_told_at_another_time_than_a_watch_says(
            (calendar, from) in calendars(), minute in -2_880i64..2_880, until in 0i64..20_160, clocks in any::<bool>(),
        ) {
            let mut near = from.and_time(NaiveTime::MIN).and_utc();
            if clocks {
                let offset = |at: DateTime<Utc>| calendar.zone.offset_from_utc_datetime(&at.naive_utc());
                let change = (0..366).map(|day| near + TimeDelta::days(day)).find(|at| offset(*at) != offset(*at + TimeDelta::days(1)));
                near = change.unwrap_or(near);
            }
            let at = near + TimeDelta::minutes(minute);
            let due = at + TimeDelta::minutes(until);
            let works = |at: DateTime<Utc>| {
                let shown = at.with_timezone(&calendar.zone).naive_local();
                let away = calendar.absences.iter().any(|away| away.from <= shown.date() && shown.date() <= away.until);
                let spans = &calendar.week[shown.date().weekday().num_days_from_monday() as usize];
                !away && !calendar.is_off(shown.date()) && spans.iter().any(|(a, b)| *a <= shown.time() && shown.time() < *b)
            };
            let minutes = (0..until).map(|n| at + TimeDelta::minutes(n));
            prop_assert_eq!(calendar.telling(at, due), minutes.into_iter().find(|at| works(*at)).unwrap_or(at));
        }

        /// Around every change of clocks of every zone, too: nine stays nine.
        #[test]
        fn changes_of_clocks_are_passed(zone in 0..TZ_VARIANTS.len(), day in 0i64..9_000, count in 0u16..8) {
            let calendar = office(TZ_VARIANTS[zone], &[]);
            let from = (NaiveDate::from_ymd_opt(2010, 1, 1).unwrap() + TimeDelta::days(day)).and_time(NaiveTime::MIN).and_utc();
            let (day, due) = calendar.due(from, count, DayKind::Working, None);
            let shown = due.with_timezone(&calendar.zone);
            prop_assert!(due >= from && shown.date_naive() == day && (9..17).contains(&shown.hour()));
            prop_assert!(count == 0 || (shown.hour(), shown.minute()) == (9, 0));
        }
    }
}
