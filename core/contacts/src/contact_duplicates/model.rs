//! What a pair is. How sure it is, is in `evidence.rs`.
use crate::contacts::ContactId;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

kernel::id!(ContactDuplicateId, "dup", "A pair of contacts that may be one person.");

kernel::word! {
    /// What somebody said about a pair.
    pub enum DuplicateState {
        /// Nothing yet.
        #[default]
        Open = "open",
        /// They are two persons; the pair is not asked about again.
        Dismissed = "dismissed",
    }
}

/// One contact of a pair.
#[derive(Object, Debug, Clone, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct DuplicateSide {
    /// Its id.
    #[serde(deserialize_with = "ContactId::bare")]
    pub contact: ContactId,
    /// Its name.
    pub name: String,
    /// Its primary e-mail address.
    pub email: Option<String>,
    /// Its primary phone number.
    pub phone: Option<String>,
    /// Where the person works.
    pub company_name: Option<String>,
    /// The city of its address.
    pub city: Option<String>,
}

jsonb!(DuplicateSide);

row! {
    /// Two contacts that may be one person.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ContactDuplicate {
        /// Its id.
        pub id: ContactDuplicateId,
        /// The contact with the smaller id.
        pub one: DuplicateSide,
        /// The other one.
        pub other: DuplicateSide,
        /// What speaks for it, the strongest first: `email`, `phone`, `name` (the same words, in any order, accents aside),
        /// `similar_name`, `company`, `city`.
        pub reasons: Vec<String>,
        /// How sure it is, in percent.
        pub confidence: i16,
        /// What somebody said about it.
        pub state: DuplicateState,
        /// Who said so.
        pub decided_by: Option<UserId>,
        /// When, UTC.
        pub decided_at: Option<DateTime<Utc>>,
        /// When it was found, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// What somebody says about a pair.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct DuplicatePatch {
    /// `dismissed`: two persons; `open`: asked about again.
    pub state: DuplicateState,
}
