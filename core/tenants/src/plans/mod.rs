//! Plans are data: which modules a tenant has and how much of everything.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;
pub(crate) mod usage;

pub use actions::{Switches, entitlements, entitlements_in, flag};
pub use model::{Entitlements, Plan, PlanId};
