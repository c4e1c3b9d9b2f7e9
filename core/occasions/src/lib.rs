//! # Purpose
//! The days that matter to people and companies (birthdays, anniversaries, renewals), feasts of their countries, and the
//! greetings that go out on them: at nine in the morning where the reader is, once, after somebody agreed.
//!
//! # Tables
//! `occasions`, `occasion_settings`, `feast_shifts`, `greetings`, `greeting_batches`, `greeting_sends`.
//!
//! # Permissions
//! `occasions.read`, `occasions.write`, `occasions.export`: each at level all, team or own, which means occasions of contacts and
//! companies of every owner, of owners in the member's teams, or of the member himself. `occasions.greetings.read`,
//! `occasions.greetings.write` (also how dates are read, and feasts), `occasions.greetings.approve`: names of people are shown to
//! whoever reaches them.
//!
//! # Events
//! `occasion.created`, `occasion.updated`, `occasion.deleted`, `occasion.restored`, `occasion.purged`, `occasion.exported`,
//! `occasion.forgotten`, `occasion_settings.updated`, `feast.shifted`, `greeting.created`, `greeting.updated`, `greeting.deleted`,
//! `greeting.restored`, `greeting.purged`, `greeting.exported`, `greeting_batch.created`, `greeting_batch.approved`, `greeting_batch.rejected`,
//! `greeting_batch.expired`, `greeting.sent`, `greeting.marked`, `greeting.unmarked`, `greeting.tried`. Opting out is a line of the ledger of consents.
//!
//! # Invariants
//! - Which days a date falls on is said twice, by its anchor and by its next day, and a test holds both against each other.
//! - A contact gets a greeting at most once on a day, and at most one greeting a day unless the tenant wants it otherwise:
//!   unique indexes say so, whatever clocks and jobs do.
//! - Whether somebody may be greeted is decided in the transaction that queues the mail, with his row locked. The simulation
//!   asks the same rule (`greetings/decide.rs`).
//! - What waits for approval is never sent without it, and never with another text than the one that was approved.
//! - What was done by hand is not sent: it is a line like that of a mail, under the same indexes.
//! - A greeting that names tags follows them, and never goes to everybody because they are gone.
//! - What was approved waits again in the transaction in which a segment that the greeting names asks for others. What is not
//!   known of segments (deleted, members being found) fits nobody.
//! - Events name nobody: ids, days and names of fields.
mod feasts;
mod greeting_batches;
mod greetings;
mod occasion_settings;
mod occasions;

pub use greetings::GreetingId;
pub use occasions::{Calendar, OccasionId, calendar, erase_person, export_person};

use kernel::{
    events::{Reaction, Subscription},
    jobs::JobKind,
};

kernel::permissions! {
    /// See days that matter, and feasts.
    Read = "occasions.read",
    /// Keep days that matter.
    Write = "occasions.write",
    /// Export days that matter.
    Export = "occasions.export",
    /// See greetings, what they sent and what they will send.
    ReadGreetings = "occasions.greetings.read",
    /// Change greetings, how dates are read, and feasts.
    WriteGreetings = "occasions.greetings.write",
    /// Decide whether what waits goes out.
    Approve = "occasions.greetings.approve",
}

kernel::notices! {
    /// A day that matters is near.
    OCCASION_NOTICE = "occasion.notice" [InApp, Email, Push],
    /// A contract or a service is about to be renewed or to end.
    OCCASION_RENEWAL = "occasion.renewal" [InApp, Email, Push],
    /// Greetings of a day wait for approval.
    GREETING_WAITING = "greeting.waiting" [InApp, Email, Push],
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Days that matter, feasts, and greetings on them.
    Occasions,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "occasions",
        permissions: PERMISSIONS,
        subjects: &[
            ("greetings", "occasions.greetings.read"),
            ("greeting_batches", "occasions.greetings.read"),
            ("occasion_settings", "occasions.read"),
            ("feasts", "occasions.read"),
        ],
        reactions: vec![Reaction {
            kinds: &["segment.updated", "segment.deleted", "segment.restored"],
            reflex: |tx, event| Box::pin(greetings::follow_segment(tx, event)),
        }],
        subscriptions: vec![
            Subscription {
                name: "occasions.resume",
                kinds: &["tenant.resumed"],
                handler: |tx, _| Box::pin(greetings::wake(tx)),
            },
            Subscription {
                name: "occasions.stages",
                kinds: &["contact_stage.deleted"],
                handler: |tx, event| Box::pin(greetings::follow_stage(tx, event)),
            },
            Subscription {
                name: "occasions.tags",
                kinds: &["tag.updated", "tag.merged", "tag.deleted"],
                handler: |tx, event| Box::pin(greetings::follow_tag(tx, event)),
            },
            Subscription {
                name: "occasions.renewals",
                kinds: &[
                    "company.created",
                    "company.updated",
                    "company.restored",
                    "deal.won",
                    "deal.updated",
                    "deal.restored",
                ],
                handler: |tx, _| Box::pin(greetings::wake(tx)),
            },
        ],
        jobs: vec![
            JobKind::of::<occasions::PurgeOccasion>(),
            JobKind::of::<greetings::GreetPeople>(),
            JobKind::of::<greetings::PurgeGreeting>(),
        ],
        references: occasions::REFERENCES,
        imports: occasions::IMPORTS,
        company_references: occasions::COMPANY_REFERENCES,
        notices: NOTICES,
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        occasions::OccasionsApi,
        feasts::FeastsApi,
        occasion_settings::OccasionSettingsApi,
        greetings::GreetingsApi,
        greetings::SimulationsApi,
        greetings::UnsubscribesApi,
        greeting_batches::GreetingBatchesApi,
    )
}
