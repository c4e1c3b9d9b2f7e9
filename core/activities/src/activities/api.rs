//! Activities over HTTP.
use super::{
    actions, db, export,
    model::{Activity, ActivityId, ActivityPatch, NewActivity},
};
use crate::{
    Export, Read, Tags, Write,
    records::{Record, reach, require},
};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct ActivitiesApi;

async fn list(cx: Cx<Read>, record: Option<Record>, query: ListQuery) -> Result<Json<Page<Activity>>> {
    let reach = reach::<_, Read>(&cx);
    let page = cx.read(async |tx| {
        if let Some(record) = record {
            require(tx, record, &reach).await?;
        }
        db::list(tx, record, &query, &reach).await
    });
    page.await.map(Json)
}

async fn create(cx: Cx<Write>, record: Record, body: NewActivity) -> Result<Created<Activity>> {
    let (reach, author) = (reach::<_, Write>(&cx), cx.principal.user);
    cx.create(async |tx| actions::create(tx, record, body, author, &reach).await).await
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl ActivitiesApi {
    /// List activities with a contact
    ///
    /// Filters: kind, direction, topic, author, occurred_at. Sort: occurred_at.
    #[oai(path = "/contacts/:id/activities", method = "get")]
    async fn list_contact_activities(
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
    ) -> Result<Json<Page<Activity>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Some(Record::Contact(id.0)), query).await
    }

    /// Log an activity with a contact
    #[oai(path = "/contacts/:id/activities", method = "post")]
    async fn create_contact_activity(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        body: Json<NewActivity>,
    ) -> Result<Created<Activity>> {
        create(cx, Record::Contact(id.0), body.0).await
    }

    /// List activities about a company
    ///
    /// Filters: kind, direction, topic, author, occurred_at. Sort: occurred_at.
    #[oai(path = "/companies/:id/activities", method = "get")]
    async fn list_company_activities(
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
    ) -> Result<Json<Page<Activity>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Some(Record::Company(id.0)), query).await
    }

    /// Log an activity about a company
    ///
    /// `contact` says with whom it was: timelines, follow-ups and reports count it for him too. 422 `contact_unknown`
    /// when he is not in reach.
    #[oai(path = "/companies/:id/activities", method = "post")]
    async fn create_company_activity(
        &self,
        cx: Cx<Write>,
        id: Path<CompanyId>,
        body: Json<NewActivity>,
    ) -> Result<Created<Activity>> {
        create(cx, Record::Company(id.0), body.0).await
    }

    /// List activities about a deal
    ///
    /// Filters: kind, direction, topic, author, occurred_at. Sort: occurred_at.
    #[oai(path = "/deals/:id/activities", method = "get")]
    async fn list_deal_activities(
        &self,
        cx: Cx<Read>,
        id: Path<DealId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Activity>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Some(Record::Deal(id.0)), query).await
    }

    /// Log an activity about a deal
    ///
    /// `contact` says with whom it was: timelines, follow-ups and reports count it for him too. 422 `contact_unknown`
    /// when he is not in reach.
    #[oai(path = "/deals/:id/activities", method = "post")]
    async fn create_deal_activity(
        &self,
        cx: Cx<Write>,
        id: Path<DealId>,
        body: Json<NewActivity>,
    ) -> Result<Created<Activity>> {
        create(cx, Record::Deal(id.0), body.0).await
    }

    /// List activities
    ///
    /// With contacts, and about companies and deals, in reach. Filters: kind, direction, topic, author, occurred_at. Sort: occurred_at.
    #[oai(path = "/activities", method = "get")]
    async fn list_activities(
        &self,
        cx: Cx<Read>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Activity>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, None, query).await
    }

    /// Export activities
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if
    /// it were whole. 422 `sheet_too_long` when a workbook cannot hold them. Takes the filters of the list; what happened first
    /// comes first. In CSV cells that a spreadsheet would run as a formula begin with an apostrophe.
    #[oai(path = "/activities/export", method = "get")]
    async fn export_activities(
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

    /// Get an activity
    #[oai(path = "/activities/:id", method = "get")]
    async fn get_activity(&self, cx: Cx<Read>, id: Path<ActivityId>) -> Result<Tagged<Activity>> {
        let reach = reach::<_, Read>(&cx);
        let activity = cx.read(async |tx| db::find(tx, id.0, &reach).await).await?;
        let version = activity.version;
        Ok(Tagged::of(activity, version))
    }

    /// Change an activity
    #[oai(path = "/activities/:id", method = "patch")]
    async fn update_activity(
        &self,
        cx: Cx<Write>,
        id: Path<ActivityId>,
        /// The ETag you have read; 412 when the activity has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ActivityPatch>,
    ) -> Result<Tagged<Activity>> {
        let reach = reach::<_, Write>(&cx);
        let if_match = if_match.0.as_deref();
        let activity = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &reach).await).await?;
        let version = activity.version;
        Ok(Tagged::of(activity, version))
    }

    /// Delete an activity
    #[oai(path = "/activities/:id", method = "delete")]
    async fn delete_activity(
        &self,
        cx: Cx<Write>,
        id: Path<ActivityId>,
        /// The ETag you have read; 412 when the activity has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let reach = reach::<_, Write>(&cx);
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &reach).await).await?;
        Ok(NoContent::Done)
    }
}
