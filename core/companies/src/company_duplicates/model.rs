//! What a pair is. How sure it is follows from its reasons, and stands with the table.
use crate::companies::CompanyId;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, jsonb, row};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

kernel::id!(CompanyDuplicateId, "cdu", "A pair of companies that may be one.");

kernel::word! {
    /// What somebody said about a pair.
    pub enum CompanyPairState {
        /// Nothing yet.
        #[default]
        Open = "open",
        /// They are two companies; the pair is not asked about again.
        Dismissed = "dismissed",
    }
}

/// One company of a pair.
#[derive(Object, Debug, Clone, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct CompanySide {
    /// Its id.
    #[serde(deserialize_with = "CompanyId::bare")]
    pub company: CompanyId,
    /// Its name.
    pub name: String,
    /// Address of its website.
    pub website: Option<String>,
    /// Its own e-mail address.
    pub email: Option<String>,
    /// Its own phone number.
    pub phone: Option<String>,
    /// The city of its address.
    pub city: Option<String>,
}

jsonb!(CompanySide);

row! {
    /// Two companies that may be one.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct CompanyPair {
        /// Its id.
        pub id: CompanyDuplicateId,
        /// The company with the smaller id.
        pub one: CompanySide,
        /// The other one.
        pub other: CompanySide,
        /// What speaks for it, the strongest first: `tax_id`, `email`, `phone`, `website` (the same domain, that of an e-mail address
        /// too, unless one belongs to the other), `name` (the same one, legal form and accents aside).
        pub reasons: Vec<String>,
        /// How sure it is, in percent.
        pub confidence: i16,
        /// What somebody said about it.
        pub state: CompanyPairState,
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
pub struct CompanyPairPatch {
    /// `dismissed`: two companies; `open`: asked about again.
    pub state: CompanyPairState,
}
