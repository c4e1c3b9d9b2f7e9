//! A team.
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;

kernel::id!(TeamId, "tea", "A team's id.");

row! {
    /// Members who see each other's records.
    #[derive(Object, Debug, Clone)]
    pub struct Team {
        /// Its id.
        pub id: TeamId,
        /// Its name.
        pub name: String,
        /// Who belongs to it.
        pub members: Vec<UserId>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// For `If-Match`.
        pub version: i64,
    }
}

/// A team to make.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewTeam {
    /// Its name, unique in the tenant.
    pub name: String,
    /// Who belongs to it.
    #[oai(default)]
    pub members: Vec<UserId>,
}

/// Changes to a team; what is absent stays.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct TeamChanges {
    /// New name.
    pub name: Option<String>,
    /// Who belongs to it from now on.
    pub members: Option<Vec<UserId>>,
}
