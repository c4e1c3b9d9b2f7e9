//! The radar over HTTP.
use super::{
    db,
    model::{QuietCompany, QuietContact},
};
use crate::{Read, Tags};
use chrono::TimeDelta;
use kernel::{Cx, Error, Result, auth::Permission, db::ListQuery, events::NewEvent, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};
use sheets::{CsvFile, Export};

pub(crate) struct RadarApi;

const CONTACTS: &[&str] =
    &["id", "name", "company_name", "stage", "owner", "last_contact_at", "last_kind", "quiet_since", "open_deals"];
const COMPANIES: &[&str] = &["id", "name", "owner", "last_contact_at", "people", "created_at"];

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

    /// Export contacts that were not contacted for long
    ///
    /// The rows of the list with the same filters as CSV, the longest silence first, as far as `contacts.export` reaches too. Cells
    /// that a spreadsheet would run as a formula get an apostrophe in front. The export is recorded.
    #[oai(path = "/radar/contacts/export", method = "get")]
    async fn export_quiet_contacts(
        &self,
        cx: Cx<Read>,
        /// For how many days nobody was in touch, 1 to 3650; 30 when absent.
        #[oai(default = "month")]
        days: Query<u32>,
        /// Also those who asked not to be contacted at all, and those in a stage that is lost.
        #[oai(default)]
        everybody: Query<bool>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let level = cx.require(contacts::Export::NAME).await?.min(cx.level);
        let (owners, quiet) = (cx.owners_at(level), quiet(days.0)?);
        let what = Export { name: "quiet-contacts", columns: CONTACTS, filter: filter.0, sort: "quiet_since" };
        let event = NewEvent::new("contact.exported", "contacts", cx.tenant.id.0, "Contacts that are quiet exported");
        sheets::export(cx, what, event, move |_, tx, query| {
            let owners = owners.clone();
            Box::pin(async move { db::contacts(tx, query, tx.now() - quiet, everybody.0, &owners).await })
        })
        .await
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

    /// Export companies that were not contacted for long
    ///
    /// The rows of the list with the same filters as CSV, the oldest first, as far as `companies.export` reaches too. Cells that a
    /// spreadsheet would run as a formula get an apostrophe in front. The export is recorded.
    #[oai(path = "/radar/companies/export", method = "get")]
    async fn export_quiet_companies(
        &self,
        cx: Cx<Read>,
        /// For how many days nobody was in touch, 1 to 3650; 30 when absent.
        #[oai(default = "month")]
        days: Query<u32>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let level = cx.require(companies::Export::NAME).await?.min(cx.level_of::<companies::Read>());
        let (owners, quiet) = (cx.owners_at(level), quiet(days.0)?);
        let what = Export { name: "quiet-companies", columns: COMPANIES, filter: filter.0, sort: "created_at" };
        let event = NewEvent::new("company.exported", "companies", cx.tenant.id.0, "Companies that are quiet exported");
        sheets::export(cx, what, event, move |_, tx, query| {
            let owners = owners.clone();
            Box::pin(async move { db::companies(tx, query, tx.now() - quiet, &owners).await })
        })
        .await
    }
}

fn month() -> u32 {
    30
}
