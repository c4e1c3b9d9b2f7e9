//! # Purpose
//! What should happen when nobody answers: rules that make tasks some days after a mail, a call or a change of stage,
//! sequences of such tasks, working hours to count in, and the list of those nobody has been in touch with for long.
//!
//! # Tables
//! `working_time`, `holidays`, `member_hours`, `member_absences`, `follow_up_rules`, `sequences`, `enrolments`, `follow_ups`. It also keeps when somebody was
//! last in touch with a contact.
//!
//! # Permissions
//! `followups.read`, `followups.write`: each at level all, team or own, which means follow-ups about contacts and deals of
//! every owner, of owners in the member's teams, or of the member himself. Rules, sequences, working hours and days off
//! are changed with `followups.write` for all; a member's own hours and absences with any, those of others with it for all.
//!
//! # Events
//! `follow_up.scheduled`, `follow_up.restarted`, `follow_up.postponed`, `follow_up.fired`, `follow_up.cancelled`, `follow_up.paused`,
//! `follow_up.resumed`, `follow_up.exported`, `enrolment.created`, `enrolment.paused`, `enrolment.resumed`, `enrolment.stopped`,
//! `enrolment.finished`, `follow_up_rule.created`, `follow_up_rule.updated`, `follow_up_rule.deleted`, `sequence.created`,
//! `sequence.updated`, `sequence.deleted`, `holiday.created`, `holiday.deleted`, `working_time.updated`,
//! `member_hours.updated`, `member_hours.deleted`, `member_absence.created`, `member_absence.deleted`; `contact.exported` and
//! `company.exported` for files of the radar.
//!
//! # Invariants
//! - A follow-up fires at most once, and never after what cancels it was committed: both lock its row, and what cancels
//!   it does so in the transaction that records the answer, the meeting or the stage (a reaction, not a subscription).
//! - What starts follow-ups of a contact and what cancels them follow each other: both lock the contact.
//! - A rule waits for one thing at a time with a contact and a deal; a contact goes through a sequence once at a time.
//! - Locks are taken in one order: deal, contact, follow-ups by id, run, task.
//! - Whoever is away when a follow-up comes is asked for in the transaction that takes it: it goes to him, to whoever stands in, or
//!   waits until he is back. Of days that are counted none is left out for an absence.
//! - Follow-ups name nobody: placeholders are filled when the task is made.
//! - When somebody was last in touch is never in the future: what is planned counts from when it happens.
mod enrolments;
mod follow_up_rules;
mod follow_ups;
mod holidays;
mod member_absences;
mod member_hours;
mod radar;
mod sequences;
mod words;
mod working_time;

pub use follow_ups::{erase_person, export_person};

use kernel::{
    Error, Result,
    auth::Level,
    events::{Reaction, Subscription},
    jobs::JobKind,
};

kernel::permissions! {
    /// See follow-ups, sequences and who was not contacted for long.
    Read = "followups.read",
    /// Stop, pause and begin follow-ups; for those of everybody also set up rules, sequences and working hours.
    Write = "followups.write",
}

kernel::notices! {
    /// A follow-up became a task.
    FOLLOW_UP_FIRED = "follow_up.fired" [InApp, Email, Push],
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// What should happen when nobody answers: rules, sequences, working hours.
    FollowUps,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "followups",
        permissions: PERMISSIONS,
        subjects: &[
            ("follow_ups", "followups.read"),
            ("follow_up_rules", "followups.read"),
            ("sequences", "followups.read"),
            ("enrolments", "followups.read"),
            ("holidays", "followups.read"),
            ("working_time", "followups.read"),
            ("member_hours", "followups.read"),
            ("member_absences", "followups.read"),
        ],
        reactions: vec![
            Reaction { kinds: radar::KINDS, reflex: |tx, event| Box::pin(radar::note(tx, event)) },
            Reaction { kinds: follow_ups::KINDS, reflex: |tx, event| Box::pin(follow_ups::react(tx, event)) },
        ],
        subscriptions: vec![Subscription {
            name: "followups.stages",
            kinds: &["contact_stage.deleted"],
            handler: |tx, event| Box::pin(follow_up_rules::follow_stage(tx, event)),
        }],
        jobs: vec![JobKind::of::<follow_ups::FireFollowUp>(), JobKind::of::<radar::CountTouches>()],
        references: follow_ups::REFERENCES,
        notices: NOTICES,
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        (working_time::WorkingTimeApi, member_hours::MemberHoursApi, member_absences::MemberAbsencesApi),
        holidays::HolidaysApi,
        follow_up_rules::FollowUpRulesApi,
        follow_ups::FollowUpsApi,
        sequences::SequencesApi,
        enrolments::EnrolmentsApi,
        radar::RadarApi,
    )
}

/// Rules, sequences and working hours are everybody's.
fn require_everybody(level: Level) -> Result<()> {
    match level {
        Level::All => Ok(()),
        _ => Err(Error::forbidden("level_all_needed", "This changes the follow-ups of everybody.")),
    }
}
