//! One change to many contacts, done in the background in batches, and taken back as a whole.
mod actions;
mod api;
mod change;
mod db;
mod model;
mod personal;

pub(crate) use actions::{ContactBulkRuns, apply};
pub(crate) use api::ContactBulkRunsApi;
pub(crate) use model::ContactBulkChange;
pub use model::NAMES as BULK_RUNS;
pub(crate) use personal::{erase, export};
