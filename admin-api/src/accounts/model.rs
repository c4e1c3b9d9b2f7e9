use chrono::{DateTime, Utc};
use kernel::ids::{TenantId, UserId};
use poem_openapi::{Enum, Object};
use std::collections::{BTreeMap, BTreeSet};
use tenants::plans::{Entitlements, PlanId};

kernel::row! {
    /// An agency or a client.
    #[derive(Object, Debug, Clone)]
    pub struct Account {
        /// Its id.
        pub id: TenantId,
        /// `agency` or `client`.
        pub kind: Option<String>,
        /// The agency of a client.
        pub parent_id: Option<TenantId>,
        /// Its agency's name.
        pub parent_name: Option<String>,
        /// Its name.
        pub name: String,
        /// Its name in addresses.
        pub slug: Option<String>,
        /// `active`, `read_only`, `suspended`, `moving`, `restoring`, `deleting` or `deleted`.
        pub state: String,
        /// Its plan; a client without one has its agency's.
        pub plan_id: Option<PlanId>,
        /// Name of the plan in force: its own or its agency's.
        pub plan_name: Option<String>,
        /// Price of a plan of its own a month, in minor units of `currency`; absent without one.
        pub price_minor: Option<i64>,
        /// ISO 4217; absent without a plan of its own.
        pub currency: Option<String>,
        /// Days of its own to try its plan, counted from the opening; absent for those of a plan of its own.
        pub trial_days: Option<i32>,
        /// When the days to try its plan are over, or were, UTC; absent when there are none.
        pub trial_ends_at: Option<DateTime<Utc>>,
        /// Version of its schema.
        pub schema_version: i32,
        /// Clients of an agency.
        pub clients: i64,
        /// Members.
        pub members: i64,
        /// When it was opened, UTC.
        pub activated_at: Option<DateTime<Utc>>,
        /// Why it stands still.
        pub stop_reason: Option<String>,
        /// Whether the platform stopped it: its agency cannot resume it then.
        pub stopped_by_platform: Option<bool>,
        /// When it will be destroyed, UTC.
        pub deletion_due_at: Option<DateTime<Utc>>,
    }
}

kernel::row! {
    /// Somebody who works in an account.
    #[derive(Object, Debug, Clone)]
    pub struct AccountMember {
        /// Who.
        pub user_id: UserId,
        /// His name.
        pub name: String,
        /// His address.
        pub email: String,
        /// Names of his roles.
        pub roles: Vec<String>,
    }
}

/// A module as an account has it.
#[derive(Object, Debug, Clone)]
pub struct AccountModule {
    /// Its name.
    pub module: String,
    /// Whether its plan includes it.
    pub in_plan: bool,
    /// What was said about this account, if anything.
    pub switched: Option<bool>,
    /// Whether the account has it.
    pub on: bool,
}

/// A flag as an account has it.
#[derive(Object, Debug, Clone)]
pub struct AccountFlag {
    /// Its name for programs.
    pub key: String,
    /// What it turns on.
    pub description: String,
    /// What was said about this account, if anything.
    pub switched: Option<bool>,
    /// Whether the account has it.
    pub on: bool,
}

/// What an account has.
#[derive(Object, Debug, Clone)]
pub struct AccountEntitlements {
    /// Name of the plan in force; absent when there is none, which means no limits.
    pub plan: Option<String>,
    /// How much of what; what is not named has no limit.
    pub limits: BTreeMap<String, i64>,
    /// The modules that can be switched.
    pub modules: Vec<AccountModule>,
    /// Every feature flag.
    pub flags: Vec<AccountFlag>,
}

kernel::row! {
    /// A flag and what was said about one account.
    pub struct FlagRow {
        /// Its name.
        pub key: String,
        /// What it turns on.
        pub description: String,
        /// What was said.
        pub own: Option<bool>,
    }
}

/// Modules that a plan may leave out; the others every account has.
pub const SWITCHED: &[&str] = &[
    "fields",
    "contacts",
    "companies",
    "activities",
    "messaging",
    "deals",
    "attachments",
    "tasks",
    "followups",
    "occasions",
    "forms",
    "segments",
    "scores",
    "reports",
];

impl AccountEntitlements {
    /// Puts together what is in force.
    pub fn of(has: Entitlements, flags: Vec<FlagRow>) -> Self {
        let in_plan = |module: &str| has.modules.as_ref().is_none_or(|modules| modules.contains(module));
        // What somebody switched is shown even when this release does not know it.
        let mut names: BTreeSet<&str> = SWITCHED.iter().copied().collect();
        names.extend(has.exceptions.keys().map(String::as_str));
        let modules = names.into_iter().map(|module| AccountModule {
            module: module.to_owned(),
            in_plan: in_plan(module),
            switched: has.exceptions.get(module).copied(),
            on: has.has(module),
        });
        let modules = modules.collect();
        let flags = flags.into_iter().map(|flag| AccountFlag {
            on: has.flags.contains(&flag.key),
            key: flag.key,
            description: flag.description,
            switched: flag.own,
        });
        AccountEntitlements { modules, flags: flags.collect(), plan: has.plan, limits: has.limits }
    }
}

/// How far an account is stopped.
#[derive(Enum, Debug, Clone, Copy)]
#[oai(rename_all = "snake_case")]
pub enum StopState {
    /// Reading only.
    ReadOnly,
    /// Nothing works.
    Suspended,
}

/// Why and how an account is stopped.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewSuspension {
    /// How far.
    pub state: StopState,
    /// Why; shown to the agency.
    #[oai(validator(min_length = 1, max_length = 500))]
    pub reason: String,
}

/// Where a client goes.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewTransfer {
    /// The receiving agency.
    pub agency_id: TenantId,
}

/// Why an account ends.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewDeletion {
    /// Why.
    #[oai(validator(min_length = 1, max_length = 500))]
    pub reason: String,
    /// Days until it is destroyed, 0 to 90. Until then it stands still and the deletion can be called off.
    #[oai(validator(maximum(value = "90")))]
    pub days: u32,
}

/// Which plan an account has.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct PlanChoice {
    /// The plan; without one a client has its agency's.
    pub plan_id: Option<PlanId>,
}

/// Whether an account has a module, whatever its plan says.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct ModuleSwitch {
    /// On or off; null follows the plan again.
    pub enabled: Option<bool>,
}
