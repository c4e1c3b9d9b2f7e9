//! Looking through all contacts for duplicates, and merging all that are sure, in the background.
mod actions;
mod api;
mod model;

pub(crate) use actions::ContactDuplicateRuns;
pub(crate) use api::ContactDuplicateRunsApi;
