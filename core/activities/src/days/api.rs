//! A day over HTTP.
use super::{db, model::Day};
use crate::{Read, Tags, records::reach};
use chrono::{Datelike, NaiveDate};
use kernel::{Cx, Error, Result};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct DaysApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl DaysApi {
    /// Read a day
    ///
    /// What happened on a day in the tenant's time zone, as at most 160 stars: when there was more, what is of one kind
    /// within ten minutes is one star that says how many it stands for. Whoever sees only some contacts sees what
    /// happened with these. Changes of settings are left out.
    #[oai(path = "/days", method = "get")]
    async fn get_day(
        &self,
        cx: Cx<Read>,
        /// Which day; today when absent.
        date: Query<Option<NaiveDate>>,
    ) -> Result<Json<Day>> {
        if date.0.is_some_and(|day| !(1970..=9000).contains(&day.year())) {
            return Err(Error::invalid("/date", "date_range", "A day between 1970 and 9000."));
        }
        let (reach, reader) = (reach::<_, Read>(&cx), cx.principal.actor.id.unwrap_or_default());
        cx.read(async |tx| db::day(tx, date.0, &reach, reader).await).await.map(Json)
    }
}
