//! What a plan allows, with a tenant's own exceptions.
use kernel::{Error, Result, ids::TenantId};
use poem_openapi::Object;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

kernel::id!(PlanId, "pln", "A plan.");

kernel::row! {
    /// A plan.
    #[derive(Object, Debug, Clone)]
    pub struct Plan {
        /// Its id.
        pub id: PlanId,
        /// Its name for programs.
        pub key: String,
        /// Its name for people.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// 0 to 4; more comes later.
        pub level: i32,
        /// How much of what, for example {"contacts": 500}; what is not named has no limit.
        pub limits: serde_json::Value,
        /// Names of the modules it has; all of them when absent.
        pub modules: Option<serde_json::Value>,
        /// Price a month, in minor units of the currency.
        pub price_minor: i64,
        /// ISO 4217.
        pub currency: String,
        /// Days to try it.
        pub trial_days: i32,
    }
}

/// Modules that every account has: without them nobody could sign in, pay or leave.
const ALWAYS: &[&str] = &["tenants", "identity", "notifications", "files", "privacy", "billing", "payments"];

/// What a tenant has: its plan (or its agency's) and its own exceptions.
#[derive(Object, Debug, Clone, Default, PartialEq)]
pub struct Entitlements {
    /// Name of the plan; absent when there is none, which means no limits.
    pub plan: Option<String>,
    /// How much of what; what is not named has no limit.
    pub limits: BTreeMap<String, i64>,
    /// Modules of the plan; absent for all.
    pub modules: Option<BTreeSet<String>>,
    /// Modules switched on or off for this account, whatever the plan says.
    pub exceptions: BTreeMap<String, bool>,
    /// Feature flags that are on.
    pub flags: BTreeSet<String>,
}

impl Entitlements {
    /// Whether the account has the module.
    pub fn has(&self, module: &str) -> bool {
        ALWAYS.contains(&module)
            || self
                .exceptions
                .get(module)
                .copied()
                .unwrap_or_else(|| self.modules.as_ref().is_none_or(|modules| modules.contains(module)))
    }

    /// Refuses when adding `more` to `used` goes over the limit.
    pub fn check(&self, limit: &str, used: i64, more: i64) -> Result<()> {
        match self.limits.get(limit) {
            Some(&most) if used.saturating_add(more) > most => {
                Err(Error::forbidden("plan_limit", format!("The plan allows {most} {limit}; {used} are in use.")))
            }
            _ => Ok(()),
        }
    }

    /// From the rows: own plan first, then the agency's.
    pub(crate) fn of(tenant: TenantId, row: PlanRow, exceptions: Vec<ModuleRow>, flags: Vec<FlagRow>) -> Self {
        let limits = row
            .limits
            .as_ref()
            .and_then(|l| l.as_object())
            .map(|limits| limits.iter().filter_map(|(name, most)| Some((name.clone(), most.as_i64()?))).collect());
        let modules = row
            .modules
            .as_ref()
            .and_then(|m| m.as_array())
            .map(|modules| modules.iter().filter_map(|module| module.as_str().map(str::to_owned)).collect());
        Entitlements {
            plan: row.name,
            limits: limits.unwrap_or_default(),
            modules,
            exceptions: exceptions.into_iter().map(|m| (m.module, m.enabled)).collect(),
            flags: flags.into_iter().filter(|f| f.is_on(tenant)).map(|f| f.key).collect(),
        }
    }
}

kernel::row! {
    /// The plan in force.
    #[derive(Debug, Clone)]
    pub(crate) struct PlanRow {
        pub(crate) name: Option<String>,
        pub(crate) limits: Option<serde_json::Value>,
        pub(crate) modules: Option<serde_json::Value>,
    }
}
kernel::row! {
    /// A module's exception.
    #[derive(Debug, Clone)]
    pub(crate) struct ModuleRow { pub(crate) module: String, pub(crate) enabled: bool }
}
kernel::row! {
    /// A flag and what is said about this tenant.
    #[derive(Debug, Clone)]
    pub(crate) struct FlagRow {
        pub(crate) key: String,
        pub(crate) enabled: bool,
        pub(crate) percent: i32,
        pub(crate) own: Option<bool>,
    }
}

impl FlagRow {
    /// A tenant is always on the same side of a percentage, and each flag draws its own line.
    fn is_on(&self, tenant: TenantId) -> bool {
        self.own.unwrap_or_else(|| self.enabled && share(&self.key, tenant.0) < self.percent)
    }
}

/// 0 to 99, spread evenly.
fn share(flag: &str, tenant: Uuid) -> i32 {
    let hash = kernel::crypto::sha256(&[flag.as_bytes(), b"/", tenant.as_bytes()].concat());
    i32::from(u16::from_be_bytes([hash[0], hash[1]]) % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tenant(n: u128) -> TenantId {
        TenantId(Uuid::from_u128(n))
    }

    #[test]
    fn a_plan_with_exceptions() {
        let row = PlanRow {
            name: Some("Normal".into()),
            limits: Some(json!({"contacts": 10, "odd": "x"})),
            modules: Some(json!(["contacts", "forms"])),
        };
        let exceptions = vec![
            ModuleRow { module: "forms".into(), enabled: false },
            ModuleRow { module: "shop".into(), enabled: true },
            ModuleRow { module: "identity".into(), enabled: false },
        ];
        let has = Entitlements::of(tenant(1), row, exceptions, vec![]);
        assert!(has.has("contacts") && !has.has("forms") && has.has("shop") && !has.has("deals"));
        assert!(has.has("identity"), "nobody can switch the door off");
        assert!(has.check("contacts", 9, 1).is_ok() && has.check("odd", 1 << 40, 1).is_ok());
        assert_eq!(has.check("contacts", 10, 1).map_err(|e| e.code().to_owned()), Err("plan_limit".to_owned()));
        assert!(has.check("contacts", i64::MAX, 1).is_err());
    }

    #[test]
    fn without_a_plan_everything_is_there() {
        let row = PlanRow { name: None, limits: None, modules: None };
        let has = Entitlements::of(tenant(1), row, vec![], vec![]);
        assert!(has.has("anything") && has.check("contacts", 1 << 40, 1).is_ok());
    }

    #[test]
    fn a_share_of_the_tenants_is_that_share_and_stays() {
        let flag = |percent, own| FlagRow { key: "new_inbox".into(), enabled: true, percent, own };
        let on = |percent| (0..2000).filter(|n| flag(percent, None).is_on(tenant(*n))).count();
        assert_eq!((on(0), on(100)), (0, 2000));
        assert!((400..600).contains(&on(25)), "{}", on(25));
        assert!((0..2000).all(|n| !flag(25, None).is_on(tenant(n)) || flag(50, None).is_on(tenant(n))));
        assert!(flag(0, Some(true)).is_on(tenant(1)) && !flag(100, Some(false)).is_on(tenant(1)));
    }
}
