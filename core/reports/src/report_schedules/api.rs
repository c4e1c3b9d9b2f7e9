//! Schedules over HTTP.
use super::{
    actions, db,
    model::{NewReportSchedule, ReportSchedule, ReportScheduleId, ReportSchedulePatch},
};
use crate::{Export, Schedule, Tags};
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
        members::require(&cx, "/recipients", body.0.recipients.clone().unwrap_or_default()).await?;
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        let changed = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &owners).await).await?;
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
