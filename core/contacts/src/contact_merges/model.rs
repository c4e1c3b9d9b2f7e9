//! What a merge is. Which value wins is in `choice.rs`.
use crate::contacts::ContactId;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

kernel::id!(ContactMergeId, "cmg", "A merge of contacts.");

/// Most contacts that become one at once.
pub const MAX_CONTACTS: usize = 10;

kernel::word! {
    /// Whether a merge still stands.
    pub enum MergeState {
        /// The contacts are one.
        #[default]
        Done = "done",
        /// They are apart again.
        Undone = "undone",
    }
}

/// A contact that went.
#[derive(Object, Debug, Clone, Serialize, Deserialize)]
pub struct MergedContact {
    /// Its id; whoever asks for it is told what it became.
    #[serde(deserialize_with = "ContactId::bare")]
    pub contact: ContactId,
    /// Its name.
    pub name: String,
}

jsonb!(MergedContact);

row! {
    /// Several contacts that became one.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ContactMerge {
        /// Its id.
        pub id: ContactMergeId,
        /// The contact that was kept.
        pub kept: ContactId,
        /// Its name.
        pub kept_name: String,
        /// The contacts that went.
        pub merged: Vec<MergedContact>,
        /// Whether it still stands.
        pub state: MergeState,
        /// Fields of the kept contact that the merge changed.
        pub fields: Vec<String>,
        /// Rows that went over to the kept contact: notes, tasks, places in deals and all else.
        pub moved: i64,
        /// Whether it can be undone now, as far as that is known: it stands, and no later one stands on it.
        pub can_undo: bool,
        /// Who merged: `user`, `api_key` or `system`.
        pub actor_kind: String,
        /// Which one.
        pub actor: Option<UserId>,
        /// When, UTC.
        pub created_at: DateTime<Utc>,
        /// Who undid it.
        pub undone_by: Option<UserId>,
        /// When it was undone, UTC.
        pub undone_at: Option<DateTime<Utc>>,
        /// Fields that somebody changed after the merge and that an undo left as they were.
        pub kept_edits: Vec<String>,
        /// Rows that an undo did not find any more: removed, or given to somebody else, after the merge.
        pub missing: i64,
        /// Rows that an undo left because somebody had changed them.
        pub edited: i64,
        /// Rises with every change.
        pub version: i64,
    }
}

/// Contacts that are one person.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewContactMerge {
    /// The contact that is kept.
    pub kept: Option<ContactId>,
    /// The contacts that become part of it, 1 to 9; what they have goes over in this order.
    pub merged: Vec<ContactId>,
    /// Whose value a field gets: name of the field (`custom.key` for the tenant's own) and one of the contacts. What is not
    /// named stays as the kept contact has it; what that lacks is filled from the others. E-mail addresses, phone numbers,
    /// profiles and tags are united; for `emails`, `phones` and `profiles` the choice says whose come first.
    #[oai(default)]
    pub fields: BTreeMap<String, ContactId>,
    /// Versions that the caller has looked at, by contact; 412 when one has changed since.
    #[oai(default)]
    pub versions: BTreeMap<String, i64>,
}

/// How a merge is undone.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct MergeUndo {
    /// Leave fields that somebody changed after the merge as they are. Otherwise they are 409 `merge_edited`, and nothing
    /// is undone.
    #[oai(default)]
    pub keep_edits: bool,
}
