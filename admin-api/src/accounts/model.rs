use chrono::{DateTime, Utc};
use kernel::ids::TenantId;
use poem_openapi::{Enum, Object};
use tenants::plans::PlanId;

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
        /// Its name.
        pub name: String,
        /// `active`, `read_only`, `suspended`, `moving`, `restoring`, `deleting` or `deleted`.
        pub state: String,
        /// Its plan; a client without one has its agency's.
        pub plan_id: Option<PlanId>,
        /// Version of its schema.
        pub schema_version: i32,
        /// Clients of an agency.
        pub clients: i64,
        /// Members.
        pub members: i64,
        /// When it was opened, UTC.
        pub activated_at: Option<DateTime<Utc>>,
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
