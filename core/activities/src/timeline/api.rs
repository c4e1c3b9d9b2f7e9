//! The timeline over HTTP.
use super::{db, model::TimelineEntry};
use crate::{Read, Tags};
use companies::CompanyId;
use contacts::ContactId;
use kernel::{Cx, Result, db::ListQuery, http::Page};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct TimelineApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl TimelineApi {
    /// Read a contact's timeline
    ///
    /// Everything that happened with the contact, newest first, with the words of notes and logged activities. Filters:
    /// kind, subject, occurred_at. Sort: occurred_at.
    #[oai(path = "/contacts/:id/timeline", method = "get")]
    async fn list_contact_timeline(
        &self,
        cx: Cx<Read>,
        id: Path<ContactId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<TimelineEntry>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let (owners, reader) = (cx.visible_owners(), cx.principal.actor.id.unwrap_or_default());
        let page = cx.read(async |tx| {
            contacts::require(tx, id.0, &owners).await?;
            db::list(tx, id.0, &query, reader).await
        });
        page.await.map(Json)
    }

    /// Read a company's timeline
    ///
    /// Everything that happened with the company and with its people whom the caller may see, newest first. Filters:
    /// kind, subject, occurred_at. Sort: occurred_at.
    #[oai(path = "/companies/:id/timeline", method = "get")]
    async fn list_company_timeline(
        &self,
        cx: Cx<Read>,
        id: Path<CompanyId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<TimelineEntry>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let (owners, reader) = (cx.visible_owners(), cx.principal.actor.id.unwrap_or_default());
        let companies = cx.visible_owners_of::<companies::Read>();
        let page = cx.read(async |tx| {
            companies::require(tx, id.0, &companies).await?;
            db::list_of_company(tx, id.0, &query, &owners, reader).await
        });
        page.await.map(Json)
    }
}
