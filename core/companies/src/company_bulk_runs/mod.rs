//! One change to many companies, done in the background in batches, and taken back as a whole.
mod actions;
mod api;
mod change;
mod db;
mod model;

pub(crate) use actions::CompanyBulkRuns;
pub(crate) use api::CompanyBulkRunsApi;
pub(crate) use db::forget;
pub use model::NAMES as BULK_RUNS;
