//! What the timeline shows.
use crate::{
    activities::ActivityExcerpt,
    notes::NoteExcerpt,
    records::{Reach, Record},
    wire::{wire_actor, wire_id},
};
use chrono::{DateTime, Utc};
use contacts::{ContactId, Owners};
use deals::DealId;
use kernel::{Cx, Error, Result, auth::Permission, ids::EventId, ids::UserId, jsonb, row};
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
    /// Whose tasks, files and forms he is told by name.
    pub eyes: Eyes,
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

/// Permissions of the modules above this one that decide about names.
macro_rules! above {
    ($($t:ident = $name:literal),* $(,)?) => { $(
        struct $t;
        impl Permission for $t {
            const NAME: &'static str = $name;
            const WRITES: bool = false;
        }
    )* };
}

above! {
    ReadTasks = "tasks.read",
    ReadAttachments = "attachments.read",
    ReadForms = "forms.read",
    ReadOccasions = "occasions.read",
    ReadFollowUps = "followups.read",
    ReadSegments = "segments.read",
    ReadGreetings = "occasions.greetings.read",
}

/// What a reader is told by name: as far as the permission reaches that lists it.
#[derive(Debug, Clone)]
pub(super) struct Eyes {
    /// Of whom he sees tasks.
    pub tasks: Owners,
    /// Of whose records he sees files.
    pub files: Owners,
    /// Of whom he sees forms.
    pub forms: Owners,
    /// Of whom he sees days that matter.
    pub occasions: Owners,
    /// Whether he sees rules and sequences, which are nobody's.
    pub rules: bool,
    /// Whether he sees segments.
    pub segments: bool,
    /// Whether he sees greetings.
    pub greetings: bool,
}

impl Eyes {
    /// Those of the caller.
    pub fn of<P: Permission>(cx: &Cx<P>) -> Self {
        let any = |owners: Owners| owners.is_none_or(|owners| !owners.is_empty());
        Eyes {
            tasks: cx.visible_owners_of::<ReadTasks>(),
            files: cx.visible_owners_of::<ReadAttachments>(),
            forms: cx.visible_owners_of::<ReadForms>(),
            occasions: cx.visible_owners_of::<ReadOccasions>(),
            rules: any(cx.visible_owners_of::<ReadFollowUps>()),
            segments: any(cx.visible_owners_of::<ReadSegments>()),
            greetings: any(cx.visible_owners_of::<ReadGreetings>()),
        }
    }
}

row! {
    /// A name as it is read.
    #[derive(Debug, Clone)]
    pub(super) struct NameRow {
        /// By which an entry asks for it.
        pub key: Uuid,
        pub resource: String,
        pub id: Uuid,
        pub name: String,
        pub outcome: Option<String>,
        /// When the outcome was said.
        pub closed_at: Option<DateTime<Utc>>,
    }
}

/// The record behind an event, by name.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(skip_serializing_if_is_none)]
pub struct NamedRecord {
    /// Its resource: `tasks`, `attachments`, `follow_up_rules`, `sequences`, `forms`, `segments`, `greetings` or `occasions`.
    pub resource: String,
    /// Which one.
    pub id: String,
    /// What it is called now: a title, the name of a file.
    pub name: String,
    /// How a task ended, or why it was left out: only where the event is that end.
    pub outcome: Option<String>,
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

row! {
    /// An entry as its line of a file shows it.
    pub(super) struct TimelineLine {
        pub id: EventId,
        pub kind: String,
        pub title: String,
        pub subject: String,
        pub payload: serde_json::Value,
        pub actor_kind: String,
        pub actor_id: Option<Uuid>,
        pub occurred_at: DateTime<Utc>,
        pub what: String,
        pub contact_name: Option<String>,
        pub deal_title: Option<String>,
        pub note: Option<NoteExcerpt>,
        pub activity: Option<ActivityExcerpt>,
        /// What it is about is called so, if that is not a form.
        pub name: Option<String>,
        /// How the task ended with this event.
        pub outcome: Option<String>,
        /// Of whom one of them must be seen by whoever is told the name, where that is not all or nothing.
        pub owners: Option<Vec<Uuid>>,
    }
}

impl TimelineLine {
    /// Who did it.
    pub fn actor(&self) -> Option<String> {
        self.actor_id.map(|id| wire_actor(&self.actor_kind, id))
    }

    /// The form that was sent.
    pub fn form(&self) -> Option<Uuid> {
        form(&self.subject, &self.payload)
    }

    /// What it is about, as far as the reader sees that.
    pub fn name_for(&self, eyes: &Eyes) -> Option<&str> {
        let of_any = |reached: &Owners| {
            let owners = self.owners.as_deref().unwrap_or_default();
            reached.as_ref().is_none_or(|reached| owners.iter().any(|owner| reached.contains(owner)))
        };
        let is_seen = match self.subject.as_str() {
            "tasks" => of_any(&eyes.tasks),
            "attachments" => of_any(&eyes.files),
            "occasions" => of_any(&eyes.occasions),
            "follow_ups" | "enrolments" => eyes.rules,
            "segments" => eyes.segments,
            "greetings" => eyes.greetings,
            _ => false,
        };
        self.name.as_deref().filter(|_| is_seen)
    }
}

/// The form that an answer was sent with.
fn form(subject: &str, payload: &serde_json::Value) -> Option<Uuid> {
    let form = payload["form"].as_str().filter(|_| subject == "submissions")?;
    form.strip_prefix("frm_").and_then(kernel::ids::decode)
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
    /// The task, the file, the rule or sequence of a follow-up, the form that was sent, the segment, the greeting or the day
    /// that matters; while it exists, and as far as the permission reaches that lists it.
    pub named: Option<NamedRecord>,
}

impl TimelineRow {
    /// By what its name is asked for: of an answer the form, which may outlive it.
    pub fn key(&self) -> Uuid {
        form(&self.subject, &self.payload).unwrap_or(self.subject_id)
    }

    /// The entry, with the name that was found for it.
    pub fn with_name(self, name: Option<&NameRow>) -> TimelineEntry {
        let row = self;
        let named = name.map(|found| NamedRecord {
            id: wire_id(&found.resource, found.id),
            resource: found.resource.clone(),
            name: found.name.clone(),
            // A task that was opened again may have ended in another way before.
            outcome: found.outcome.clone().filter(|_| found.closed_at == Some(row.occurred_at)),
        });
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
            named,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(subject: &str, payload: serde_json::Value) -> TimelineRow {
        TimelineRow {
            id: EventId(Uuid::nil()),
            kind: "x.y".into(),
            title: "Something".into(),
            subject: subject.into(),
            subject_id: Uuid::from_u128(1),
            payload,
            actor_kind: "system".into(),
            actor_id: None,
            on_behalf_of: None,
            occurred_at: DateTime::UNIX_EPOCH,
            what: "system".into(),
            contact: None,
            contact_name: None,
            deal: None,
            deal_title: None,
            note: None,
            activity: None,
            import: None,
        }
    }

    #[test]
    fn an_answer_is_called_like_its_form_and_all_else_like_itself() {
        let form = serde_json::json!({ "form": wire_id("forms", Uuid::from_u128(2)) });
        assert_eq!(row("submissions", form.clone()).key(), Uuid::from_u128(2));
        assert_eq!(row("tasks", form).key(), Uuid::from_u128(1));
        for lost in ["frm_", "tsk_00000000000000000000000002", "2"] {
            assert_eq!(row("submissions", serde_json::json!({ "form": lost })).key(), Uuid::from_u128(1), "{lost}");
        }
    }

    #[test]
    fn an_outcome_stands_with_the_end_that_it_was_of() {
        let name = |closed_at| NameRow {
            key: Uuid::from_u128(1),
            resource: "tasks".into(),
            id: Uuid::from_u128(1),
            name: "Measure".into(),
            outcome: Some("Rain".into()),
            closed_at,
        };
        let told = |closed_at| row("tasks", serde_json::json!({})).with_name(Some(&name(closed_at))).named;
        let outcome = |closed_at| told(closed_at).and_then(|named| named.outcome);
        assert_eq!(outcome(Some(DateTime::UNIX_EPOCH)).as_deref(), Some("Rain"));
        assert_eq!((outcome(None), outcome(Some(DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(1)))), (None, None));
        assert!(row("tasks", serde_json::json!({})).with_name(None).named.is_none());
    }

    #[test]
    fn words_are_looked_for_as_they_are() {
        assert_eq!(patterns(Some("  50% a_b ")).unwrap_or_default(), ["%50\\%%", "%a\\_b%"]);
        assert_eq!(patterns(None).unwrap_or_default(), [""; 0]);
        assert!(patterns(Some(&"x".repeat(101))).is_err());
    }
}
