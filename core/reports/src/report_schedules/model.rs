//! What a schedule is, and what may be sent for one.
use super::due::{ReportCadence, Rhythm};
use crate::reports::{ReportCompare, ReportFormat, ReportKind, ReportSpan};
use chrono::{DateTime, Utc};
use contacts::Problems;
use deals::PipelineId;
use identity::teams::model::TeamId;
use kernel::{Result, ids::UserId, row};
use poem_openapi::{Object, types::MaybeUndefined};
use uuid::Uuid;

kernel::id!(ReportScheduleId, "rps", "A report that comes by itself.");

kernel::word! {
    /// Whether it comes.
    pub enum ReportScheduleState {
        /// It does.
        #[default]
        Active = "active",
        /// Somebody paused it.
        Paused = "paused",
        /// Its owner may no longer export reports; resuming tries again.
        Stopped = "stopped",
    }
}

row! {
    /// A report that comes by itself, as its owner sees it.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ReportSchedule {
        /// Its id.
        pub id: ReportScheduleId,
        /// What people call it.
        pub name: String,
        /// With whose eyes it is read.
        pub owner: UserId,
        /// What it is about.
        pub kind: ReportKind,
        /// Which days, seen from when it comes.
        pub span: ReportSpan,
        /// With what they are compared.
        pub compare: ReportCompare,
        /// Only what this member owns, did or has to do.
        pub member: Option<UserId>,
        /// Only what members of this team own, did or have to do.
        pub team: Option<TeamId>,
        /// Only deals of this pipeline.
        pub pipeline: Option<PipelineId>,
        /// What the file is.
        pub format: ReportFormat,
        /// How often it comes.
        pub cadence: ReportCadence,
        /// On which day: of the week, 1 is Monday, or of the month. Daily ones come whatever it says.
        pub day: i16,
        /// At which minute of the day, from 0.
        pub minute: i16,
        /// In which zone.
        pub zone: String,
        /// Members who get it.
        pub recipients: Vec<UserId>,
        /// Whether it comes.
        pub state: ReportScheduleState,
        /// When it comes next, UTC.
        pub next_at: Option<DateTime<Utc>>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A new schedule. Its owner is the caller.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewReportSchedule {
    /// What people call it, 1 to 100 characters.
    pub name: String,
    /// What it is about.
    pub kind: ReportKind,
    /// Which days, seen from when it comes: any but `days`.
    pub span: ReportSpan,
    /// With what they are compared; the days before when absent.
    pub compare: Option<ReportCompare>,
    /// Only what this member owns, did or has to do.
    pub member: Option<UserId>,
    /// Only what members of this team own, did or have to do.
    pub team: Option<TeamId>,
    /// Only deals of this pipeline.
    pub pipeline: Option<PipelineId>,
    /// What the file is; a workbook when absent.
    pub format: Option<ReportFormat>,
    /// How often it comes.
    pub cadence: ReportCadence,
    /// On which day: of the week, 1 is Monday, or of the month, 1 to 31; 1 when absent.
    pub day: Option<i16>,
    /// At which minute of the day, 0 to 1439.
    pub minute: i16,
    /// IANA time zone; the account's when absent.
    pub zone: Option<String>,
    /// Members who get it, 1 to 20: of the account or of its agency. Nobody else can get it.
    pub recipients: Vec<UserId>,
}

/// A change: absent fields stay.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ReportSchedulePatch {
    /// What people call it.
    pub name: Option<String>,
    /// How often it comes.
    pub cadence: Option<ReportCadence>,
    /// On which day.
    pub day: Option<i16>,
    /// At which minute of the day.
    pub minute: Option<i16>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// What the file is.
    pub format: Option<ReportFormat>,
    /// Only what members of this team own, did or have to do; null for everybody.
    pub team: MaybeUndefined<TeamId>,
    /// Members who get it.
    pub recipients: Option<Vec<UserId>>,
    /// Whether it comes: false pauses it, true lets it come again.
    pub active: Option<bool>,
}

impl ReportSchedulePatch {
    /// Members who did not get it before.
    pub(super) fn joining(&self, of: &ReportSchedule) -> Vec<UserId> {
        let given = self.recipients.iter().flatten();
        given.copied().filter(|member| !of.recipients.contains(member)).collect()
    }

    /// Refuses what would let people have more of a report than whoever changes it may see.
    pub(super) fn check_reach(&self, of: &ReportSchedule) -> Result<()> {
        let mut wrong = Problems::default();
        if !self.joining(of).is_empty() {
            let detail = "It shows more than you may see: its owner says who else gets it.";
            wrong.add("/recipients", "recipients_out_of_reach", detail);
        }
        if !self.team.is_undefined() && self.team.value().copied() != of.team {
            let detail = "It shows more than you may see: its owner says whom it is about.";
            wrong.add("/team", "team_out_of_reach", detail);
        }
        wrong.check()
    }
}

/// A schedule whose values fit together.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub name: String,
    pub kind: ReportKind,
    pub span: ReportSpan,
    pub compare: ReportCompare,
    pub member: Option<UserId>,
    pub team: Option<TeamId>,
    pub pipeline: Option<PipelineId>,
    pub format: ReportFormat,
    pub rhythm: Rhythm,
    pub recipients: Vec<Uuid>,
}

impl Draft {
    /// Of a new one.
    pub fn new(new: NewReportSchedule, zone: &str) -> Result<Self> {
        let mut wrong = Problems::default();
        if new.span == ReportSpan::Days {
            wrong.add("/span", "span_fixed", "Days that are said never change; choose a month, quarter or year.");
        }
        let rhythm =
            rhythm(&mut wrong, new.cadence, new.day.unwrap_or(1), new.minute, new.zone.as_deref().unwrap_or(zone));
        let draft = Draft {
            name: name(&mut wrong, new.name),
            kind: new.kind,
            span: new.span,
            compare: new.compare.unwrap_or_default(),
            member: new.member,
            team: new.team,
            pipeline: new.pipeline,
            format: new.format.unwrap_or(ReportFormat::Xlsx),
            rhythm,
            recipients: recipients(&mut wrong, new.recipients),
        };
        wrong.check()?;
        Ok(draft)
    }

    /// Of a schedule that is changed.
    pub fn changed(of: &ReportSchedule, patch: ReportSchedulePatch) -> Result<Self> {
        let mut wrong = Problems::default();
        let zone = patch.zone.unwrap_or_else(|| of.zone.clone());
        let (day, minute) = (patch.day.unwrap_or(of.day), patch.minute.unwrap_or(of.minute));
        let draft = Draft {
            name: name(&mut wrong, patch.name.unwrap_or_else(|| of.name.clone())),
            kind: of.kind,
            span: of.span,
            compare: of.compare,
            member: of.member,
            team: match patch.team {
                MaybeUndefined::Undefined => of.team,
                MaybeUndefined::Null => None,
                MaybeUndefined::Value(team) => Some(team),
            },
            pipeline: of.pipeline,
            format: patch.format.unwrap_or(of.format),
            rhythm: rhythm(&mut wrong, patch.cadence.unwrap_or(of.cadence), day, minute, &zone),
            recipients: recipients(&mut wrong, patch.recipients.unwrap_or_else(|| of.recipients.clone())),
        };
        wrong.check()?;
        Ok(draft)
    }
}

fn name(wrong: &mut Problems, name: String) -> String {
    wrong.text("/name", Some(name), 100).unwrap_or_else(|| {
        wrong.add("/name", "required", "A name is needed.");
        String::new()
    })
}

fn rhythm(wrong: &mut Problems, cadence: ReportCadence, day: i16, minute: i16, zone: &str) -> Rhythm {
    let most = if cadence == ReportCadence::Weekly { 7 } else { 31 };
    if !(1..=most).contains(&day) {
        wrong.add("/day", "day_range", format!("1 to {most}."));
    }
    if !(0..=1439).contains(&minute) {
        wrong.add("/minute", "minute_range", "0 to 1439, the minutes since midnight.");
    }
    let zone = zone.parse().unwrap_or_else(|_| {
        wrong.add("/zone", "zone_unknown", "An IANA time zone, for example Europe/Berlin.");
        chrono_tz::Tz::UTC
    });
    Rhythm { cadence, day, minute, zone }
}

fn recipients(wrong: &mut Problems, given: Vec<UserId>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = given.into_iter().map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    if !(1..=20).contains(&ids.len()) {
        wrong.add("/recipients", "recipients_range", "1 to 20 members.");
    }
    ids
}

impl ReportSchedule {
    /// When it comes.
    pub(crate) fn rhythm(&self) -> Rhythm {
        Rhythm { cadence: self.cadence, day: self.day, minute: self.minute, zone: tasks::zone_of(&self.zone) }
    }
}
