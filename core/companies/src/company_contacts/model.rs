//! What it means to be one of a company's people.
use crate::companies::{CompanyId, Status, Tier, word};
use chrono::{DateTime, Utc};
use contacts::ContactId;
use kernel::row;
use poem_openapi::{Enum, Object};

word! {
    /// What somebody does for a company.
    pub enum CompanyRole {
        /// Says yes or no.
        DecisionMaker = "decision_maker",
        /// Knows how it works.
        Technical = "technical",
        /// Pays.
        Billing = "billing",
    }
}

row! {
    /// One of a company's people.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct CompanyContact {
        /// The contact.
        pub contact: ContactId,
        /// What to call the person.
        pub display_name: String,
        /// What the person's job is called.
        pub job_title: Option<String>,
        /// Primary e-mail address.
        pub email: Option<String>,
        /// Primary phone number.
        pub phone: Option<String>,
        /// What the person does for the company; nothing in particular when empty.
        pub roles: Vec<CompanyRole>,
        /// Asked first. At most one of a company's people is.
        pub primary: bool,
        /// Since when the person stands here, UTC.
        pub created_at: DateTime<Utc>,
        /// When the roles were last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

row! {
    /// A company that somebody is one of the people of.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ContactCompany {
        /// The company.
        pub company: CompanyId,
        /// What everybody calls it.
        pub name: String,
        /// Where the relationship stands.
        pub status: Status,
        /// How much it matters.
        pub tier: Option<Tier>,
        /// What the person does there.
        pub roles: Vec<CompanyRole>,
        /// Asked first.
        pub primary: bool,
        /// Since when the person stands there, UTC.
        pub created_at: DateTime<Utc>,
        /// Rises with every change of the roles; the ETag.
        pub version: i64,
    }
}

/// What somebody does for a company.
#[derive(Object, Debug, Clone, Default, PartialEq)]
#[oai(deny_unknown_fields)]
pub struct CompanyContactRoles {
    /// Every role; each counts once.
    #[oai(default)]
    pub roles: Vec<CompanyRole>,
    /// Asked first, instead of whoever was.
    #[oai(default)]
    pub primary: bool,
}

impl CompanyContactRoles {
    /// Roles in one order and once each, as they are stored.
    pub fn words(&self) -> Vec<&'static str> {
        let mut roles = self.roles.clone();
        roles.sort_unstable();
        roles.dedup();
        roles.into_iter().map(CompanyRole::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_kept_once_and_in_one_order() {
        use CompanyRole::{Billing, DecisionMaker};
        let roles = CompanyContactRoles { roles: vec![Billing, DecisionMaker, Billing], primary: false };
        assert_eq!(roles.words(), ["decision_maker", "billing"]);
    }
}
