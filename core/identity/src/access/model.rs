//! An explanation.
use crate::roles::model::{Reach, RoleId};
use kernel::{auth::Level, ids::UserId};
use poem_openapi::Object;
use uuid::Uuid;

/// Whether somebody may, and why.
#[derive(Object, Debug, Clone)]
pub struct Access {
    /// The permission asked about.
    pub permission: String,
    /// The person asked about; absent for an API key.
    pub user: Option<UserId>,
    /// Whether he may: at all, or with this owner's records when an owner was named.
    pub allowed: bool,
    /// How far the permission reaches for him.
    pub level: Reach,
    /// Every step of the decision.
    pub because: Vec<Reason>,
}

/// One step of the decision.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Stable code: `role`, `no_role`, `not_a_member`, `member_disabled`, `through_agency`, `api_key`, `impersonation`,
    /// `read_only`, `module_off`, `tenant_state`, `reach_all`, `owner_self`, `owner_same_team`, `owner_other`.
    pub code: String,
    /// In English.
    pub detail: String,
    /// The role, for `role`.
    pub role: Option<RoleId>,
    /// The entry of the role that decided.
    pub pattern: Option<String>,
    /// What this step gives.
    pub level: Option<Reach>,
}

impl Reason {
    /// A step without a role.
    pub(crate) fn new(code: &str, detail: impl Into<String>) -> Self {
        Reason { code: code.into(), detail: detail.into(), role: None, pattern: None, level: None }
    }
}

/// Whether a level reaches records of an owner, and why. Without an owner: whether it reaches anything.
pub(crate) fn reach(level: Level, user: Option<Uuid>, team: &[Uuid], owner: Option<Uuid>) -> (bool, Option<Reason>) {
    let Some(owner) = owner else { return (level > Level::No, None) };
    let same = user == Some(owner);
    match level {
        Level::No => (false, None),
        Level::All => (true, Some(Reason::new("reach_all", "The permission reaches every record."))),
        Level::Own | Level::Team if same => (true, Some(Reason::new("owner_self", "The record is his own."))),
        Level::Team if team.contains(&owner) => {
            (true, Some(Reason::new("owner_same_team", "The record belongs to somebody of his teams.")))
        }
        Level::Own => (false, Some(Reason::new("owner_other", "The record belongs to somebody else."))),
        Level::Team => (false, Some(Reason::new("owner_other", "The record belongs to somebody outside his teams."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ownership_decides_for_own_and_team() {
        let [me, mate, other] = [1, 2, 3].map(Uuid::from_u128);
        let team = [me, mate];
        for (level, owner, allowed, code) in [
            (Level::All, other, true, "reach_all"),
            (Level::Team, me, true, "owner_self"),
            (Level::Team, mate, true, "owner_same_team"),
            (Level::Team, other, false, "owner_other"),
            (Level::Own, me, true, "owner_self"),
            (Level::Own, mate, false, "owner_other"),
        ] {
            let (got, reason) = reach(level, Some(me), &team, Some(owner));
            assert_eq!((got, reason.unwrap().code.as_str()), (allowed, code));
        }
        assert_eq!(reach(Level::No, Some(me), &team, Some(me)), (false, None));
        assert_eq!(reach(Level::Own, Some(me), &team, None), (true, None));
        assert!(!reach(Level::Own, None, &team, Some(me)).0, "a program owns nothing");
    }
}
