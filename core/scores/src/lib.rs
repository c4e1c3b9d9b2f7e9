//! # Purpose
//! How ready to buy a contact seems: a score of 0 to 100 that says which rules of the tenant gave how many points, and a band.
//! Rules ask with the conditions of segments, so this module stands below them; number and band are kept with the contact, and
//! written by this module alone. Until it has counted them, most of them after the import, contacts of an import have the number
//! that others like them got.
//!
//! # Tables
//! `scoring`, `score_dirty`.
//!
//! # Permissions
//! `scores.read`, `scores.write`: the rules are the tenant's, so changing them takes `scores.write` for all. Whose score is shown
//! is said by `contacts.read`.
//!
//! # Events
//! `scoring.updated`; `score.band_changed`, one for each contact; `scoring.shifted` instead, with figures, when new rules or an
//! import move many at once.
//!
//! # Invariants
//! - When nothing waits in `score_dirty` and nothing is being counted, every contact that is not deleted has the score that
//!   counting it anew gives as of `scored_on`, a day of the tenant.
//! - A score depends on facts and on the day, never on the moment, on earlier scores or on the order of what happened.
//! - Scores are counted with `scoring` locked, by the rules as they are then. Whoever counts takes the contact off `score_dirty`
//!   before he looks, so what happens meanwhile is looked at again.
mod scoring;

pub use scoring::{erase_person, export_person};

use kernel::{
    events::{Subscription, Watch},
    jobs::JobKind,
};

kernel::permissions! {
    /// See the rules of scores, and why a contact has the score that it has.
    Read = "scores.read",
    /// Change the rules of scores.
    Write = "scores.write",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// How ready to buy contacts seem, and why.
    Scores,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "scores",
        permissions: PERMISSIONS,
        subjects: &[("scoring", "scores.read")],
        subscriptions: vec![Subscription {
            name: "scores.notice",
            kinds: &[],
            handler: |tx, event| Box::pin(scoring::notice(tx, event)),
        }],
        watches: vec![Watch { subject: "contacts", touched: |tx, contacts| Box::pin(scoring::touched(tx, contacts)) }],
        jobs: vec![
            JobKind::of::<scoring::RefreshScores>(),
            JobKind::of::<scoring::CountScores>(),
            JobKind::of::<scoring::FadeScores>(),
        ],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    scoring::ScoringApi
}
