//! What a pipeline is.
use chrono::{DateTime, Utc};
use kernel::{Error, Result, error::FieldProblem, jsonb, row};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

kernel::id!(PipelineId, "pip", "A pipeline.");
kernel::id!(StageId, "stg", "A stage of a pipeline.");

/// Most stages of a pipeline.
pub const MAX_STAGES: usize = 30;
/// Most reasons of a pipeline.
const MAX_REASONS: usize = 50;
/// Days without a touch after which a deal is quiet, when nothing else is said.
const QUIET_DAYS: i16 = 7;

/// A field that a deal needs to enter a stage.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// An amount above zero.
    Amount,
    /// A day on which it should close.
    ExpectedClose,
    /// A member responsible.
    Owner,
    /// At least one contact.
    Contacts,
    /// The company that would buy.
    Company,
    /// What is done next.
    NextStep,
    /// Where it came from.
    Source,
}

impl Requirement {
    /// As stored, and as the field is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Requirement::Amount => "amount",
            Requirement::ExpectedClose => "expected_close",
            Requirement::Owner => "owner",
            Requirement::Contacts => "contacts",
            Requirement::Company => "company",
            Requirement::NextStep => "next_step",
            Requirement::Source => "source",
        }
    }
}

/// One stage of a pipeline.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Its id.
    #[serde(deserialize_with = "StageId::bare")]
    pub id: StageId,
    /// What people read; once in its pipeline.
    pub name: String,
    /// How likely a deal here is won, in percent, as somebody set it.
    pub probability: i16,
    /// Fields that a deal needs to enter.
    pub requires: Vec<Requirement>,
    /// Keys of the tenant's own fields of deals that it needs too; those that are put away are not asked for meanwhile, and one that
    /// is deleted is gone from here.
    pub requires_custom: Vec<String>,
}
jsonb!(Stage);

row! {
    /// Ordered stages that deals go through.
    #[derive(Object, Debug, Clone)]
    pub struct Pipeline {
        /// Its id.
        pub id: PipelineId,
        /// What people read; no two have one name.
        pub name: String,
        /// Place among the pipelines, from 0.
        pub position: i32,
        /// An open deal that nobody touched for so many days is quiet.
        pub quiet_days: i16,
        /// Reasons that are offered when a deal is lost or abandoned.
        pub reasons: Vec<String>,
        /// In order.
        pub stages: Vec<Stage>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A stage as it shall be.
#[derive(Object, Debug, Clone, PartialEq)]
#[oai(deny_unknown_fields)]
pub struct NewStage {
    /// Which one, when it is there already; a new one when absent.
    pub id: Option<StageId>,
    /// What people read, 1 to 60 characters.
    pub name: String,
    /// How likely a deal here is won, 0 to 100 percent.
    #[oai(default)]
    pub probability: i16,
    /// Fields that a deal needs to enter.
    #[oai(default)]
    pub requires: Vec<Requirement>,
    /// Keys of the tenant's own fields of deals that it needs too. 422 `field_unknown`.
    #[oai(default)]
    pub requires_custom: Vec<String>,
}

/// A new pipeline.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewPipeline {
    /// What people read, 1 to 60 characters.
    pub name: String,
    /// In order, 1 to 30.
    pub stages: Vec<NewStage>,
    /// An open deal that nobody touched for so many days is quiet, 1 to 365; 7 when absent.
    pub quiet_days: Option<i16>,
    /// Reasons to offer when a deal is lost or abandoned, at most 50.
    #[oai(default)]
    pub reasons: Vec<String>,
    /// Place among the pipelines; the last when absent.
    pub position: Option<i32>,
}

/// A change: absent fields stay, lists are replaced as a whole.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct PipelinePatch {
    /// What people read.
    pub name: Option<String>,
    /// Every stage, in order. One that is left out is taken away; 409 `stage_in_use` while open deals are in it.
    pub stages: Option<Vec<NewStage>>,
    /// An open deal that nobody touched for so many days is quiet.
    pub quiet_days: Option<i16>,
    /// Every reason to offer.
    pub reasons: Option<Vec<String>>,
    /// Place among the pipelines.
    pub position: Option<i32>,
}

/// A pipeline as it will be stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub name: String,
    /// Cleaned.
    pub stages: Vec<NewStage>,
    pub quiet_days: i16,
    pub reasons: Vec<String>,
    pub position: Option<i32>,
}

impl NewPipeline {
    /// This, cleaned; 422 that names everything wrong.
    pub(crate) fn checked(self) -> Result<Draft> {
        let mut wrong = vec![];
        let mut refuse = |field: String, code: &str, detail: &str| {
            wrong.push(FieldProblem { field, code: code.into(), detail: detail.into() });
        };
        let name = clean(&self.name);
        if !is_name(&name) {
            refuse("/name".into(), "length", "A name has 1 to 60 characters.");
        }
        let quiet_days = self.quiet_days.unwrap_or(QUIET_DAYS);
        if !(1..=365).contains(&quiet_days) {
            refuse("/quiet_days".into(), "days_range", "quiet_days goes from 1 to 365.");
        }
        if self.position.is_some_and(|position| !(0..=10_000).contains(&position)) {
            refuse("/position".into(), "position_range", "position goes from 0 to 10000.");
        }
        let reasons: Vec<String> = self.reasons.iter().map(|reason| clean(reason)).collect();
        if reasons.len() > MAX_REASONS || reasons.iter().any(|r| r.is_empty() || r.chars().count() > 100) {
            refuse("/reasons".into(), "reasons_invalid", "At most 50 reasons of 1 to 100 characters.");
        }
        if self.stages.is_empty() || self.stages.len() > MAX_STAGES {
            refuse("/stages".into(), "count", "A pipeline has 1 to 30 stages.");
        }
        let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
        let mut stages = vec![];
        for (i, stage) in self.stages.into_iter().enumerate() {
            let name = clean(&stage.name);
            if !is_name(&name) {
                refuse(format!("/stages/{i}/name"), "length", "A name has 1 to 60 characters.");
            } else if !names.insert(name.to_lowercase()) {
                refuse(format!("/stages/{i}/name"), "stage_name_taken", "Another stage has this name.");
            }
            if stage.id.is_some_and(|id| !ids.insert(id)) {
                refuse(format!("/stages/{i}/id"), "stage_twice", "This stage is named twice.");
            }
            if !(0..=100).contains(&stage.probability) {
                refuse(format!("/stages/{i}/probability"), "percent", "probability goes from 0 to 100.");
            }
            let requires: BTreeSet<Requirement> = stage.requires.iter().copied().collect();
            stages.push(NewStage { name, requires: requires.into_iter().collect(), ..stage });
        }
        if wrong.is_empty() {
            Ok(Draft { name, stages, quiet_days, reasons, position: self.position })
        } else {
            Err(Error::invalid_fields(wrong))
        }
    }
}

impl Pipeline {
    /// What it would be made of again, with a change.
    pub(crate) fn patched(&self, patch: PipelinePatch) -> NewPipeline {
        let same = |stage: &Stage| NewStage {
            id: Some(stage.id),
            name: stage.name.clone(),
            probability: stage.probability,
            requires: stage.requires.clone(),
            requires_custom: stage.requires_custom.clone(),
        };
        NewPipeline {
            name: patch.name.unwrap_or_else(|| self.name.clone()),
            stages: patch.stages.unwrap_or_else(|| self.stages.iter().map(same).collect()),
            quiet_days: Some(patch.quiet_days.unwrap_or(self.quiet_days)),
            reasons: patch.reasons.unwrap_or_else(|| self.reasons.clone()),
            position: Some(patch.position.unwrap_or(self.position)),
        }
    }
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

fn is_name(text: &str) -> bool {
    (1..=60).contains(&text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(name: &str) -> NewStage {
        NewStage { id: None, name: name.into(), probability: 50, requires: vec![], requires_custom: vec![] }
    }

    fn new(stages: Vec<NewStage>) -> NewPipeline {
        NewPipeline { name: " Sales\u{7} ".into(), stages, quiet_days: None, reasons: vec![], position: None }
    }

    #[test]
    fn a_pipeline_is_cleaned_and_has_a_default() {
        let twice =
            NewStage { requires: vec![Requirement::Owner, Requirement::Amount, Requirement::Owner], ..stage("A") };
        let draft = new(vec![twice]).checked().unwrap();
        assert_eq!((draft.name.as_str(), draft.quiet_days), ("Sales", 7));
        assert_eq!(draft.stages[0].requires, [Requirement::Amount, Requirement::Owner]);
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let broken = NewPipeline {
            name: String::new(),
            quiet_days: Some(0),
            reasons: vec![String::new()],
            position: Some(-1),
            stages: vec![stage("A"), stage("a"), NewStage { probability: 101, ..stage("") }],
        };
        let Err(error) = broken.checked() else { panic!("accepted") };
        let kernel::error::Kind::Invalid(fields) = error.kind() else { panic!("{error}") };
        let fields: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
        let expected = [
            "/name",
            "/quiet_days",
            "/position",
            "/reasons",
            "/stages/1/name",
            "/stages/2/name",
            "/stages/2/probability",
        ];
        assert_eq!(fields, expected);
        assert!(new(vec![]).checked().is_err());
        assert!(new((0..31).map(|i| stage(&format!("S{i}"))).collect()).checked().is_err());
        let id = StageId(uuid::Uuid::nil());
        let same = |name| NewStage { id: Some(id), ..stage(name) };
        assert!(new(vec![same("A"), same("B")]).checked().is_err());
    }
}
