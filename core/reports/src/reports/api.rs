//! Reports over HTTP.
use super::{
    actions::{self, Ask, Sight},
    export::{self, ReportFile, ReportFormat},
    model::{Report, ReportKind, Reports},
    period::{Period, ReportCompare, ReportSpan},
};
use crate::{Export, Read, Tags};
use chrono::NaiveDate;
use contacts::Owners;
use deals::PipelineId;
use identity::teams::{self, model::TeamId};
use kernel::{
    Cx, Result,
    auth::{Level, Permission},
    error::Kind,
    ids::UserId,
};
use poem_openapi::{OpenApi, param::Query, payload::Json};
use tasks::zone_of;

pub(crate) struct ReportsApi;

/// Whose records the caller reaches. A module that the plan has not is as good as no right to see its records.
async fn sight<P: Permission>(cx: &Cx<P>) -> Result<Sight> {
    async fn of<P: Permission, Q: Permission>(cx: &Cx<P>) -> Result<Option<Owners>> {
        let module = Q::NAME.split('.').next().unwrap_or_default();
        if cx.level_of::<Q>() == Level::No {
            return Ok(None);
        }
        match cx.app.require_module(&cx.tenant, module).await {
            Ok(()) => Ok(Some(cx.visible_owners_of::<Q>())),
            Err(error) if matches!(error.kind(), Kind::Forbidden { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
    Ok(Sight {
        contacts: of::<P, contacts::Read>(cx).await?,
        companies: of::<P, companies::Read>(cx).await?,
        activities: of::<P, activities::Read>(cx).await?,
        deals: of::<P, deals::Read>(cx).await?,
        tasks: of::<P, tasks::Read>(cx).await?,
    })
}

/// Members that are asked for, as far as the permission for reports reaches.
async fn only<P: Permission>(cx: &Cx<P>, member: Option<UserId>, team: Option<TeamId>) -> Result<Owners> {
    let mut only = cx.visible_owners();
    let mut narrow = |wanted: Vec<uuid::Uuid>| {
        only = Some(match only.take() {
            Some(seen) => wanted.into_iter().filter(|id| seen.contains(id)).collect(),
            None => wanted,
        });
    };
    if let Some(team) = team {
        let members = cx.control(async |tx| teams::members(tx, cx.tenant.id, team).await).await?;
        narrow(members);
    }
    if let Some(member) = member {
        narrow(vec![member.0]);
    }
    Ok(only)
}

/// Days as they are asked for.
struct Days {
    span: Option<ReportSpan>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    compare: Option<ReportCompare>,
}

/// What the caller asks for.
async fn asked<P: Permission>(
    cx: &Cx<P>,
    kind: ReportKind,
    days: Days,
    (member, team): (Option<UserId>, Option<TeamId>),
    pipeline: Option<PipelineId>,
) -> Result<Ask> {
    let (span, compare) = (days.span.unwrap_or_default(), days.compare.unwrap_or_default());
    let period = Period::new((span, days.from, days.until), compare, zone_of(&cx.tenant.zone), cx.now())?;
    let (only, sight) = (only(cx, member, team).await?, sight(cx).await?);
    Ok(Ask { kind, span, compare, period, only, pipeline, sight })
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Reports")]
impl ReportsApi {
    /// List kinds of reports
    ///
    /// Those that are about records which the caller may see.
    #[oai(path = "/report-kinds", method = "get")]
    async fn list_report_kinds(&self, cx: Cx<Read>) -> Result<Json<Reports>> {
        let kinds = sight(&cx).await?.kinds();
        Ok(Json(Reports { kinds }))
    }

    /// Get a report
    ///
    /// Each number counts what the caller may see, and names the list that shows exactly the rows behind it. A period that is
    /// not over is compared with as much of the one before as has gone by.
    #[oai(path = "/reports", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn get_report(
        &self,
        cx: Cx<Read>,
        /// What it is about; the overview when absent.
        kind: Query<Option<ReportKind>>,
        /// Which days; this month when absent.
        span: Query<Option<ReportSpan>>,
        /// The first day, when days are said.
        from: Query<Option<NaiveDate>>,
        /// The last day, when days are said; at most 1830 days.
        until: Query<Option<NaiveDate>>,
        /// With what it is compared; the days before when absent.
        compare: Query<Option<ReportCompare>>,
        /// Only what this member owns, did or has to do.
        member: Query<Option<UserId>>,
        /// Only what members of this team own, did or have to do.
        team: Query<Option<TeamId>>,
        /// Only deals of this pipeline.
        pipeline: Query<Option<PipelineId>>,
    ) -> Result<Json<Report>> {
        let days = Days { span: span.0, from: from.0, until: until.0, compare: compare.0 };
        let ask = asked(&cx, kind.0.unwrap_or_default(), days, (member.0, team.0), pipeline.0).await?;
        cx.read(async |tx| actions::build(tx, &ask).await).await.map(Json)
    }

    /// Export a report
    ///
    /// As CSV or XLSX, in the language of the account; what is counted is the same as in the report. Text that a spreadsheet
    /// would run as a formula stays text.
    #[oai(path = "/reports/export", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn export_report(
        &self,
        cx: Cx<Export>,
        /// CSV when absent.
        format: Query<Option<ReportFormat>>,
        /// What it is about; the overview when absent.
        kind: Query<Option<ReportKind>>,
        /// Which days; this month when absent.
        span: Query<Option<ReportSpan>>,
        /// The first day, when days are said.
        from: Query<Option<NaiveDate>>,
        /// The last day, when days are said; at most 1830 days.
        until: Query<Option<NaiveDate>>,
        /// With what it is compared; the days before when absent.
        compare: Query<Option<ReportCompare>>,
        /// Only what this member owns, did or has to do.
        member: Query<Option<UserId>>,
        /// Only what members of this team own, did or have to do.
        team: Query<Option<TeamId>>,
        /// Only deals of this pipeline.
        pipeline: Query<Option<PipelineId>>,
    ) -> Result<ReportFile> {
        let days = Days { span: span.0, from: from.0, until: until.0, compare: compare.0 };
        let ask = asked(&cx, kind.0.unwrap_or_default(), days, (member.0, team.0), pipeline.0).await?;
        export::file(&cx, &ask, format.0.unwrap_or_default()).await
    }
}
