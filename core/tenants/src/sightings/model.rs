//! A sighting, and the signature that proves it comes from the edge.
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{
    App,
    auth::edge_claims,
    embed::{Origin, WidgetId},
    http::RequestInfo,
};
use poem::{Request, RequestBody};
use poem_openapi::{ApiExtractor, ApiExtractorType, Enum, ExtractParamOptions, Object};
use std::sync::Arc;

/// Days that are kept.
pub(crate) const KEPT_DAYS: i64 = 90;

kernel::row! {
    /// A website where a widget was met.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "MetWebsiteCount")]
    pub struct MetRow {
        /// The website.
        pub origin: String,
        /// seen or refused.
        #[oai(skip)]
        pub outcome: String,
        /// How often.
        pub count: i64,
        /// The first time in the period.
        pub first_at: DateTime<Utc>,
        /// The last time.
        pub last_at: DateTime<Utc>,
    }
}

kernel::row! {
    /// How often a widget was shown on a day.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Shown {
        /// The day, in UTC.
        pub day: NaiveDate,
        /// Frames given to allowed websites.
        pub count: i64,
    }
}

kernel::row! {
    /// How often one of a tenant's widgets was shown on a day.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ShownWidget {
        /// The widget.
        pub widget_id: String,
        /// The day, in UTC.
        pub day: NaiveDate,
        /// Frames given to allowed websites.
        pub count: i64,
    }
}

kernel::row! {
    /// A website that was refused one of a tenant's widgets.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "RefusedWebsite")]
    pub struct RefusedRow {
        /// The widget.
        pub widget_id: String,
        /// Its name.
        pub widget: String,
        /// The website.
        pub origin: String,
        /// How often in the last seven days.
        pub count: i64,
        /// The last time.
        pub last_at: DateTime<Utc>,
    }
}

/// How often widgets were shown on a day.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct ShownDay {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// How often.
    pub count: i64,
}

/// How widgets were met lately.
#[derive(Object, Debug, Clone)]
pub struct WidgetFigures {
    /// How often they were shown on each of the last fourteen days in UTC, today being the last.
    pub days: Vec<ShownDay>,
    /// In the last seven of them.
    pub week: i64,
    /// In the seven before.
    pub before: i64,
    /// Websites that were refused in the last seven days and are not allowed by now, the latest first; at most fifty.
    pub refused: Vec<RefusedRow>,
}

impl WidgetFigures {
    /// Puts the days in a row.
    pub(crate) fn of(today: NaiveDate, shown: &[ShownWidget], refused: Vec<RefusedRow>) -> Self {
        let first = today - Days::new(13);
        let of = |day| shown.iter().filter(|s| s.day == day).map(|s| s.count).sum();
        let days: Vec<ShownDay> =
            (0..14).map(|n| first + Days::new(n)).map(|day| ShownDay { day, count: of(day) }).collect();
        let sum = |days: &[ShownDay]| days.iter().map(|day| day.count).sum();
        WidgetFigures { week: sum(&days[7..]), before: sum(&days[..7]), days, refused }
    }
}

/// A website where a widget was met.
#[derive(Object, Debug, Clone)]
#[oai(rename = "MetWebsite")]
pub struct Met {
    /// What was counted.
    #[oai(flatten)]
    pub met: MetRow,
    /// Whether it is allowed by now. One that was refused is allowed by adding its origin.
    pub allowed: bool,
}

/// Where a widget was met.
#[derive(Object, Debug, Clone, Default)]
#[oai(rename = "WidgetSightings")]
pub struct Sightings {
    /// Where it was shown, latest first.
    pub seen: Vec<Met>,
    /// Where it was refused, latest first.
    pub refused: Vec<Met>,
}

/// How a widget was met.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "SightingOutcome", rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Shown.
    Seen,
    /// Refused.
    Refused,
}

/// One line of an edge's report.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub(crate) struct Sighting {
    /// The widget.
    pub(crate) widget: String,
    /// The website.
    pub(crate) origin: String,
    /// Shown or refused.
    pub(crate) outcome: Outcome,
    /// How often since the last report.
    pub(crate) count: u64,
    /// The last time, unix seconds.
    pub(crate) at: i64,
}

/// Lines of a report as columns; what is no widget, no website or not of these days is left out.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) widgets: Vec<String>,
    pub(crate) origins: Vec<String>,
    pub(crate) outcomes: Vec<&'static str>,
    pub(crate) counts: Vec<i64>,
    pub(crate) times: Vec<DateTime<Utc>>,
}

impl Columns {
    pub(crate) fn of(lines: &[Sighting], now: DateTime<Utc>) -> Self {
        let mut columns = Columns::default();
        for line in lines {
            let known = WidgetId::parse(&line.widget).is_some() && Origin::claim(&line.origin).is_ok();
            let at = DateTime::from_timestamp(line.at, 0).filter(|at| (now - *at).num_days().abs() < 2);
            let (true, Some(at)) = (known, at) else { continue };
            columns.widgets.push(line.widget.clone());
            columns.origins.push(line.origin.clone());
            columns.outcomes.push(match line.outcome {
                Outcome::Seen => "seen",
                Outcome::Refused => "refused",
            });
            columns.counts.push(i64::try_from(line.count).unwrap_or(i64::MAX).min(1_000_000_000));
            columns.times.push(at);
        }
        columns
    }
}

/// A call of the edge for itself, proven by its signature.
pub(crate) struct EdgeCall {
    pub(crate) app: Arc<App>,
    pub(crate) request: RequestInfo,
}

impl<'a> ApiExtractor<'a> for EdgeCall {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::PoemExtractor];
    type ParamType = ();
    type ParamRawType = ();
    async fn from_request(req: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let app = App::of(req)?;
        let request = RequestInfo::of(req);
        edge_claims(req, &app, &request)?;
        Ok(EdgeCall { app, request })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_make_sense_are_counted() {
        let now: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
        let widget = WidgetId::from_random([1; 13]).to_string();
        let line = |widget: &str, origin: &str, at: i64| Sighting {
            widget: widget.into(),
            origin: origin.into(),
            outcome: Outcome::Refused,
            count: u64::MAX,
            at,
        };
        let lines = [
            line(&widget, "https://client.example", now.timestamp()),
            line("w_0000000000000000", "https://client.example", now.timestamp()),
            line(&widget, "https://CLIENT.example", now.timestamp()),
            line(&widget, "https://client.example", 0),
            line(&widget, "https://client.example", i64::MAX),
        ];
        let columns = Columns::of(&lines, now);
        assert_eq!(columns.origins, ["https://client.example"]);
        assert_eq!(columns.counts, [1_000_000_000]);
    }
}
