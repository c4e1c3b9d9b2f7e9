//! What a follow-up is.
use crate::{
    enrolments::EnrolmentId,
    follow_up_rules::FollowUpRuleId,
    sequences::SequenceId,
    words::{CancelOn, DayKind},
};
use chrono::{DateTime, NaiveDate, Utc};
use contacts::ContactId;
use deals::DealId;
use kernel::{ids::UserId, row};
use poem_openapi::Object;
use tasks::{Priority, TaskId, TaskKind};
use uuid::Uuid;

kernel::id!(FollowUpId, "fup", "A task that is made later, unless something cancels it.");

kernel::word! {
    /// How far a follow-up has come.
    pub enum FollowUpStatus {
        /// It waits for its moment.
        #[default]
        Waiting = "waiting",
        /// A member holds it back.
        Paused = "paused",
        /// Its task was made, or its contact put into a sequence.
        Fired = "fired",
        /// It will not come.
        Cancelled = "cancelled",
    }
}

kernel::word! {
    /// Why a follow-up or a run through a sequence ended early.
    pub enum EndReason {
        /// The contact got in touch.
        #[default]
        Reply = "reply",
        /// A meeting was held or planned.
        Meeting = "meeting",
        /// The contact or the deal came to another stage, or the deal was closed.
        Stage = "stage",
        /// A member stopped it.
        Stopped = "stopped",
        /// Its rule or sequence was off when it was due, or was removed.
        Off = "off",
        /// The contact or the deal was deleted.
        Gone = "gone",
        /// The contact became part of another one, for whom the same was waiting.
        Merged = "merged",
    }
}

impl From<CancelOn> for EndReason {
    fn from(condition: CancelOn) -> Self {
        match condition {
            CancelOn::Reply => EndReason::Reply,
            CancelOn::Meeting => EndReason::Meeting,
            CancelOn::Stage => EndReason::Stage,
        }
    }
}

row! {
    /// A task that is made later, unless something cancels it.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct FollowUp {
        /// Its id.
        pub id: FollowUpId,
        /// How far it has come.
        pub status: FollowUpStatus,
        /// The title of its task, as it would be now.
        pub title: String,
        /// The kind of its task.
        pub kind: TaskKind,
        /// How much its task presses.
        pub priority: Priority,
        /// The rule that started it; absent for steps of a sequence and when the rule is gone.
        pub rule: Option<FollowUpRuleId>,
        /// What that rule is called.
        pub rule_name: Option<String>,
        /// The run through a sequence that it is a step of.
        pub enrolment: Option<EnrolmentId>,
        /// That sequence.
        pub sequence: Option<SequenceId>,
        /// What that sequence is called; or the one that the contact is put into.
        pub sequence_name: Option<String>,
        /// Which step, from 1.
        pub step: Option<i16>,
        /// The contact it is about.
        pub contact: Option<ContactId>,
        /// What that contact is called.
        pub contact_name: Option<String>,
        /// The deal it is about.
        pub deal: Option<DealId>,
        /// What that deal is called.
        pub deal_title: Option<String>,
        /// Who would get its task now.
        pub assignee: Option<UserId>,
        /// The last day of an absence of his into which the day falls on which it is due; absent when he is there, or it has ended.
        pub away_until: Option<NaiveDate>,
        /// Who gets its task in his place then; it waits until he is back when absent.
        pub stand_in: Option<UserId>,
        /// How many days it waits.
        pub wait_days: i16,
        /// Which days are counted.
        pub days: DayKind,
        /// What cancels it.
        pub cancel_on: Vec<CancelOn>,
        /// The day its task is due on, in its zone.
        pub due_on: NaiveDate,
        /// IANA time zone that its moment was found in.
        pub zone: String,
        /// When its task is made, UTC.
        pub fire_at: DateTime<Utc>,
        /// From when its days are counted, UTC: when what started it happened.
        pub started_at: DateTime<Utc>,
        /// What started it: the plural name of a resource, for example `activities`.
        pub started_subject: String,
        /// Its bare id.
        pub started_id: Uuid,
        /// Why it was cancelled.
        pub reason: Option<EndReason>,
        /// What cancelled it: the plural name of a resource.
        pub cause_subject: Option<String>,
        /// Its bare id.
        pub cause_id: Option<Uuid>,
        /// The member who stopped it.
        pub ended_by: Option<UserId>,
        /// When a member began to hold it back, UTC.
        pub paused_at: Option<DateTime<Utc>>,
        /// When it fired or was cancelled, UTC.
        pub ended_at: Option<DateTime<Utc>>,
        /// The task that was made.
        pub task: Option<TaskId>,
        /// When it was planned, UTC.
        pub created_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

row! {
    /// What a follow-up needs when it fires, and when it waits anew.
    #[derive(Debug, Clone)]
    pub(crate) struct Plan {
        pub id: FollowUpId,
        pub rule: Option<FollowUpRuleId>,
        pub enrolment: Option<EnrolmentId>,
        pub contact: Option<ContactId>,
        pub deal: Option<DealId>,
        /// Who would get its task now.
        pub assignee: Option<UserId>,
        pub status: FollowUpStatus,
        pub reason: Option<EndReason>,
        pub days: DayKind,
        pub wait_days: i16,
        pub at_time: Option<String>,
        pub zone: String,
        pub due_on: NaiveDate,
        pub fire_at: DateTime<Utc>,
        pub paused_at: Option<DateTime<Utc>>,
        pub ended_at: Option<DateTime<Utc>>,
        pub started_at: DateTime<Utc>,
        pub version: i64,
    }
}

row! {
    /// What a task is made of.
    #[derive(Debug, Clone)]
    pub(super) struct Recipe {
        pub title: String,
        pub kind: TaskKind,
        pub priority: Priority,
        pub assignee: Option<UserId>,
        /// The sequence that the contact is put into instead.
        pub sequence: Option<SequenceId>,
        /// Whether what started it is on.
        pub enabled: bool,
    }
}

row! {
    /// What an activity is to follow-ups.
    #[derive(Debug, Clone)]
    pub(super) struct Said {
        pub kind: String,
        pub direction: Option<String>,
        pub topic: Option<String>,
        pub occurred_at: DateTime<Utc>,
        /// The deal it was about.
        pub deal: Option<DealId>,
        /// Whether the contact got in touch.
        pub reply: bool,
    }
}
