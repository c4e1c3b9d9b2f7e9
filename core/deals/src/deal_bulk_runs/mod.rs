//! One change to many deals, done in the background in batches, and taken back as a whole.
mod actions;
mod api;
mod change;
mod db;
mod model;

pub(crate) use actions::DealBulkRuns;
pub(crate) use api::DealBulkRunsApi;
pub(crate) use db::{About, about, forget};
pub use model::NAMES as BULK_RUNS;
