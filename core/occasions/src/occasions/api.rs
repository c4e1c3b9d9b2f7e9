//! Occasions over HTTP.
use super::{
    actions,
    db::renewals::Renewing,
    export,
    model::{NewOccasion, Occasion, OccasionId, OccasionPatch, Reach, UpcomingDays, UpcomingOccasion},
};
use crate::{Export, Read, Tags, Write};
use chrono::NaiveDate;
use kernel::{
    Cx, Result,
    auth::Permission,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct OccasionsApi;

/// Whose occasions the caller changes, and what he may say they are about: what he may see.
fn reach<P: Permission>(cx: &Cx<P>) -> Reach {
    Reach { contacts: cx.visible_owners_of::<contacts::Read>(), companies: cx.visible_owners_of::<companies::Read>() }
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Occasions")]
impl OccasionsApi {
    /// List occasions
    ///
    /// Filters: kind, contact, company, date_kind, month, created_at, updated_at. Sorts: created_at, updated_at.
    #[oai(path = "/occasions", method = "get")]
    async fn list_occasions(
        &self,
        cx: Cx<Read>,
        /// Occasions that were deleted and can be restored, instead of the others.
        #[oai(default)]
        deleted: Query<bool>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Occasion>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| actions::list(tx, deleted.0, &query, &owners).await).await.map(Json)
    }

    /// Add an occasion
    ///
    /// 409 `too_many_occasions` when the contact or company has 50.
    #[oai(path = "/occasions", method = "post")]
    async fn create_occasion(&self, cx: Cx<Write>, body: Json<NewOccasion>) -> Result<Created<Occasion>> {
        let reach = reach(&cx);
        cx.create(async |tx| actions::create(tx, body.0, &reach).await).await
    }

    /// See what is coming
    ///
    /// Occasions, contracts that renew, services that end, and feasts by day, at most 62 days. Feasts are those of the packs that the settings name.
    #[oai(path = "/occasions/upcoming", method = "get")]
    async fn list_upcoming_occasions(
        &self,
        cx: Cx<Read>,
        /// First day; today in the account's time zone when absent.
        from: Query<Option<NaiveDate>>,
        /// Last day; 29 days after the first one when absent.
        to: Query<Option<NaiveDate>>,
        /// How many occasions of each day are named, 0 to 200; 5 when absent. All of them are counted.
        per_day: Query<Option<u32>>,
    ) -> Result<Json<UpcomingDays>> {
        let owners = cx.visible_owners();
        let renewing = Renewing {
            companies: cx.visible_owners_of::<companies::Read>(),
            deals: cx.visible_owners_of::<deals::Read>(),
        };
        let days = (from.0, to.0);
        cx.read(async |tx| actions::upcoming(tx, days, per_day.0, &owners, &renewing).await).await.map(Json)
    }

    /// List occasions of a day
    ///
    /// All of them, in pages: each has those that were written down next, by name.
    #[oai(path = "/occasions/upcoming/day", method = "get")]
    async fn list_occasions_of_day(
        &self,
        cx: Cx<Read>,
        /// The day.
        day: Query<NaiveDate>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<OccasionId>>,
    ) -> Result<Json<Page<UpcomingOccasion>>> {
        let limit = ListQuery { limit: limit.0, ..ListQuery::default() }.checked_limit()?;
        let owners = cx.visible_owners();
        cx.read(async |tx| actions::of_day(tx, day.0, cursor.0, limit, &owners).await).await.map(Json)
    }

    /// Export occasions
    ///
    /// Takes the filters of the list; the oldest occasion comes first. All rows are of one moment, and `Upzento-Rows` says how many
    /// they are before the first one. Cells that a spreadsheet would run as a formula begin with an apostrophe. Whoever does not read
    /// for a minute is cut off.
    #[oai(path = "/occasions/export", method = "get")]
    async fn export_occasions(
        &self,
        cx: Cx<Export>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        export::file(&cx, filter.0, Look::of(format.0, language.0)).await
    }

    /// Get an occasion
    #[oai(path = "/occasions/:id", method = "get")]
    async fn get_occasion(&self, cx: Cx<Read>, id: Path<OccasionId>) -> Result<Tagged<Occasion>> {
        let owners = cx.visible_owners();
        let occasion = cx.read(async |tx| actions::find(tx, id.0, &owners).await).await?;
        let version = occasion.version;
        Ok(Tagged::of(occasion, version))
    }

    /// Change an occasion
    #[oai(path = "/occasions/:id", method = "patch")]
    async fn update_occasion(
        &self,
        cx: Cx<Write>,
        id: Path<OccasionId>,
        /// The ETag you have read; 412 when the occasion has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<OccasionPatch>,
    ) -> Result<Tagged<Occasion>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        let occasion = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &owners).await).await?;
        let version = occasion.version;
        Ok(Tagged::of(occasion, version))
    }

    /// Delete an occasion
    ///
    /// It can be restored for 30 days, then it is removed for good.
    #[oai(path = "/occasions/:id", method = "delete")]
    async fn delete_occasion(
        &self,
        cx: Cx<Write>,
        id: Path<OccasionId>,
        /// The ETag you have read; 412 when the occasion has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore a deleted occasion
    #[oai(path = "/occasions/:id/restoration", method = "post")]
    async fn create_occasion_restoration(&self, cx: Cx<Write>, id: Path<OccasionId>) -> Result<Json<Occasion>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::restore(tx, id.0, &owners).await).await
    }
}
