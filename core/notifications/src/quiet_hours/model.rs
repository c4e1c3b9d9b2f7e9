//! When somebody is not to be disturbed, and when that ends: pure rules of weeks and time zones.
use chrono::{DateTime, Datelike, Days, MappedLocalTime, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use kernel::{Error, Result, error::FieldProblem, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Minutes of a day and of a week.
const DAY: usize = 1_440;
const WEEK: usize = 7 * DAY;
/// More minutes than clocks ever skip at once: islands that changed sides of the date line left out a day.
const SKIPPED: i64 = 1_500;
/// More spans than stand one after the other before the week has a gap, twice: clocks may skip it once.
const IN_A_ROW: usize = 200;

/// Hours that begin on some days of the week.
#[derive(Object, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
#[oai(deny_unknown_fields)]
pub struct QuietSpan {
    /// The days on which it begins, 1 (Monday) to 7 (Sunday), as ISO 8601 counts; 422 `days_invalid`.
    #[oai(validator(max_items = 7))]
    pub days: Vec<u8>,
    /// From when, `HH:MM`; 422 `time_invalid`.
    pub from: String,
    /// Until when, `HH:MM`; on the next day when it is not later than `from`.
    pub until: String,
}
jsonb!(QuietSpan, Spans);

/// The hours of a week as stored.
#[derive(Serialize, Deserialize, Debug, Clone)]
#[serde(transparent)]
pub(crate) struct Spans(pub Vec<QuietSpan>);

row! {
    /// As stored.
    #[derive(Debug, Clone)]
    pub(crate) struct QuietHoursRow {
        pub(crate) user_id: Uuid,
        pub(crate) zone: Option<String>,
        pub(crate) spans: Spans,
    }
}

/// Hours in which one's devices and mailbox stay silent: what one is told meanwhile stands in the app at once, and comes by the other
/// ways when they end, unless it was read by then. News that are always told wait for nothing.
#[derive(Object, Debug, Clone)]
pub struct QuietHours {
    /// The hours of a week; none when one is told at any time.
    pub spans: Vec<QuietSpan>,
    /// IANA time zone that the hours are meant in, when it is not the account's.
    pub zone: Option<String>,
    /// The zone in force.
    pub zone_in_force: String,
    /// Until when it is quiet now, UTC; null when it is not.
    pub quiet_until: Option<DateTime<Utc>>,
}

/// Other quiet hours, as a whole.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewQuietHours {
    /// The hours of a week, which may overlap; 422 `quiet_always` when they leave no minute of it.
    #[oai(validator(max_items = 7))]
    pub spans: Vec<QuietSpan>,
    /// IANA time zone that the hours are meant in; the account's when absent, 422 `zone_unknown`.
    pub zone: Option<String>,
}

/// A time of the day, as the API writes it.
fn time(text: &str) -> Option<NaiveTime> {
    (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok())?
}

impl NewQuietHours {
    /// As it may be stored: days in order, each once.
    pub(super) fn checked(mut self) -> Result<Self> {
        let mut wrong = vec![];
        let mut problem = |field: String, code: &str, detail: &str| {
            wrong.push(FieldProblem { field, code: code.into(), detail: detail.into() });
        };
        if self.zone.as_ref().is_some_and(|zone| zone.parse::<Tz>().is_err()) {
            problem("/zone".into(), "zone_unknown", "An IANA time zone, for example Europe/Berlin.");
        }
        for (i, span) in self.spans.iter_mut().enumerate() {
            span.days.sort_unstable();
            span.days.dedup();
            if span.days.is_empty() || span.days.iter().any(|day| !(1..=7).contains(day)) {
                problem(format!("/spans/{i}/days"), "days_invalid", "One day at least, 1 (Monday) to 7 (Sunday).");
            }
            for (name, text) in [("from", &span.from), ("until", &span.until)] {
                if time(text).is_none() {
                    problem(format!("/spans/{i}/{name}"), "time_invalid", "Times of the day like 09:30.");
                }
            }
        }
        if self.hours(Tz::UTC).is_always() {
            problem("/spans".into(), "quiet_always", "Some minute of the week must not be quiet.");
        }
        if wrong.is_empty() { Ok(self) } else { Err(Error::invalid_fields(wrong)) }
    }

    fn hours(&self, zone: Tz) -> Hours {
        Hours::new(&self.spans, zone)
    }
}

impl QuietHoursRow {
    pub(super) fn hours(&self, account: &str) -> Hours {
        let zone = self.zone.as_deref().unwrap_or(account).parse().unwrap_or(Tz::UTC);
        Hours::new(&self.spans.0, zone)
    }
}

/// Quiet hours that can be counted with.
#[derive(Debug, Clone)]
pub(super) struct Hours {
    zone: Tz,
    spans: Vec<(Vec<u8>, NaiveTime, NaiveTime)>,
}

impl Hours {
    fn new(spans: &[QuietSpan], zone: Tz) -> Self {
        let read = |span: &QuietSpan| Some((span.days.clone(), time(&span.from)?, time(&span.until)?));
        Hours { zone, spans: spans.iter().filter_map(read).collect() }
    }

    /// Whether no minute of a week is left.
    fn is_always(&self) -> bool {
        let minute = |time: &NaiveTime| (time.hour() * 60 + time.minute()) as usize;
        let mut quiet = vec![false; WEEK];
        for (days, from, until) in &self.spans {
            let (from, until) = (minute(from), minute(until));
            let length = if until > from { until - from } else { DAY + until - from };
            for day in days.iter().filter(|day| (1..=7).contains(*day)) {
                let begin = usize::from(day - 1) * DAY + from;
                (begin..begin + length).for_each(|at| quiet[at % WEEK] = true);
            }
        }
        quiet.into_iter().all(|quiet| quiet)
    }

    /// Until when it is quiet at a moment; none when it is not. A span lasts from the first moment at which the clock on the wall
    /// shows its beginning to the last one at which it shows its end; of what clocks skip it begins or ends where they go on.
    pub(super) fn until(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut end = at;
        for _ in 0..IN_A_ROW {
            match self.ends(end) {
                Some(later) => end = later,
                None => break,
            }
        }
        (end > at).then_some(end)
    }

    /// The last end of the spans that hold a moment.
    fn ends(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let today = at.with_timezone(&self.zone).date_naive();
        // A span of yesterday may last until today, and a day may be left out in between.
        let days = (0..=3).filter_map(|back| (today + Days::new(1)).checked_sub_days(Days::new(back)));
        let begun = days.flat_map(|day| self.spans.iter().map(move |span| (day, span)));
        let on_its_day = begun.filter(|(day, (days, ..))| days.contains(&(day.weekday().number_from_monday() as u8)));
        let whole = on_its_day.map(|(day, (_, from, until))| {
            let last = if until > from { day } else { day + Days::new(1) };
            (self.moment(day.and_time(*from), false), self.moment(last.and_time(*until), true))
        });
        whole.filter(|(begin, end)| *begin <= at && at < *end).map(|(_, end)| end).max()
    }

    fn moment(&self, local: NaiveDateTime, last: bool) -> DateTime<Utc> {
        let find = |local: NaiveDateTime| self.zone.from_local_datetime(&local);
        match find(local) {
            MappedLocalTime::Single(at) => at.to_utc(),
            MappedLocalTime::Ambiguous(early, late) => if last { late } else { early }.to_utc(),
            MappedLocalTime::None => {
                let on = (1..=SKIPPED).find_map(|minutes| find(local + TimeDelta::minutes(minutes)).earliest());
                on.map_or_else(|| local.and_utc(), |at| at.to_utc())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    fn span(days: &[u8], from: &str, until: &str) -> QuietSpan {
        QuietSpan { days: days.into(), from: from.into(), until: until.into() }
    }

    fn until(spans: &[QuietSpan], zone: &str, at: &str) -> Option<String> {
        let at = at.parse::<DateTime<Utc>>().unwrap();
        Hours::new(spans, zone.parse().unwrap()).until(at).map(|end| end.format("%FT%RZ").to_string())
    }

    #[test]
    fn nights_and_weekends_end_in_the_morning_of_whoever_sleeps() {
        let nights = [span(&[1, 2, 3, 4, 5], "22:00", "07:00"), span(&[6, 7], "00:00", "00:00")];
        // 2026-11-30 is a Monday.
        assert_eq!(until(&nights, "Europe/Berlin", "2026-11-30T20:59:59Z"), None);
        assert_eq!(until(&nights, "Europe/Berlin", "2026-11-30T21:00:00Z").as_deref(), Some("2026-12-01T06:00Z"));
        assert_eq!(until(&nights, "Asia/Tokyo", "2026-11-30T21:00:00Z").as_deref(), Some("2026-11-30T22:00Z"));
        // Friday evening lasts over the weekend; the night after Sunday is nobody's.
        assert_eq!(until(&nights, "Europe/Berlin", "2026-12-04T22:30:00Z").as_deref(), Some("2026-12-06T23:00Z"));
        assert_eq!(until(&nights, "Europe/Berlin", "2026-12-06T23:00:00Z"), None);
        assert_eq!(until(&[], "Europe/Berlin", "2026-12-06T23:00:00Z"), None);
    }

    #[test]
    fn clocks_that_change_make_a_night_shorter_or_longer() {
        let night = [span(&[6], "22:00", "02:30")];
        // 02:30 is skipped on 2026-03-29: clocks go on at three.
        assert_eq!(until(&night, "Europe/Berlin", "2026-03-28T22:00:00Z").as_deref(), Some("2026-03-29T01:00Z"));
        // It comes twice on 2026-10-25: the second one counts.
        assert_eq!(until(&night, "Europe/Berlin", "2026-10-24T21:00:00Z").as_deref(), Some("2026-10-25T01:30Z"));
    }

    #[test]
    fn hours_are_checked() {
        let check = |spans: Vec<QuietSpan>, zone: Option<&str>| {
            NewQuietHours { spans, zone: zone.map(str::to_owned) }.checked()
        };
        let fine = check(vec![span(&[7, 1, 7], "22:00", "07:00")], Some("Europe/Berlin")).unwrap();
        assert_eq!(fine.spans[0].days, [1, 7]);
        assert!(check(vec![], None).is_ok());
        assert!(check(vec![span(&[1, 2, 3, 4, 5, 6, 7], "07:00", "06:59")], None).is_ok());
        for wrong in [
            span(&[], "22:00", "07:00"),
            span(&[0], "22:00", "07:00"),
            span(&[8], "22:00", "07:00"),
            span(&[1], "9:00", "17:00"),
            span(&[1], "09:00", "24:00"),
            span(&[1, 2, 3, 4, 5, 6, 7], "07:00", "07:00"),
        ] {
            assert!(check(vec![wrong.clone()], None).is_err(), "{wrong:?}");
        }
        assert!(check(vec![], Some("Mars/Olympus")).is_err());
    }

    /// Whether it is quiet, by nothing but the clock on the wall: it showed the beginning at some minute up to now, and there is a
    /// minute from now on at which it does not show the end yet.
    fn slowly(spans: &[QuietSpan], zone: Tz, at: DateTime<Utc>) -> bool {
        let wall = |minutes: i64| (at + TimeDelta::minutes(minutes)).with_timezone(&zone).naive_local();
        let back: Vec<_> = (-4_400..=0).map(wall).collect();
        let ahead: Vec<_> = (0..=1_500).map(wall).collect();
        let first = back[0].date();
        let days = (0..=5).map(|n| first + Days::new(n));
        days.flat_map(|day| spans.iter().map(move |span| (day, span))).any(|(day, span)| {
            let (from, until) = (time(&span.from).unwrap(), time(&span.until).unwrap());
            let end = if until > from { day } else { day + Days::new(1) }.and_time(until);
            span.days.contains(&(day.weekday().number_from_monday() as u8))
                && back.iter().any(|wall| *wall >= day.and_time(from))
                && ahead.iter().any(|wall| *wall < end)
        })
    }

    fn spans() -> impl Strategy<Value = Vec<QuietSpan>> {
        let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let one = (1u8..128, 0u32..96, 0u32..96).prop_map(move |(days, from, until)| QuietSpan {
            days: (1..=7).filter(|day| days & (1 << (day - 1)) != 0).collect(),
            from: clock(from * 15),
            until: clock(until * 15),
        });
        proptest::collection::vec(one, 0..4)
    }

    fn agrees(spans: &[QuietSpan], zone: Tz, at: DateTime<Utc>) -> Result<(), TestCaseError> {
        let hours = Hours::new(spans, zone);
        if hours.is_always() {
            return Ok(());
        }
        let end = hours.until(at);
        prop_assert_eq!(end.is_some(), slowly(spans, zone, at), "{} {} {:?}", zone, at, spans);
        if let Some(end) = end {
            prop_assert!(end > at && hours.until(end).is_none() && !slowly(spans, zone, end), "{zone} {at} {spans:?}");
            // Nowhere in between was it over.
            let minutes = (end - at).num_minutes();
            for part in 0..5 {
                let between = at + TimeDelta::minutes(minutes * part / 5);
                prop_assert_eq!(hours.until(between), Some(end), "{} {} {:?}", zone, between, spans);
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn quiet_is_what_the_clock_on_the_wall_says(
            spans in spans(), zone in 0..TZ_VARIANTS.len(), minute in 0i64..2_629_440,
        ) {
            let start = "2024-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
            agrees(&spans, TZ_VARIANTS[zone], start + TimeDelta::minutes(minute))?;
        }

        #[test]
        fn around_changes_of_clocks_too(spans in spans(), which in 0usize..6, quarter in -100i64..100) {
            // Europe, America, half an hour in Lord Howe, at midnight in Beirut, a day that Samoa left out.
            let (zone, at) = [
                ("Europe/Berlin", "2026-03-29T01:00:00Z"), ("Europe/Berlin", "2026-10-25T01:00:00Z"),
                ("America/New_York", "2026-11-01T06:00:00Z"), ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
                ("Asia/Beirut", "2026-03-28T22:00:00Z"), ("Pacific/Apia", "2011-12-30T10:00:00Z"),
            ][which];
            let at = at.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(15 * quarter);
            agrees(&spans, zone.parse().unwrap(), at)?;
        }
    }
}
