//! What a run is.
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;

kernel::id!(ContactDuplicateRunId, "dru", "A run over duplicates.");

/// The least confidence with which pairs are merged without a look, in percent.
pub const LEAST_SURE: i16 = 85;

kernel::word! {
    /// What a run does.
    pub enum DuplicateRunKind {
        /// Compares all contacts.
        #[default]
        Scan = "scan",
        /// Merges all open pairs that are sure enough; each can be undone.
        Merge = "merge",
    }
}

kernel::word! {
    /// How far a run has come.
    pub enum DuplicateRunState {
        /// At work.
        #[default]
        Running = "running",
        /// Through.
        Done = "done",
        /// Stopped by somebody; what was done stays.
        Cancelled = "cancelled",
    }
}

row! {
    /// A run over all contacts or all pairs.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ContactDuplicateRun {
        /// Its id.
        pub id: ContactDuplicateRunId,
        /// What it does.
        pub kind: DuplicateRunKind,
        /// How far it has come.
        pub state: DuplicateRunState,
        /// The least confidence of pairs that it merges, in percent.
        pub confidence: i16,
        /// Contacts or pairs that there were when it began.
        pub total: i64,
        /// Those it has looked at.
        pub done: i64,
        /// New pairs that it found.
        pub found: i64,
        /// Pairs that it merged.
        pub merged: i64,
        /// Pairs that it left alone: under legal hold, or changed meanwhile.
        pub skipped: i64,
        /// Who began it.
        pub created_by: Option<UserId>,
        /// When, UTC.
        pub created_at: DateTime<Utc>,
        /// When it ended, UTC.
        pub finished_at: Option<DateTime<Utc>>,
        /// Rises with every change.
        pub version: i64,
    }
}

/// A run to begin.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewDuplicateRun {
    /// What it does.
    pub kind: DuplicateRunKind,
    /// Pairs to merge: as sure as this or more, in percent, 85 to 100; 95 when absent.
    pub confidence: Option<i16>,
}
