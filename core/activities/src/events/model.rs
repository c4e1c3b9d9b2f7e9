//! What the event log shows.
use crate::wire::{wire_actor, wire_id};
use chrono::{DateTime, Utc};
use kernel::{events::Recorded, ids::EventId, ids::UserId};
use poem_openapi::Object;

/// One event.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Event {
    /// Its place in the log: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// What happened, for example `contact.created`.
    pub kind: String,
    /// The resource it happened to.
    pub subject: String,
    /// Which one.
    pub subject_id: String,
    /// The contact it concerns.
    pub contact: Option<String>,
    /// In one sentence.
    pub title: String,
    /// Ids and names of fields, by kind of event.
    pub payload: serde_json::Value,
    /// Who: `user`, `api_key`, `visitor`, `system` or `admin`.
    pub actor_kind: String,
    /// Who exactly.
    pub actor: Option<String>,
    /// In whose place, when somebody impersonated.
    pub on_behalf_of: Option<UserId>,
    /// When, UTC.
    pub occurred_at: DateTime<Utc>,
}

/// A stretch of the log.
#[derive(Object, Debug, Clone)]
pub struct Events {
    /// In order of `seq`.
    pub items: Vec<Event>,
    /// Send it as `after` to go on from here, now or later: it always has a value.
    pub next: i64,
}

impl From<Recorded> for Event {
    fn from(event: Recorded) -> Self {
        Event {
            seq: event.seq,
            id: event.id,
            subject_id: wire_id(&event.subject, event.subject_id),
            contact: event.contact_id.map(|id| wire_id("contacts", id)),
            actor: event.actor_id.map(|id| wire_actor(&event.actor_kind, id)),
            kind: event.kind,
            subject: event.subject,
            title: event.title,
            payload: event.payload,
            actor_kind: event.actor_kind,
            on_behalf_of: event.on_behalf_of.map(UserId),
            occurred_at: event.occurred_at,
        }
    }
}
