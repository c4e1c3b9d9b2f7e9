//! What a sequence is and what may be sent for one.
use crate::{
    follow_up_rules::check_title,
    words::{AssigneeRule, CancelOn, DayKind, time},
};
use chrono::{DateTime, Utc};
use contacts::Problems;
use kernel::{Result, ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tasks::TaskKind;

kernel::id!(SequenceId, "seq", "Tasks one after the other, as long as nobody answers.");

/// Most steps of a sequence.
const MOST: usize = 30;

/// A task of a sequence.
#[derive(Object, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
#[oai(deny_unknown_fields)]
pub struct SequenceStep {
    /// How many days after the beginning, 0 to 365; none before the step above it.
    pub day: i16,
    /// The task's title, 1 to 200 characters with `{name}`, `{first_name}`, `{company}`, `{deal}`.
    pub title: String,
    /// The task's kind; `task` when absent.
    #[oai(default)]
    pub kind: TaskKind,
    /// How much it presses: 0 (low) to 3 (urgent); 1 when absent.
    #[oai(default = "normal")]
    #[oai(validator(minimum(value = "0"), maximum(value = "3")))]
    pub priority: i16,
}
jsonb!(SequenceStep);

fn normal() -> i16 {
    1
}

fn yes() -> bool {
    true
}

row! {
    /// Tasks one after the other, as long as nobody answers.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Sequence {
        /// Its id.
        pub id: SequenceId,
        /// What it is called.
        pub name: String,
        /// Whether contacts can be put into it. While it is off no step fires.
        pub enabled: bool,
        /// Its tasks, in order.
        pub steps: Vec<SequenceStep>,
        /// Which days are counted.
        pub days: DayKind,
        /// Not before this time of a step's day, `HH:MM`; as work begins when absent.
        pub at_time: Option<String>,
        /// What ends a run.
        pub cancel_on: Vec<CancelOn>,
        /// Whether that also leaves out a task that was made and is still open.
        pub withdraws: bool,
        /// Who gets the tasks; `actor` is whoever put the contact in.
        pub assignee: AssigneeRule,
        /// The member, for `member`.
        pub member: Option<UserId>,
        /// How many contacts go through it now; 1000 means 1000 or more.
        pub running: i64,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A sequence, as a whole.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewSequence {
    /// What it is called, 1 to 100 characters; no two alike.
    pub name: String,
    /// Whether contacts can be put into it; true when absent.
    #[oai(default = "yes")]
    pub enabled: bool,
    /// Its tasks, 1 to 30, in order.
    pub steps: Vec<SequenceStep>,
    /// Which days are counted; `working` when absent.
    #[oai(default)]
    pub days: DayKind,
    /// Not before this time of a step's day, `HH:MM`; as work begins when absent.
    pub at_time: Option<String>,
    /// What ends a run.
    #[oai(default)]
    pub cancel_on: Vec<CancelOn>,
    /// Whether that also leaves out a task that was made and is still open; true when absent.
    #[oai(default = "yes")]
    pub withdraws: bool,
    /// Who gets the tasks; `owner` when absent.
    #[oai(default)]
    pub assignee: AssigneeRule,
    /// The member, for `member`.
    pub member: Option<UserId>,
}

impl NewSequence {
    /// As it may be stored.
    pub(super) fn checked(mut self) -> Result<Self> {
        let mut wrong = Problems::default();
        self.name = wrong.text("/name", Some(self.name), 100).unwrap_or_default();
        if self.name.is_empty() {
            wrong.add("/name", "required", "A sequence needs a name.");
        }
        if self.steps.is_empty() {
            wrong.add("/steps", "required", "A sequence needs a step.");
        }
        wrong.count("/steps", self.steps.len(), MOST);
        let mut before = 0;
        for (i, step) in self.steps.iter_mut().enumerate() {
            step.title = check_title(&mut wrong, &format!("/steps/{i}/title"), std::mem::take(&mut step.title));
            if !(before..=365).contains(&step.day) {
                wrong.add(format!("/steps/{i}/day"), "days_range", "0 to 365 days, none before the step above.");
            }
            before = step.day;
        }
        if self.at_time.as_deref().is_some_and(|text| time(text).is_none()) {
            wrong.add("/at_time", "time_invalid", "A time of the day like 09:30.");
        }
        match (self.assignee, self.member) {
            (AssigneeRule::Member, None) => wrong.add("/member", "required", "Say who gets the tasks."),
            (AssigneeRule::Member, Some(_)) => {}
            _ => self.member = None,
        }
        wrong.check()?;
        Ok(self)
    }
}
