//! What a merge is. Which value wins is in `choice.rs`.
use crate::companies::CompanyId;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

kernel::id!(CompanyMergeId, "mrg", "A merge of companies.");

/// Most companies that become one at once.
pub const MAX_COMPANIES: usize = 10;

kernel::word! {
    /// Whether a merge still stands.
    pub enum CompanyMergeState {
        /// The companies are one.
        #[default]
        Done = "done",
        /// They are apart again.
        Undone = "undone",
    }
}

/// A company that went.
#[derive(Object, Debug, Clone, Serialize, Deserialize)]
pub struct MergedCompany {
    /// Its id; whoever asks for it is told what it became.
    #[serde(deserialize_with = "CompanyId::bare")]
    pub company: CompanyId,
    /// Its name.
    pub name: String,
}

jsonb!(MergedCompany);

row! {
    /// Several companies that became one.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct CompanyMerge {
        /// Its id.
        pub id: CompanyMergeId,
        /// The company that was kept.
        pub kept: CompanyId,
        /// Its name.
        pub kept_name: String,
        /// The companies that went.
        pub merged: Vec<MergedCompany>,
        /// Whether it still stands.
        pub state: CompanyMergeState,
        /// Fields of the kept company that the merge changed.
        pub fields: Vec<String>,
        /// Rows that went over to the kept company: people, deals, notes, tasks, files, companies below it and all else.
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

/// Companies that are one.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewCompanyMerge {
    /// The company that is kept.
    pub kept: Option<CompanyId>,
    /// The companies that become part of it, 1 to 9; what they have goes over in this order.
    pub merged: Vec<CompanyId>,
    /// Whose value a field gets: name of the field (`custom.key` for the tenant's own) and one of the companies. What is not named
    /// stays as the kept company has it; what that lacks is filled from the others. `amounts` are the value of a year, the revenue of
    /// a month and their currency; `renewal` is the day of renewal and the last day to cancel. Profiles are united; the choice says
    /// whose come first.
    #[oai(default)]
    pub fields: BTreeMap<String, CompanyId>,
    /// Versions that the caller has looked at, by company; 412 when one has changed since.
    #[oai(default)]
    pub versions: BTreeMap<String, i64>,
}

/// How a merge is undone.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct CompanyMergeUndo {
    /// Leave fields that somebody changed after the merge as they are. Otherwise they are 409 `merge_edited`, and nothing
    /// is undone.
    #[oai(default)]
    pub keep_edits: bool,
}
