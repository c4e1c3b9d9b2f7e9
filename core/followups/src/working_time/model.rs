//! What is said about working time.
use crate::words::time;
use chrono::{DateTime, Utc};
use contacts::Problems;
use kernel::{Result, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

/// Most spans of a week.
const MOST: usize = 28;

/// Hours on a day of the week.
#[derive(Object, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
#[oai(deny_unknown_fields)]
pub struct WorkingSpan {
    /// The day, 1 (Monday) to 7 (Sunday), as ISO 8601 counts.
    #[oai(validator(minimum(value = "1"), maximum(value = "7")))]
    pub day: u8,
    /// From when, `HH:MM`.
    pub from: String,
    /// Until when, `HH:MM`; later on the same day.
    pub until: String,
}
jsonb!(WorkingSpan, Spans);

/// The hours of a week as stored.
#[derive(Serialize, Deserialize, Debug, Clone)]
#[serde(transparent)]
pub(crate) struct Spans(pub Vec<WorkingSpan>);

row! {
    /// As stored.
    #[derive(Debug, Clone)]
    pub(super) struct WorkingTimeRow {
        /// The zone, when it is not the account's.
        pub zone: Option<String>,
        /// The hours.
        pub spans: Spans,
        /// When it was last changed.
        pub updated_at: DateTime<Utc>,
        /// The ETag.
        pub version: i64,
    }
}

/// When the tenant works: follow-ups and reminders come within these hours, unless a member has hours of his own (`/v1/member-hours`). Days off
/// are in `/v1/holidays`.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct WorkingTime {
    /// IANA time zone that the hours are meant in, when it is not the account's.
    pub zone: Option<String>,
    /// The zone in force.
    pub zone_in_force: String,
    /// The hours of a week, in their order.
    pub spans: Vec<WorkingSpan>,
    /// When this was last changed, UTC.
    pub updated_at: DateTime<Utc>,
    /// Rises with every change; the ETag.
    pub version: i64,
}

/// Other working hours, as a whole.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewWorkingTime {
    /// IANA time zone that the hours are meant in; the account's when absent.
    pub zone: Option<String>,
    /// The hours of a week: one span at least, several of a day apart from each other.
    pub spans: Vec<WorkingSpan>,
}

impl WorkingTime {
    pub(super) fn of(row: WorkingTimeRow, account: &str) -> Self {
        let zone_in_force = row.zone.clone().unwrap_or_else(|| account.to_owned());
        let WorkingTimeRow { zone, spans, updated_at, version } = row;
        WorkingTime { zone, zone_in_force, spans: spans.0, updated_at, version }
    }
}

impl NewWorkingTime {
    /// As it may be stored: in order.
    pub(crate) fn checked(mut self) -> Result<Self> {
        let mut wrong = Problems::default();
        if self.zone.as_ref().is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_err()) {
            wrong.add("/zone", "zone_unknown", "An IANA time zone, for example Europe/Berlin.");
        }
        wrong.count("/spans", self.spans.len(), MOST);
        if self.spans.is_empty() {
            wrong.add("/spans", "required", "Without working hours nothing would ever be due.");
        }
        for (i, span) in self.spans.iter().enumerate() {
            match (time(&span.from), time(&span.until)) {
                (Some(from), Some(until)) if from < until => {}
                (Some(_), Some(_)) => wrong.add(format!("/spans/{i}/until",), "span_empty", "It ends after it begins."),
                _ => wrong.add(format!("/spans/{i}/from"), "time_invalid", "Times of the day like 09:30."),
            }
        }
        self.spans.sort_by(|a, b| (a.day, &a.from).cmp(&(b.day, &b.from)));
        if self.spans.windows(2).any(|two| two[0].day == two[1].day && two[0].until > two[1].from) {
            wrong.add("/spans", "spans_overlap", "Hours of one day lie apart from each other.");
        }
        wrong.check()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(day: u8, from: &str, until: &str) -> WorkingSpan {
        WorkingSpan { day, from: from.into(), until: until.into() }
    }

    #[test]
    fn hours_are_checked_and_sorted() {
        let checked = |spans| NewWorkingTime { zone: None, spans }.checked();
        let week = checked(vec![span(2, "13:00", "17:00"), span(2, "08:00", "12:00"), span(1, "09:00", "10:00")]);
        let order: Vec<_> = week.unwrap().spans.into_iter().map(|span| (span.day, span.from)).collect();
        assert_eq!(order, [(1, "09:00".to_owned()), (2, "08:00".to_owned()), (2, "13:00".to_owned())]);
        for wrong in [
            vec![],
            vec![span(1, "09:00", "09:00")],
            vec![span(1, "9:00", "17:00")],
            vec![span(1, "09:00", "24:00")],
            vec![span(1, "09:00", "12:00"), span(1, "11:59", "13:00")],
        ] {
            assert!(checked(wrong.clone()).is_err(), "{wrong:?}");
        }
    }
}
