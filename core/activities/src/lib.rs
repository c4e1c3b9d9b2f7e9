//! # Purpose
//! What happened with a contact, a company or a deal: the timeline, notes, calls, meetings and messages logged by hand, and
//! the tenant's event log for programs that follow it.
//!
//! # Tables
//! `notes`, `activities`, `followers`. The timeline and the log are read from the kernel's `events` and `event_log`.
//!
//! # Permissions
//! `activities.read`, `activities.write`, `activities.export`: each at level all, team or own, meaning whose contacts,
//! companies and deals; companies and deals no further than `companies.read` and `deals.read` reach. Names of tasks, files,
//! forms and whatever else an entry is about are told, and found, as far as the permission reaches that lists them.
//! `activities.events.read`: level all only.
//!
//! # Events
//! `note.created`, `note.updated`, `note.deleted`, `activity.logged`, `activity.updated`, `activity.deleted`,
//! `activity.exported`, `timeline.exported`, `contact.followed`, `contact.unfollowed`, `company.followed`,
//! `company.unfollowed`, `deal.followed`, `deal.unfollowed`.
//!
//! # Invariants
//! - A private note, and that it exists, is known to its author alone.
//! - A note is about one record, an activity too; about a company or a deal it may say with which contact it was, and then
//!   whatever goes by contacts (timelines, follow-ups, reports) counts it.
//! - Whom a note names is told once, and only if he may see the record; a private note tells nobody.
//! - Who follows a record is told of one event once, and only while he may see the record.
//! - Locks are taken in one order: deal, contact, activity.
//! - The timeline stores nothing: it is the event log, joined with what notes and activities say and what things are called now.
//! - The log can be read again from any place, and always says the same.
mod activities;
mod days;
mod events;
mod followers;
mod notes;
mod readers;
mod records;
mod timeline;
mod wire;

pub use activities::{ActivityDirection, ActivityId, ActivityKind, ActivityTopic, require_activity};
pub use notes::{NoteId, require_author, require_note};
pub use records::{Reach, reach};
pub use wire::{wire_actor, wire_id};

use contacts::ContactId;
use kernel::{Result, Tx, db::Reference, events::Subscription, jobs::JobKind};
use serde_json::{Value, json};

kernel::permissions! {
    /// See timelines, notes and activities.
    Read = "activities.read",
    /// Write notes and log activities.
    Write = "activities.write",
    /// Export activities and timelines.
    Export = "activities.export",
    /// Follow the event log.
    ReadEvents = "activities.events.read",
}

kernel::notices! {
    /// A note names somebody.
    NOTE_MENTION = "note.mention" [InApp, Email, Push],
    /// Something happened to a record that somebody follows.
    FOLLOWER_NEWS = "follower.news" [InApp, Email, Push],
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// What happened: timelines, notes, calls, meetings, the event log.
    Activities,
}

/// Rows that follow a contact when it becomes part of another one.
const REFERENCES: &[Reference] = &[
    Reference::new("notes", "contact_id", &["id"]),
    Reference::new("activities", "contact_id", &["id"]),
    // Who follows both follows the kept one already.
    Reference { stays: Some("k.user_id = l.user_id"), ..Reference::new("followers", "contact_id", &["id"]) },
];

const COMPANY_REFERENCES: &[Reference] = &[
    Reference::new("notes", "company_id", &["id"]),
    Reference::new("activities", "company_id", &["id"]),
    Reference { stays: Some("k.user_id = l.user_id"), ..Reference::new("followers", "company_id", &["id"]) },
];

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "activities",
        permissions: PERMISSIONS,
        jobs: vec![JobKind::of::<followers::TellFollowers>()],
        subscriptions: vec![Subscription {
            name: "activities.followers",
            kinds: followers::KINDS,
            handler: |tx, event| Box::pin(followers::notice(tx, event)),
        }],
        references: REFERENCES,
        company_references: COMPANY_REFERENCES,
        notices: NOTICES,
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        timeline::TimelineApi,
        notes::NotesApi,
        readers::ReadersApi,
        followers::FollowersApi,
        activities::ActivitiesApi,
        events::EventsApi,
        days::DaysApi,
    )
}

/// What is kept here about a person.
pub async fn export_person(tx: &mut Tx, contact: ContactId) -> Result<Value> {
    Ok(json!({
        "notes": notes::export(tx, contact).await?,
        "activities": activities::export(tx, contact).await?,
        "followers": followers::export(tx, contact).await?,
    }))
}

/// Removes what is kept here about a person, and the words of other records that mention one of these texts; gives how
/// many rows of each table were touched.
pub async fn erase_person(tx: &mut Tx, contact: ContactId, mentions: &[String]) -> Result<Vec<(&'static str, u64)>> {
    let notes = notes::erase(tx, contact, mentions).await?;
    let activities = activities::erase(tx, contact, mentions).await?;
    let followers = followers::erase(tx, contact).await?;
    Ok(vec![("notes", notes), ("activities", activities), ("followers", followers)])
}
