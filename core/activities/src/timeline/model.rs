//! What the timeline shows.
use crate::{
    activities::ActivityExcerpt,
    notes::NoteExcerpt,
    records::{Reach, Record},
    wire::{wire_actor, wire_id},
};
use chrono::{DateTime, Utc};
use contacts::ContactId;
use deals::DealId;
use kernel::{Error, Result, ids::EventId, ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose timeline somebody reads, and what he looks for.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Whose.
    pub record: Record,
    /// Whose records he reaches.
    pub reach: Reach,
    /// Who reads: private notes are their author's.
    pub reader: Uuid,
    /// Words that each entry holds, as patterns.
    pub patterns: Vec<String>,
}

/// Most characters of a search.
const MOST_WORDS: usize = 100;

/// Patterns for the words of a search, eight at most; 422 when it is too long.
pub(super) fn patterns(words: Option<&str>) -> Result<Vec<String>> {
    let words = words.unwrap_or("");
    if words.chars().count() > MOST_WORDS {
        return Err(Error::invalid("/q", "too_long", "At most 100 characters."));
    }
    let escaped = |word: &str| word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Ok(words.split_whitespace().take(8).map(|word| format!("%{}%", escaped(word))).collect())
}

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
        pub what: String,
        pub contact: Option<ContactId>,
        pub contact_name: Option<String>,
        pub deal: Option<DealId>,
        pub deal_title: Option<String>,
        pub note: Option<NoteExcerpt>,
        pub activity: Option<ActivityExcerpt>,
        pub import: Option<ImportExcerpt>,
    }
}

/// One thing that happened with a contact, a company or a deal.
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
    /// When it was recorded, UTC; what was logged by hand says in `activity` when it happened or is planned.
    pub occurred_at: DateTime<Utc>,
    /// `note`, the kind of the activity (`call`, `meeting`, `email`, `whatsapp`, `sms`, `message`, `other`), `task`, `form`,
    /// `file`, or `system` for all else.
    #[oai(rename = "type")]
    pub what: String,
    /// The contact it concerns, while it exists.
    pub contact: Option<ContactId>,
    /// What to call that contact.
    pub contact_name: Option<String>,
    /// The deal it concerns, while it exists.
    pub deal: Option<DealId>,
    /// What to call that deal.
    pub deal_title: Option<String>,
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
            what: row.what,
            contact: row.contact,
            contact_name: row.contact_name,
            deal: row.deal,
            deal_title: row.deal_title,
            note: row.note,
            activity: row.activity,
            import: row.import,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_looked_for_as_they_are() {
        assert_eq!(patterns(Some("  50% a_b ")).unwrap_or_default(), ["%50\\%%", "%a\\_b%"]);
        assert_eq!(patterns(None).unwrap_or_default(), [""; 0]);
        assert!(patterns(Some(&"x".repeat(101))).is_err());
    }
}
