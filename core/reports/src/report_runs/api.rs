//! Runs over HTTP.
use super::{
    db,
    model::{ReportRun, ReportRunId},
};
use crate::{
    Read, Schedule, Tags,
    report_schedules::{self, model::ReportScheduleId},
    reports::{self, Language},
};
use identity::users;
use kernel::{
    Cx, Error, Result,
    db::ListQuery,
    http::{Created, Page},
    ids::UserId,
};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
    payload::{Binary, Json},
};

pub(crate) struct ReportRunsApi;

/// The file of a run.
#[derive(ApiResponse)]
enum RunDownload {
    /// As it was sent.
    #[oai(status = 200, content_type = "application/octet-stream")]
    Ok(
        Binary<Vec<u8>>,
        /** Suggests a file name. */
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Reports")]
impl ReportRunsApi {
    /// List what became of a scheduled report
    ///
    /// Each time that it came within ninety days. Filters: state, due_at. Sort: due_at.
    #[oai(path = "/report-schedules/:id/runs", method = "get")]
    async fn list_report_runs(
        &self,
        cx: Cx<Schedule>,
        id: Path<ReportScheduleId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ReportRun>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        let page = cx.read(async |tx| {
            report_schedules::db::find(tx, id.0, &owners).await?;
            db::list(tx, id.0, &query).await
        });
        page.await.map(Json)
    }

    /// Send a report now
    ///
    /// Besides those that come by themselves.
    #[oai(path = "/report-schedules/:id/runs", method = "post")]
    async fn create_report_run(&self, cx: Cx<Schedule>, id: Path<ReportScheduleId>) -> Result<Created<ReportRun>> {
        let owners = cx.visible_owners();
        cx.create(async |tx| report_schedules::actions::send_now(tx, id.0, &owners).await).await
    }

    /// Get the file of a run
    ///
    /// For the schedule's owner, for the members who got it, and for whoever reaches the schedule and may see himself all that its
    /// owner may; to each in his language.
    #[oai(path = "/report-runs/:id/file", method = "get")]
    async fn get_report_run_file(&self, cx: Cx<Read>, id: Path<ReportRunId>) -> Result<RunDownload> {
        let (owners, reader) = (cx.visible_owners_of::<Schedule>(), cx.principal.user);
        let person: Vec<UserId> = reader.map(UserId).into_iter().collect();
        let locales = cx.control(async |tx| users::locales(tx, &person).await).await?;
        let language = Language::of(locales.first().unwrap_or(&cx.tenant.locale));
        let found = cx.read(async |tx| db::file(tx, id.0, &owners, (reader, language)).await).await?;
        if !found.is_reader && !reports::sees_as_much(&cx, found.owner).await? {
            return Err(Error::not_found());
        }
        let bytes = found.content.ok_or_else(Error::not_found)?;
        let name = found.file_name.unwrap_or_default();
        Ok(RunDownload::Ok(Binary(bytes), format!("attachment; filename=\"{name}\"")))
    }
}
