//! What a group is.
use crate::{companies::CompanyId, company_duplicates::CompanyDuplicateId};
use chrono::{DateTime, Utc};
use kernel::row;
use poem_openapi::Object;

/// Most companies of a group that are shown.
pub const SHOWN: usize = 50;

/// Companies that may all be one: each is in an open pair with another one of them.
#[derive(Object, Debug, Clone)]
pub struct CompanyDuplicateGroup {
    /// Its surest pair, which stands for the group: another one when that pair is decided, or when one of its companies goes.
    pub id: CompanyDuplicateId,
    /// How sure that pair is, in percent.
    pub confidence: i16,
    /// The companies, the oldest first; at most 50 of them.
    pub companies: Vec<GroupedCompany>,
    /// What binds them, the surest first.
    pub pairs: Vec<GroupedPair>,
}

row! {
    /// A company of a group.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct GroupedCompany {
        /// Its id.
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
        /// When it was added, UTC.
        pub created_at: DateTime<Utc>,
        /// Rises with every change; a merge may name it.
        pub version: i64,
    }
}

row! {
    /// Two companies of a group.
    #[derive(Object, Debug, Clone)]
    pub struct GroupedPair {
        /// The pair.
        pub id: CompanyDuplicateId,
        /// One company.
        pub one: CompanyId,
        /// The other one.
        pub other: CompanyId,
        /// What speaks for it, the strongest first, as in pairs.
        pub reasons: Vec<String>,
        /// How sure it is, in percent.
        pub confidence: i16,
        /// Rises with every change; the ETag of the pair.
        pub version: i64,
    }
}
