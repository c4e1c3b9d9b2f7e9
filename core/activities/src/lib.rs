//! # Purpose
//! What happened with a contact or a company: the timeline, notes, calls and meetings logged by hand, and the tenant's
//! event log for programs that follow it.
//!
//! # Tables
//! `notes`, `activities`. The timeline and the log are read from the kernel's `events` and `event_log`.
//!
//! # Permissions
//! `activities.read`, `activities.write`: each at level all, team or own, meaning whose contacts.
//! `activities.events.read`: level all only.
//!
//! # Events
//! `note.created`, `note.updated`, `note.deleted`, `activity.logged`, `activity.updated`, `activity.deleted`.
//!
//! # Invariants
//! - A private note, and that it exists, is known to its author alone.
//! - The timeline stores nothing: it is the event log, joined with what notes and activities say now.
//! - The log can be read again from any place, and always says the same.
mod activities;
mod days;
mod events;
mod notes;
mod timeline;
mod wire;

pub use activities::{ActivityDirection, ActivityKind, ActivityTopic};
pub use wire::{wire_actor, wire_id};

use contacts::ContactId;
use kernel::{Result, Tx, db::Reference};
use serde_json::{Value, json};

kernel::permissions! {
    /// See timelines, notes and activities.
    Read = "activities.read",
    /// Write notes and log activities.
    Write = "activities.write",
    /// Follow the event log.
    ReadEvents = "activities.events.read",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// What happened: timelines, notes, calls, meetings, the event log.
    Activities,
}

/// Rows that follow a contact when it becomes part of another one.
const REFERENCES: &[Reference] =
    &[Reference::new("notes", "contact_id", &["id"]), Reference::new("activities", "contact_id", &["id"])];

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module { name: "activities", permissions: PERMISSIONS, references: REFERENCES, ..kernel::Module::default() }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (timeline::TimelineApi, notes::NotesApi, activities::ActivitiesApi, events::EventsApi, days::DaysApi)
}

/// What is kept here about a person.
pub async fn export_person(tx: &mut Tx, contact: ContactId) -> Result<Value> {
    Ok(json!({ "notes": notes::export(tx, contact).await?, "activities": activities::export(tx, contact).await? }))
}

/// Removes what is kept here about a person, and the words of other records that mention one of these texts; gives how
/// many rows of each table were touched.
pub async fn erase_person(tx: &mut Tx, contact: ContactId, mentions: &[String]) -> Result<Vec<(&'static str, u64)>> {
    let notes = notes::erase(tx, contact, mentions).await?;
    let activities = activities::erase(tx, contact, mentions).await?;
    Ok(vec![("notes", notes), ("activities", activities)])
}
