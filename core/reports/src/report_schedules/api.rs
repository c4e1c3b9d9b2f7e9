//! Schedules over HTTP.
use super::{
    actions, db, export,
    model::{NewReportSchedule, ReportSchedule, ReportScheduleId, ReportSchedulePatch},
};
use crate::{Export, Schedule, Tags, reports};
use identity::members;
use kernel::{
    Cx, Error, Result,
    auth::Level,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
    ids::UserId,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct ReportSchedulesApi;

/// With whose eyes a new one is read: the caller's, who needs the right to export reports too.
fn eyes(cx: &Cx<Schedule>) -> Result<UserId> {
    if cx.level_of::<Export>() == Level::No {
        return Err(Error::forbidden("permission_missing", "This needs the permission reports.export."));
    }
    let detail = "A report is read with somebody's eyes: API keys have none.";
    cx.principal.user.map(UserId).ok_or_else(|| Error::forbidden("member_needed", detail))
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Reports")]
impl ReportSchedulesApi {
    /// List reports that come by themselves
    ///
    /// Filters: owner, kind, state, created_at. Sort: created_at.
    #[oai(path = "/report-schedules", method = "get")]
    async fn list_report_schedules(
        &self,
        cx: Cx<Schedule>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ReportSchedule>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Export the list of reports that come by themselves
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if it
    /// were whole. Takes the filters of the list; the oldest comes first. In CSV cells that a spreadsheet would run as a formula
    /// begin with an apostrophe. The export is recorded.
    #[oai(path = "/report-schedules/export", method = "get")]
    async fn export_report_schedules(
        &self,
        cx: Cx<Schedule>,
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

    /// Let a report come by itself
    ///
    /// It is read with the eyes of the caller, who becomes its owner and needs `reports.export`, each time that it comes. It goes to members alone: they
    /// get its name and its figures by e-mail, and a link to its file for which they sign in.
    #[oai(path = "/report-schedules", method = "post")]
    async fn create_report_schedule(
        &self,
        cx: Cx<Schedule>,
        body: Json<NewReportSchedule>,
    ) -> Result<Created<ReportSchedule>> {
        let owner = eyes(&cx)?;
        members::require(&cx, "/recipients", body.0.recipients.clone()).await?;
        cx.create(async |tx| actions::create(tx, body.0, owner).await).await
    }

    /// Get a report that comes by itself
    #[oai(path = "/report-schedules/:id", method = "get")]
    async fn get_report_schedule(
        &self,
        cx: Cx<Schedule>,
        id: Path<ReportScheduleId>,
    ) -> Result<Tagged<ReportSchedule>> {
        let owners = cx.visible_owners();
        let found = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = found.version;
        Ok(Tagged::of(found, version))
    }

    /// Change a report that comes by itself
    ///
    /// 422 `recipients_out_of_reach` and `team_out_of_reach` when somebody else than its owner lets more people have it, or lets it
    /// be about others, and may not see himself all that the owner may.
    #[oai(path = "/report-schedules/:id", method = "patch")]
    async fn update_report_schedule(
        &self,
        cx: Cx<Schedule>,
        id: Path<ReportScheduleId>,
        /// The ETag you have read; 412 when the schedule has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ReportSchedulePatch>,
    ) -> Result<Tagged<ReportSchedule>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        let found = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        members::require(&cx, "/recipients", body.0.joining(&found)).await?;
        let sees = reports::sees_as_much(&cx, found.owner).await?;
        let changed = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, (&owners, sees)).await).await?;
        let version = changed.version;
        Ok(Tagged::of(changed, version))
    }

    /// Let a report no longer come, and forget when it came
    #[oai(path = "/report-schedules/:id", method = "delete")]
    async fn delete_report_schedule(
        &self,
        cx: Cx<Schedule>,
        id: Path<ReportScheduleId>,
        /// The ETag you have read; 412 when the schedule has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }
}
