//! The radar over HTTP.
use super::{
    db,
    model::{QuietCompany, QuietContact},
};
use crate::{Read, Tags};
use chrono::TimeDelta;
use kernel::{Cx, Error, Result, db::ListQuery, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct RadarApi;

/// So long nobody was in touch.
fn quiet(days: u32) -> Result<TimeDelta> {
    match days {
        1..=3650 => Ok(TimeDelta::days(i64::from(days))),
        _ => Err(Error::invalid("/days", "days_range", "1 to 3650 days.")),
    }
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl RadarApi {
    /// List contacts that were not contacted for long
    ///
    /// On any channel, in either direction; those without any contact count from when they were made. Filters: owner,
    /// stage, quiet_since. Sort: quiet_since (the longest silence first).
    #[oai(path = "/radar/contacts", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_quiet_contacts(
        &self,
        cx: Cx<Read>,
        /// For how many days nobody was in touch, 1 to 3650; 30 when absent.
        #[oai(default = "month")]
        days: Query<u32>,
        /// Also those who asked not to be contacted at all, and those in a stage that is lost.
        #[oai(default)]
        everybody: Query<bool>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<QuietContact>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let (owners, quiet) = (cx.visible_owners(), quiet(days.0)?);
        cx.read(async |tx| db::contacts(tx, &query, tx.now() - quiet, everybody.0, &owners).await).await.map(Json)
    }

    /// List companies that were not contacted for long
    ///
    /// Neither they nor any of their people were, on any channel; former and blacklisted ones are left out. Filters: owner, status,
    /// created_at. Sort: created_at.
    #[oai(path = "/radar/companies", method = "get")]
    async fn list_quiet_companies(
        &self,
        cx: Cx<Read>,
        /// For how many days nobody was in touch, 1 to 3650; 30 when absent.
        #[oai(default = "month")]
        days: Query<u32>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<QuietCompany>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let (owners, quiet) = (cx.visible_owners_of::<companies::Read>(), quiet(days.0)?);
        cx.read(async |tx| db::companies(tx, &query, tx.now() - quiet, &owners).await).await.map(Json)
    }
}

fn month() -> u32 {
    30
}
