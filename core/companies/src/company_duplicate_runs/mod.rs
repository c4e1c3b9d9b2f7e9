//! Looking through all companies for duplicates, and merging all that are sure, in the background.
mod actions;
mod api;
mod model;

pub(crate) use actions::CompanyDuplicateRuns;
pub(crate) use api::CompanyDuplicateRunsApi;
