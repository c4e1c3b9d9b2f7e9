//! What a note is.
use chrono::{DateTime, Utc};
use contacts::ContactId;
use kernel::{Error, Result, ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

kernel::id!(NoteId, "not", "A note about a contact.");

/// Longest note, in characters.
pub const MAX_BODY: usize = 10_000;

row! {
    /// A note about a contact.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Note {
        /// Its id.
        pub id: NoteId,
        /// About whom.
        pub contact: ContactId,
        /// Who wrote it; absent when a program did.
        pub author: Option<UserId>,
        /// Plain text.
        pub body: String,
        /// Only its author sees it.
        pub private: bool,
        /// Shown above the others.
        pub pinned: bool,
        /// When it was written, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A new note.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewNote {
    /// Plain text, at most 10,000 characters.
    pub body: String,
    /// Only you will see it.
    #[oai(default)]
    pub private: bool,
    /// Shown above the others.
    #[oai(default)]
    pub pinned: bool,
}

/// A change: absent fields stay.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NotePatch {
    /// Plain text; only its author changes it.
    pub body: Option<String>,
    /// Only its author sees it; only its author changes it.
    pub private: Option<bool>,
    /// Shown above the others.
    pub pinned: Option<bool>,
}

/// What the timeline shows of a note.
#[derive(Object, Debug, Clone, Serialize, Deserialize)]
pub struct NoteExcerpt {
    /// Plain text.
    pub body: String,
    /// Only its author sees it.
    pub private: bool,
    /// Shown above the others.
    pub pinned: bool,
}

jsonb!(NoteExcerpt);

/// The text without surrounding space; 422 when it is empty or too long.
pub fn checked_body(body: &str) -> Result<&str> {
    let body = body.trim();
    if body.is_empty() || body.chars().count() > MAX_BODY {
        return Err(Error::invalid("/body", "length", "A note has 1 to 10000 characters."));
    }
    Ok(body)
}
