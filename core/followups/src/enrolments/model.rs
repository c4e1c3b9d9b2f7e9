//! What a run through a sequence is.
use crate::{follow_up_rules::FollowUpRuleId, follow_ups::EndReason, sequences::SequenceId};
use chrono::{DateTime, Utc};
use contacts::ContactId;
use deals::DealId;
use kernel::{ids::UserId, row};
use poem_openapi::Object;
use uuid::Uuid;

kernel::id!(EnrolmentId, "enr", "A contact going through a sequence.");

kernel::word! {
    /// How far a run has come.
    pub enum EnrolmentStatus {
        /// Steps are still to come.
        #[default]
        Active = "active",
        /// A member holds it back.
        Paused = "paused",
        /// It ended early.
        Stopped = "stopped",
        /// Every step came, or was left out.
        Finished = "finished",
    }
}

row! {
    /// A contact going through a sequence. Its steps are follow-ups.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "SequenceEnrolment", skip_serializing_if_is_none)]
    pub struct Enrolment {
        /// Its id.
        pub id: EnrolmentId,
        /// The sequence.
        pub sequence: SequenceId,
        /// What that is called.
        pub sequence_name: String,
        /// The contact.
        pub contact: ContactId,
        /// What the contact is called.
        pub contact_name: String,
        /// The deal it is about.
        pub deal: Option<DealId>,
        /// The rule that began it.
        pub rule: Option<FollowUpRuleId>,
        /// How far it has come.
        pub status: EnrolmentStatus,
        /// How many steps have come.
        pub steps_done: i64,
        /// How many steps there are.
        pub steps: i64,
        /// Why it ended early.
        pub reason: Option<EndReason>,
        /// What ended it: the plural name of a resource.
        pub cause_subject: Option<String>,
        /// Its bare id.
        pub cause_id: Option<Uuid>,
        /// The member who began it.
        pub started_by: Option<UserId>,
        /// When it began, UTC.
        pub started_at: DateTime<Utc>,
        /// When a member began to hold it back, UTC.
        pub paused_at: Option<DateTime<Utc>>,
        /// When it ended, UTC.
        pub ended_at: Option<DateTime<Utc>>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// Contacts to put into a sequence.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewEnrolments {
    /// The sequence.
    pub sequence: SequenceId,
    /// The contacts, 1 to 200.
    pub contacts: Vec<ContactId>,
    /// The deal it is about, for a single contact.
    pub deal: Option<DealId>,
}

/// What became of them.
#[derive(Object, Debug, Clone)]
pub struct EnrolmentsMade {
    /// Runs that began, those of the contacts with the lowest ids first.
    pub items: Vec<Enrolment>,
    /// How many contacts go through it already.
    pub running: u32,
    /// How many are not there, or out of reach.
    pub missing: u32,
}
