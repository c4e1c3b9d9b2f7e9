//! What a credential says, how roles become grants, and who may touch credentials.
use kernel::{
    Cx, Error, Result,
    auth::{Grants, Level, Permission, PermissionInfo},
    ids::UserId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Type of the signed access tokens.
pub(crate) const ACCESS: &str = "access";
/// How long an access token is valid, in seconds.
pub(crate) const ACCESS_SECONDS: i64 = 15 * 60;

/// What an access token says. Rights are not in it: they are looked up, so that a change counts at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct AccessClaims {
    /// The user, or the platform admin of an impersonation.
    #[serde(rename = "u")]
    pub user: Uuid,
    /// The tenant he works in.
    #[serde(rename = "t")]
    pub tenant: Uuid,
    /// The session it was issued for.
    #[serde(rename = "s")]
    pub session: Uuid,
    /// The impersonation it was issued for.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub impersonation: Option<Uuid>,
}

/// What a role grants: permission names or patterns with levels. Patterns are `*`, `*.read`, `<prefix>.*`, and
/// `*.<right>` for a special right wherever a module has it (`*.export`, `*.mass_update`).
pub type GrantPatterns = BTreeMap<String, Level>;

/// The pattern of a role that decides about a permission: the most specific one. The exact name comes first, then
/// special rights (so that "everything about contacts" does not include taking them all out), then the longest prefix,
/// then `*.read`, then `*`.
pub fn deciding<'a>(patterns: &'a GrantPatterns, permission: &str) -> Option<(&'a str, Level)> {
    let rank = |pattern: &str| -> Option<usize> {
        match pattern {
            p if p == permission => Some(usize::MAX),
            "*" => Some(0),
            "*.read" => permission.ends_with(".read").then_some(1),
            p if p.starts_with("*.") => permission.ends_with(&p[1..]).then_some(usize::MAX - 1),
            p => {
                let prefix = p.strip_suffix('*').filter(|prefix| prefix.ends_with('.'))?;
                permission.starts_with(prefix).then_some(1 + prefix.len())
            }
        }
    };
    patterns
        .iter()
        .filter_map(|(pattern, level)| rank(pattern).map(|rank| (rank, pattern.as_str(), *level)))
        .max_by_key(|(rank, ..)| *rank)
        .map(|(_, pattern, level)| (pattern, level))
}

/// The grants of several roles over the known permissions: each role decides by its most specific pattern, then the
/// most permissive role wins.
pub fn merge<'a>(
    roles: impl IntoIterator<Item = &'a GrantPatterns>,
    known: impl Iterator<Item = &'static PermissionInfo> + Clone,
) -> Grants {
    let mut grants = Grants::default();
    for role in roles {
        for permission in known.clone() {
            if let Some((_, level)) = deciding(role, permission.name) {
                grants.add(permission.name, level);
            }
        }
    }
    grants
}

/// The first permission in which `wanted` reaches further than `held`.
pub fn exceeds(wanted: &Grants, held: &Grants) -> Option<String> {
    let mut names: Vec<_> = wanted.iter().filter(|(name, level)| *level > held.level(name)).map(|(n, _)| n).collect();
    names.sort_unstable();
    names.first().map(|name| (*name).to_owned())
}

/// Reads what a role row holds; an unknown level counts as none.
pub(crate) fn patterns(grants: &serde_json::Value) -> GrantPatterns {
    let entries = grants.as_object().into_iter().flatten();
    entries.map(|(name, level)| (name.clone(), serde_json::from_value(level.clone()).unwrap_or(Level::No))).collect()
}

/// The person behind the request, for what only he may do himself: passwords, second factors, sessions, keys. Neither
/// an API key nor somebody in his place passes.
pub(crate) fn person<P: Permission>(cx: &Cx<P>) -> Result<UserId> {
    if cx.principal.impersonation.is_some() {
        return Err(Error::forbidden(
            "impersonation_forbidden",
            "Nobody may do this in somebody else's place. Use your own account.",
        ));
    }
    cx.principal.user.map(UserId).ok_or_else(|| {
        Error::forbidden("person_required", "A program cannot do this. Sign in as a person, without an API key.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[PermissionInfo] = &[
        PermissionInfo { name: "contacts.read", doc: "" },
        PermissionInfo { name: "contacts.write", doc: "" },
        PermissionInfo { name: "identity.api_keys.read", doc: "" },
        PermissionInfo { name: "contacts.export", doc: "" },
        PermissionInfo { name: "tenants.delete", doc: "" },
    ];

    fn role(entries: &[(&str, Level)]) -> GrantPatterns {
        entries.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect()
    }

    #[test]
    fn the_most_specific_pattern_of_a_role_decides() {
        let role = role(&[
            ("*", Level::All),
            ("*.read", Level::Team),
            ("contacts.*", Level::Own),
            ("contacts.write", Level::No),
            ("identity.*", Level::All),
            ("identity.api_keys.*", Level::No),
        ]);
        assert_eq!(deciding(&role, "contacts.write"), Some(("contacts.write", Level::No)));
        assert_eq!(deciding(&role, "contacts.read"), Some(("contacts.*", Level::Own)));
        assert_eq!(deciding(&role, "identity.api_keys.read"), Some(("identity.api_keys.*", Level::No)));
        assert_eq!(deciding(&role, "forms.read"), Some(("*.read", Level::Team)));
        assert_eq!(deciding(&role, "tenants.delete"), Some(("*", Level::All)));
        assert_eq!(deciding(&GrantPatterns::new(), "contacts.export"), None);
    }

    #[test]
    fn special_rights_come_before_prefixes() {
        let role = role(&[("contacts.*", Level::All), ("*.export", Level::No), ("forms.export", Level::Team)]);
        assert_eq!(deciding(&role, "contacts.write"), Some(("contacts.*", Level::All)));
        assert_eq!(deciding(&role, "contacts.export"), Some(("*.export", Level::No)));
        assert_eq!(deciding(&role, "forms.export"), Some(("forms.export", Level::Team)));
        assert_eq!(deciding(&role, "contacts.reexport"), Some(("contacts.*", Level::All)));
    }

    #[test]
    fn a_prefix_matches_whole_words_only() {
        let role = role(&[("con*", Level::All), ("contacts.re*", Level::All), ("contact.*", Level::All)]);
        assert_eq!(deciding(&role, "contacts.read"), None);
    }

    #[test]
    fn roles_merge_to_the_most_permissive() {
        let (reader, own) = (role(&[("*.read", Level::All)]), role(&[("contacts.*", Level::Own)]));
        let grants = merge([&reader, &own], KNOWN.iter());
        assert_eq!(grants.level("contacts.read"), Level::All);
        assert_eq!(grants.level("contacts.write"), Level::Own);
        assert_eq!(grants.level("contacts.export"), Level::Own);
        assert_eq!(grants.level("tenants.delete"), Level::No);
        // A "no" of one role does not take away what another gives.
        let no = role(&[("*", Level::No)]);
        assert_eq!(merge([&no, &reader], KNOWN.iter()).level("contacts.read"), Level::All);
    }

    #[test]
    fn nobody_gives_more_than_he_has() {
        let all = merge([&role(&[("*", Level::All)])], KNOWN.iter());
        let team = merge([&role(&[("*", Level::All), ("contacts.write", Level::Team)])], KNOWN.iter());
        assert_eq!(exceeds(&team, &all), None);
        assert_eq!(exceeds(&all, &team).as_deref(), Some("contacts.write"));
        assert_eq!(exceeds(&all, &all), None);
    }

    proptest::proptest! {
        #[test]
        fn merging_is_monotone(levels in proptest::collection::vec((0..4usize, 0..4usize), 0..12)) {
            let all = [Level::No, Level::Own, Level::Team, Level::All];
            let roles: Vec<_> = levels.iter().map(|(p, l)| role(&[(KNOWN[*p].name, all[*l])])).collect();
            for part in 0..roles.len() {
                let fewer = merge(&roles[..part], KNOWN.iter());
                let more = merge(&roles[..part + 1], KNOWN.iter());
                proptest::prop_assert_eq!(exceeds(&fewer, &more), None);
            }
        }
    }
}
