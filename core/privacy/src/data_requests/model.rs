//! What a data request is.
use chrono::{DateTime, Utc};
use contacts::ContactId;
use kernel::row;
use poem_openapi::{Enum, Object};

kernel::id!(DataRequestId, "drq", "A request to hand out or erase a person's data.");

/// What is asked for.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum DataRequestKind {
    /// Everything about the person as one JSON document.
    Export,
    /// Nothing that names the person is left.
    Erasure,
}

impl DataRequestKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            DataRequestKind::Export => "export",
            DataRequestKind::Erasure => "erasure",
        }
    }
}

row! {
    /// A request to hand out or erase a person's data.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct DataRequest {
        /// Its id.
        pub id: DataRequestId,
        /// Whose data; stays as a pseudonym after erasure.
        pub contact: ContactId,
        /// `export` or `erasure`.
        pub kind: String,
        /// `queued`, `done`, `failed` (see error) or `refused` (the contact came under legal hold).
        pub state: String,
        /// Why it was asked; gone after erasure.
        pub reason: Option<String>,
        /// Other contacts with one of the person's addresses, as they were when it was asked. They are not part of this
        /// request: the same person, or somebody who shares an address.
        pub same_address: Vec<ContactId>,
        /// What went wrong.
        pub error: Option<String>,
        /// What was done, by table.
        pub proof: Option<serde_json::Value>,
        /// SHA-256 of the proof, lower-case hexadecimal.
        pub proof_hash: Option<String>,
        /// Until when the document of an export can be fetched, UTC.
        pub document_until: Option<DateTime<Utc>>,
        /// When it was asked, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was over, UTC.
        pub finished_at: Option<DateTime<Utc>>,
    }
}

/// A request to make.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewDataRequest {
    /// Whose data. A deleted contact counts as long as it can be restored.
    pub contact: ContactId,
    /// What is asked for.
    pub kind: DataRequestKind,
    /// Why it is asked, at most 1,000 characters.
    pub reason: Option<String>,
}
