//! Reports over HTTP.
use super::{
    actions::{self, Ask, Sight},
    export::{self, ReportFile, ReportFormat},
    file::Writing,
    model::{Report, ReportKind, Reports},
    period::{Period, ReportCompare, ReportSpan},
    words::Language,
};
use crate::{Export, Read, Tags, report_schedules::model::ReportSchedule};
use activities::Reach;
use chrono::{DateTime, NaiveDate, Utc};
use contacts::Owners;
use deals::PipelineId;
use identity::{
    principals::standing,
    teams::{self, model::TeamId},
};
use kernel::{
    App, Cx, Error, Result,
    auth::{Grants, Level, Permission, Principal},
    error::Kind,
    ids::UserId,
    tenancy::Tenant,
};
use poem_openapi::{OpenApi, param::Query, payload::Json};
use sheets::SheetLanguage;
use std::sync::Arc;
use tasks::zone_of;
use uuid::Uuid;

pub(crate) struct ReportsApi;

/// Permissions to see what reports are about.
const RECORDS: [&str; 5] =
    [contacts::Read::NAME, companies::Read::NAME, activities::Read::NAME, deals::Read::NAME, tasks::Read::NAME];

/// With whose eyes records are read.
struct Eyes {
    grants: Arc<Grants>,
    user: Option<Uuid>,
    team: Arc<Vec<Uuid>>,
}

impl Eyes {
    fn of(principal: &Principal) -> Self {
        let Principal { grants, user, team_members, .. } = principal;
        Eyes { grants: grants.clone(), user: *user, team: team_members.clone() }
    }

    /// Owners that a permission reaches.
    fn owners(&self, permission: &str) -> Owners {
        match self.grants.level(permission) {
            Level::All => None,
            Level::Team => Some(self.team.to_vec()),
            Level::Own => Some(self.user.into_iter().collect()),
            Level::No => Some(vec![]),
        }
    }

    /// Whose records they see. A module that the plan has not is as good as no right to see its records.
    async fn sight(&self, app: &Arc<App>, tenant: &Arc<Tenant>) -> Result<Sight> {
        let of = async |permission: &'static str| {
            let module = permission.split('.').next().unwrap_or_default();
            if self.grants.level(permission) == Level::No {
                return Ok(None);
            }
            match app.require_module(tenant, module).await {
                Ok(()) => Ok(Some(self.owners(permission))),
                Err(error) if matches!(error.kind(), Kind::Forbidden { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        };
        Ok(Sight {
            contacts: of(contacts::Read::NAME).await?,
            companies: of(companies::Read::NAME).await?,
            activities: of(activities::Read::NAME)
                .await?
                .map(|seen| Reach::within(seen, self.owners(companies::Read::NAME), self.owners(deals::Read::NAME))),
            deals: of(deals::Read::NAME).await?,
            tasks: of(tasks::Read::NAME).await?,
        })
    }

    /// Whether they see all that a report shows which is made with the eyes of somebody else.
    fn cover(&self, other: &Eyes) -> bool {
        let cover = |mine: Owners, theirs: Owners| match (mine, theirs) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(theirs)) => theirs.iter().all(|id| mine.contains(id)),
        };
        cover(self.owners(Read::NAME), other.owners(Export::NAME))
            && RECORDS.iter().all(|permission| cover(self.owners(permission), other.owners(permission)))
    }

    /// Members that are asked for, as far as the permission for reports reaches.
    fn only(&self, permission: &str, member: Option<UserId>, team: Option<Vec<Uuid>>) -> Owners {
        let mut only = self.owners(permission);
        for wanted in [team, member.map(|member| vec![member.0])].into_iter().flatten() {
            only = Some(match only {
                Some(seen) => wanted.into_iter().filter(|id| seen.contains(id)).collect(),
                None => wanted,
            });
        }
        only
    }
}

/// Whether the caller may see himself what reports with the eyes of a schedule's owner show; of somebody who has left, whether he
/// sees everything.
pub(crate) async fn sees_as_much<P: Permission>(cx: &Cx<P>, owner: UserId) -> Result<bool> {
    let eyes = Eyes::of(&cx.principal);
    if eyes.user == Some(owner.0) {
        return Ok(true);
    }
    Ok(match standing(&cx.app, &cx.tenant, owner).await? {
        Some((grants, team)) => {
            eyes.cover(&Eyes { grants: Arc::new(grants), user: Some(owner.0), team: Arc::new(team) })
        }
        None => [Read::NAME].iter().chain(&RECORDS).all(|permission| eyes.owners(permission).is_none()),
    })
}

/// What a schedule asks for, with the eyes of its owner as they are now; and names, if he may know them. 403 when he may no
/// longer export reports.
pub(crate) async fn as_owner(
    app: &Arc<App>,
    tenant: &Arc<Tenant>,
    of: &ReportSchedule,
    due_at: DateTime<Utc>,
) -> Result<(Ask, (Writing, Vec<Language>))> {
    let lost = || Error::forbidden("owner_rights_lost", "Its owner may no longer export reports.");
    let standing = standing(app, tenant, of.owner).await?.ok_or_else(lost)?;
    let eyes = Eyes { grants: Arc::new(standing.0), user: Some(of.owner.0), team: Arc::new(standing.1) };
    if eyes.grants.level(Export::NAME) == Level::No {
        return Err(lost());
    }
    app.require_module(tenant, "reports").await?;
    let context = app.system("scheduled report");
    let readers: Vec<UserId> = of.recipients.iter().copied().chain([of.owner]).collect();
    let (team, writing) = app
        .control(context, async |tx| {
            let team = match of.team {
                Some(team) => Some(teams::members(tx, tenant.id, team).await?),
                None => None,
            };
            let sees = eyes.grants.level(identity::MembersRead::NAME) > Level::No;
            Ok((team, export::writing(tx, tenant, sees, &readers).await?))
        })
        .await?;
    let only = eyes.only(Export::NAME, of.member, team);
    let sight = eyes.sight(app, tenant).await?;
    let period = Period::new((of.span, None, None), of.compare, zone_of(&tenant.zone), due_at)?;
    let (kind, span, compare, pipeline) = (of.kind, of.span, of.compare, of.pipeline);
    Ok((Ask { kind, span, compare, period, only, pipeline, sight }, writing))
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
    let eyes = Eyes::of(&cx.principal);
    let team = match team {
        Some(team) => Some(cx.control(async |tx| teams::members(tx, cx.tenant.id, team).await).await?),
        None => None,
    };
    let (only, sight) = (eyes.only(P::NAME, member, team), eyes.sight(&cx.app, &cx.tenant).await?);
    Ok(Ask { kind, span, compare, period, only, pipeline, sight })
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Reports")]
impl ReportsApi {
    /// List kinds of reports
    ///
    /// Those that are about records which the caller may see.
    #[oai(path = "/report-kinds", method = "get")]
    async fn list_report_kinds(&self, cx: Cx<Read>) -> Result<Json<Reports>> {
        let kinds = Eyes::of(&cx.principal).sight(&cx.app, &cx.tenant).await?.kinds();
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
    /// As CSV, XLSX or PDF, in the language of the caller, or of the account for programs; what is counted is the same as in the report. CSV
    /// has the keys of the API unless a language is said. Text that a spreadsheet would run as a formula stays text.
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
        /// In which language people read it; the caller's when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<ReportFile> {
        let days = Days { span: span.0, from: from.0, until: until.0, compare: compare.0 };
        let ask = asked(&cx, kind.0.unwrap_or_default(), days, (member.0, team.0), pipeline.0).await?;
        export::file(&cx, &ask, format.0.unwrap_or_default(), language.0).await
    }
}
