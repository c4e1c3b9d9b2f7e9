//! The tenant itself: its settings and the steps of its life.
pub(crate) mod actions;
pub(crate) mod api;
mod currencies;
pub(crate) mod db;
pub(crate) mod jobs;
pub(crate) mod model;

pub use actions::{
    all, cancel_deletion, currency_of, move_client, open, request_deletion, resume, set_plan, sign_up_open,
    start_due_deletions, suspend,
};
pub use currencies::{is_currency, minor_digits};
pub use model::{DeletionRequest, NewTenant, State, Stop, TenantDetails, TenantPatch};
