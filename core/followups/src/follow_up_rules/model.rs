//! What a rule is and what may be sent for one.
use crate::{
    sequences::SequenceId,
    words::{AssigneeRule, CancelOn, DayKind, time},
};
use activities::{ActivityDirection, ActivityKind, ActivityTopic};
use chrono::{DateTime, Utc};
use contacts::Problems;
use deals::StageId;
use kernel::{Result, ids::UserId, row};
use poem_openapi::Object;
use tasks::{Priority, TaskKind};

kernel::id!(FollowUpRuleId, "fur", "A rule that starts follow-ups.");

/// Placeholders of a title.
pub(crate) const PLACEHOLDERS: [&str; 4] = ["{name}", "{first_name}", "{company}", "{deal}"];

kernel::word! {
    /// What starts a follow-up.
    pub enum FollowUpCause {
        /// A call, mail, message or meeting was logged.
        #[default]
        Activity = "activity",
        /// A deal came to a stage.
        DealStage = "deal_stage",
        /// A contact came to a stage.
        ContactStage = "contact_stage",
    }
}

row! {
    /// A rule that starts follow-ups: some days after something, if nothing cancels it, a task is made.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct FollowUpRule {
        /// Its id.
        pub id: FollowUpRuleId,
        /// What it is called.
        pub name: String,
        /// Whether it is on. What a rule started that is off does not fire.
        pub enabled: bool,
        /// What starts a follow-up.
        pub cause: FollowUpCause,
        /// Only this kind of activity.
        pub activity_kind: Option<ActivityKind>,
        /// Only activities from this side.
        pub direction: Option<ActivityDirection>,
        /// Only activities about this.
        pub topic: Option<ActivityTopic>,
        /// The stage that a deal comes to.
        pub deal_stage: Option<StageId>,
        /// What that stage is called.
        pub deal_stage_name: Option<String>,
        /// Key of the stage that a contact comes to.
        pub contact_stage: Option<String>,
        /// How many days later.
        pub wait_days: i16,
        /// Which days are counted.
        pub days: DayKind,
        /// Not before this time of that day, `HH:MM`; as work begins when absent. Moved into working hours.
        pub at_time: Option<String>,
        /// Whether it waits anew when the same happens again; for stages, when anything is logged with the contact.
        pub restarts: bool,
        /// What makes it needless.
        pub cancel_on: Vec<CancelOn>,
        /// Whether that also leaves out a task that was made and is still open.
        pub withdraws: bool,
        /// The sequence that the contact is put into, instead of a task.
        pub sequence: Option<SequenceId>,
        /// The task's title. `{name}`, `{first_name}`, `{company}` and `{deal}` are filled in.
        pub task_title: String,
        /// The task's kind.
        pub task_kind: TaskKind,
        /// How much it presses.
        pub task_priority: Priority,
        /// Who gets it.
        pub assignee: AssigneeRule,
        /// The member, for `member`.
        pub member: Option<UserId>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A rule, as a whole.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewFollowUpRule {
    /// What it is called, 1 to 100 characters; no two alike.
    pub name: String,
    /// Whether it is on; true when absent.
    #[oai(default = "yes")]
    pub enabled: bool,
    /// What starts a follow-up.
    pub cause: FollowUpCause,
    /// Only this kind of activity; for `activity`.
    pub activity_kind: Option<ActivityKind>,
    /// Only activities from this side; for `activity`.
    pub direction: Option<ActivityDirection>,
    /// Only activities about this; for `activity`.
    pub topic: Option<ActivityTopic>,
    /// The stage that a deal comes to; for `deal_stage`.
    pub deal_stage: Option<StageId>,
    /// Key of the stage that a contact comes to; for `contact_stage`.
    pub contact_stage: Option<String>,
    /// How many days later, 0 to 365.
    pub wait_days: i16,
    /// Which days are counted; `working` when absent.
    #[oai(default)]
    pub days: DayKind,
    /// Not before this time of that day, `HH:MM`; as work begins when absent.
    pub at_time: Option<String>,
    /// Whether it waits anew when the same happens again; true when absent.
    #[oai(default = "yes")]
    pub restarts: bool,
    /// What makes it needless.
    #[oai(default)]
    pub cancel_on: Vec<CancelOn>,
    /// Whether that also leaves out a task that was made and is still open; true when absent.
    #[oai(default = "yes")]
    pub withdraws: bool,
    /// The sequence that the contact is put into, instead of a task.
    pub sequence: Option<SequenceId>,
    /// The task's title, 1 to 200 characters with `{name}`, `{first_name}`, `{company}`, `{deal}`.
    pub task_title: String,
    /// The task's kind; `task` when absent.
    #[oai(default)]
    pub task_kind: TaskKind,
    /// How much it presses; `normal` when absent.
    #[oai(default)]
    pub task_priority: Priority,
    /// Who gets it; `owner` when absent.
    #[oai(default)]
    pub assignee: AssigneeRule,
    /// The member, for `member`.
    pub member: Option<UserId>,
}

fn yes() -> bool {
    true
}

/// A title as it may be stored: known placeholders only.
pub(crate) fn check_title(wrong: &mut Problems, field: &str, title: String) -> String {
    let title = wrong.text(field, Some(title), 200).unwrap_or_default();
    if title.is_empty() {
        wrong.add(field, "required", "A task needs a title.");
    }
    let rest = PLACEHOLDERS.iter().fold(title.clone(), |text, known| text.replace(known, ""));
    if rest.contains('{') || rest.contains('}') {
        wrong.add(field, "placeholder_unknown", format!("Known placeholders: {}.", PLACEHOLDERS.join(", ")));
    }
    title
}

impl NewFollowUpRule {
    /// As it may be stored.
    pub(super) fn checked(mut self) -> Result<Self> {
        let mut wrong = Problems::default();
        self.name = wrong.text("/name", Some(self.name), 100).unwrap_or_default();
        if self.name.is_empty() {
            wrong.add("/name", "required", "A rule needs a name.");
        }
        self.task_title = check_title(&mut wrong, "/task_title", self.task_title);
        if !(0..=365).contains(&self.wait_days) {
            wrong.add("/wait_days", "days_range", "0 to 365 days.");
        }
        if self.at_time.as_deref().is_some_and(|text| time(text).is_none()) {
            wrong.add("/at_time", "time_invalid", "A time of the day like 09:30.");
        }
        self.check_cause(&mut wrong);
        match (self.assignee, self.member) {
            (AssigneeRule::Member, None) => wrong.add("/member", "required", "Say who gets the task."),
            (AssigneeRule::Member, Some(_)) => {}
            _ => self.member = None,
        }
        wrong.check()?;
        Ok(self)
    }

    /// What does not belong to the cause is dropped; what it needs must be there.
    fn check_cause(&mut self, wrong: &mut Problems) {
        if self.cause != FollowUpCause::Activity {
            (self.activity_kind, self.direction, self.topic) = (None, None, None);
        }
        if self.cause != FollowUpCause::DealStage {
            self.deal_stage = None;
        } else if self.deal_stage.is_none() {
            wrong.add("/deal_stage", "required", "Say which stage a deal comes to.");
        }
        if self.cause != FollowUpCause::ContactStage {
            self.contact_stage = None;
        } else if self.contact_stage.is_none() {
            wrong.add("/contact_stage", "required", "Say which stage a contact comes to.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> NewFollowUpRule {
        NewFollowUpRule { name: "After".into(), task_title: "Ring {name}".into(), ..NewFollowUpRule::default() }
    }

    #[test]
    fn rules_are_whole_or_refused() {
        assert!(rule().checked().is_ok());
        let broken = [
            NewFollowUpRule { name: " ".into(), ..rule() },
            NewFollowUpRule { task_title: "Ring {nobody}".into(), ..rule() },
            NewFollowUpRule { wait_days: 366, ..rule() },
            NewFollowUpRule { at_time: Some("9:00".into()), ..rule() },
            NewFollowUpRule { cause: FollowUpCause::DealStage, ..rule() },
            NewFollowUpRule { cause: FollowUpCause::ContactStage, ..rule() },
            NewFollowUpRule { assignee: AssigneeRule::Member, ..rule() },
        ];
        for rule in broken {
            assert!(rule.clone().checked().is_err(), "{rule:?}");
        }
    }

    #[test]
    fn what_does_not_belong_to_the_cause_is_dropped() {
        let mixed = NewFollowUpRule {
            cause: FollowUpCause::ContactStage,
            contact_stage: Some("won".into()),
            topic: Some(ActivityTopic::Quote),
            ..rule()
        };
        assert_eq!(mixed.checked().map(|rule| rule.topic).unwrap(), None);
    }
}
