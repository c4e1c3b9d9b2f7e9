//! How much of what a plan limits is used. Everything is counted as it comes and goes, so it is asked without reading a
//! record: one statement, however much there is.
use super::model::Entitlements;
use crate::storage::model::megabytes;
use kernel::auth::{Grants, Level};
use poem_openapi::Object;

kernel::row! {
    /// What an account has.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Used {
        pub(crate) agency: bool,
        pub(crate) contacts: i64,
        pub(crate) members: i64,
        pub(crate) clients: i64,
        pub(crate) widgets: i64,
        pub(crate) domains: i64,
        pub(crate) bytes: i64,
    }
}

/// How much there is of one thing, and how much there may be.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "PlanMeter")]
pub struct Meter {
    /// Of what: `contacts`, `members`, `clients` (of an agency), `widgets`, `domains` or `storage_mb`.
    pub limit: String,
    /// How much there is; absent for who may not see all of it. Of storage, a megabyte that is begun counts.
    pub used: Option<i64>,
    /// How much there may be; absent for no limit.
    pub most: Option<i64>,
}

/// What a plan allows and how much of it is used.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "PlanUsage")]
pub struct Usage {
    /// Name of the plan; absent when there is none.
    pub plan: Option<String>,
    /// Each thing that plans limit.
    pub meters: Vec<Meter>,
}

/// Who may see all of something may know how much of it there is.
const SEEN_BY: [(&str, &str); 6] = [
    ("contacts", "contacts.read"),
    ("members", "identity.members.read"),
    ("clients", "tenants.clients.read"),
    ("widgets", "tenants.read"),
    ("domains", "tenants.read"),
    ("storage_mb", "tenants.read"),
];

impl Usage {
    /// Puts it together, for a member with these grants; without grants for the agency, which sees figures of its clients.
    pub(crate) fn of(has: &Entitlements, used: &Used, grants: Option<&Grants>) -> Self {
        let meters =
            SEEN_BY.iter().filter(|(limit, _)| *limit != "clients" || used.agency).map(|(limit, permission)| {
                let count = match *limit {
                    "contacts" => used.contacts,
                    "members" => used.members,
                    "clients" => used.clients,
                    "widgets" => used.widgets,
                    "domains" => used.domains,
                    _ => megabytes(used.bytes),
                };
                let seen = grants.is_none_or(|grants| grants.level(permission) == Level::All);
                Meter { limit: (*limit).to_owned(), used: seen.then_some(count), most: has.limits.get(*limit).copied() }
            });
        Usage { plan: has.plan.clone(), meters: meters.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(usage: &Usage) -> Vec<(&str, Option<i64>, Option<i64>)> {
        usage.meters.iter().map(|meter| (meter.limit.as_str(), meter.used, meter.most)).collect()
    }

    #[test]
    fn each_meter_is_for_who_sees_all_of_it() {
        let used =
            Used { agency: false, contacts: 1_234, members: 3, clients: 0, widgets: 2, domains: 1, bytes: 1_000_001 };
        let mut has = Entitlements::default();
        has.limits.insert("contacts".into(), 10_000);
        has.limits.insert("storage_mb".into(), 5);
        let whole = [
            ("contacts", Some(1_234), Some(10_000)),
            ("members", Some(3), None),
            ("widgets", Some(2), None),
            ("domains", Some(1), None),
            ("storage_mb", Some(2), Some(5)),
        ];
        assert_eq!(of(&Usage::of(&has, &used, None)), whole);
        let mut grants = Grants::default();
        grants.add("contacts.read", Level::Team);
        grants.add("tenants.read", Level::All);
        let part = Usage::of(&has, &used, Some(&grants));
        assert_eq!(of(&part)[..2], [("contacts", None, Some(10_000)), ("members", None, None)]);
        assert_eq!(of(&part)[2..], whole[2..]);
        let agency = Used { agency: true, clients: 7, ..used };
        assert_eq!(of(&Usage::of(&has, &agency, None))[2], ("clients", Some(7), None));
    }
}
