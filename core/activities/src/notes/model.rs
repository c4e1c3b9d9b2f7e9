//! What a note is.
use crate::records::Record;
use chrono::{DateTime, Utc};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use kernel::{Error, Result, ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

kernel::id!(NoteId, "not", "A note about a contact, a company or a deal.");

/// Longest note, in characters.
pub const MAX_BODY: usize = 10_000;

row! {
    /// A note about a contact, a company or a deal.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Note {
        /// Its id.
        pub id: NoteId,
        /// The contact it is about.
        pub contact: Option<ContactId>,
        /// The company it is about.
        pub company: Option<CompanyId>,
        /// The deal it is about.
        pub deal: Option<DealId>,
        /// Who wrote it; absent when a program did.
        pub author: Option<UserId>,
        /// Plain text; `@usr_…` names a member.
        pub body: String,
        /// Members whom the text names and who may see the record; they were told.
        pub mentions: Vec<UserId>,
        /// Only its author sees it.
        pub private: bool,
        /// Shown above the others.
        pub pinned: bool,
        /// How many files are kept with it.
        pub files: i64,
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
    /// Plain text, at most 10,000 characters. `@usr_…`, the id of a member, names him: he is told, if he may see the
    /// record and the note is not private.
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
    /// How many files are kept with it.
    pub files: i64,
}

jsonb!(NoteExcerpt);

impl Note {
    /// What it is about.
    pub(crate) fn record(&self) -> Result<Record> {
        Record::of(self.contact, self.company, self.deal).ok_or_else(|| Error::internal("a note about nothing"))
    }
}

/// Most members that a note tells.
const MOST_MENTIONS: usize = 50;

/// Members that a text names as `@usr_…`, each once, in the order of the text; at most 50.
pub(crate) fn mentioned(body: &str) -> Vec<UserId> {
    let mut found: Vec<UserId> = vec![];
    let mut parts = body.split('@');
    let mut before = parts.next();
    for part in parts {
        // Behind a letter it is an e-mail address.
        let word = !before.is_some_and(|text| text.ends_with(char::is_alphanumeric));
        before = Some(part);
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
        if let Some(user) = word.then(|| part[..end].parse::<UserId>().ok()).flatten()
            && !found.contains(&user)
            && found.len() < MOST_MENTIONS
        {
            found.push(user);
        }
    }
    found
}

/// The text without surrounding space; 422 when it is empty or too long.
pub fn checked_body(body: &str) -> Result<&str> {
    let body = body.trim();
    if body.is_empty() || body.chars().count() > MAX_BODY {
        return Err(Error::invalid("/body", "length", "A note has 1 to 10000 characters."));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn a_text_names_members_by_their_ids() {
        let [ann, ben] = [1, 2].map(|n| UserId(Uuid::from_u128(n)));
        assert_eq!(mentioned(&format!("@{ann}, ask @{ben}: (@{ann})")), [ann, ben]);
        assert_eq!(mentioned(&format!("مرحبا @{ben}، اتصل")), [ben]);
        assert_eq!(mentioned(&format!("mail@{ann} and @{ann}x and @usr_ and @")), []);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".*", ids in proptest::collection::vec(any::<u128>(), 0..4)) {
            mentioned(&text);
            let users: Vec<UserId> = ids.into_iter().map(|id| UserId(Uuid::from_u128(id))).collect();
            let said: Vec<String> = users.iter().map(|user| format!("@{user}")).collect();
            let mut once = users.clone();
            let mut seen = std::collections::HashSet::new();
            once.retain(|user| seen.insert(user.0));
            prop_assert_eq!(mentioned(&said.join(" \u{2067}")), once);
        }
    }
}
