//! What the timeline shows.
use crate::{
    activities::ActivityExcerpt,
    notes::NoteExcerpt,
    wire::{wire_actor, wire_id},
};
use chrono::{DateTime, Utc};
use contacts::ContactId;
use kernel::{ids::EventId, ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The import that brought or changed a contact.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportExcerpt {
    /// Name of the file.
    pub file: String,
    /// Whether the import was undone since.
    pub undone: bool,
}

jsonb!(ImportExcerpt);

row! {
    /// An entry as it is read.
    #[derive(Object, Debug, Clone)]
    pub struct TimelineRow {
        pub id: EventId,
        pub kind: String,
        pub title: String,
        pub subject: String,
        pub subject_id: Uuid,
        pub payload: serde_json::Value,
        pub actor_kind: String,
        pub actor_id: Option<Uuid>,
        pub on_behalf_of: Option<UserId>,
        pub occurred_at: DateTime<Utc>,
        pub contact: Option<ContactId>,
        pub contact_name: Option<String>,
        pub note: Option<NoteExcerpt>,
        pub activity: Option<ActivityExcerpt>,
        pub import: Option<ImportExcerpt>,
    }
}

/// One thing that happened with a contact or a company.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct TimelineEntry {
    /// The event.
    pub id: EventId,
    /// What happened, for example `contact.stage_changed`.
    pub kind: String,
    /// In one sentence.
    pub title: String,
    /// The resource it happened to.
    pub subject: String,
    /// Which one.
    pub subject_id: String,
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
    /// The contact it concerns, while it exists.
    pub contact: Option<ContactId>,
    /// What to call that contact.
    pub contact_name: Option<String>,
    /// The note, while it exists.
    pub note: Option<NoteExcerpt>,
    /// The activity, while it exists.
    pub activity: Option<ActivityExcerpt>,
    /// The import, when the contact came or was changed with one.
    pub import: Option<ImportExcerpt>,
}

impl From<TimelineRow> for TimelineEntry {
    fn from(row: TimelineRow) -> Self {
        TimelineEntry {
            id: row.id,
            kind: row.kind,
            title: row.title,
            subject_id: wire_id(&row.subject, row.subject_id),
            subject: row.subject,
            payload: row.payload,
            actor: row.actor_id.map(|id| wire_actor(&row.actor_kind, id)),
            actor_kind: row.actor_kind,
            on_behalf_of: row.on_behalf_of,
            occurred_at: row.occurred_at,
            contact: row.contact,
            contact_name: row.contact_name,
            note: row.note,
            activity: row.activity,
            import: row.import,
        }
    }
}
