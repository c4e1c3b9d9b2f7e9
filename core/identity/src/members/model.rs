//! A member.
use crate::{roles::model::RoleId, teams::model::TeamId};
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::{Enum, Object};

row! {
    /// A person in a tenant.
    #[derive(Object, Debug, Clone)]
    pub struct Member {
        /// The person.
        pub id: UserId,
        /// His name here.
        pub name: String,
        /// His address.
        pub email: String,
        /// `active` or `disabled`.
        pub state: String,
        /// His roles.
        pub roles: Vec<RoleId>,
        /// His teams.
        pub teams: Vec<TeamId>,
        /// Whether his sign-in asks for a second factor.
        pub second_factor: bool,
        /// When he last worked here, as far as it is remembered.
        pub last_seen_at: Option<DateTime<Utc>>,
        /// When he became a member.
        pub created_at: DateTime<Utc>,
        /// For `If-Match`.
        pub version: i64,
    }
}

row! {
    /// What somebody who works here is called.
    #[derive(Object, Debug, Clone)]
    pub struct MemberName {
        /// The person.
        pub id: UserId,
        /// His name here; in a client, that of somebody of its agency is his name there.
        pub name: String,
    }
}

/// Names of people.
#[derive(Object, Debug, Clone)]
pub struct MemberNames {
    /// Of those who were asked for and work here, in the order of their ids.
    pub items: Vec<MemberName>,
}

/// Whether a member may work.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum MemberState {
    /// He may.
    Active,
    /// Not in this tenant.
    Disabled,
}

impl MemberState {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            MemberState::Active => "active",
            MemberState::Disabled => "disabled",
        }
    }
}

/// Changes to a member; what is absent stays.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct MemberChanges {
    /// New name in this tenant.
    pub name: Option<String>,
    /// May he work?
    pub state: Option<MemberState>,
    /// His roles from now on, at least one.
    pub roles: Option<Vec<RoleId>>,
    /// His teams from now on.
    pub teams: Option<Vec<TeamId>>,
}
