//! Looking through all contacts for duplicates, and merging all that are sure, in the background.
mod actions;
mod api;
mod db;
mod jobs;
mod model;

pub(crate) use api::ContactDuplicateRunsApi;
pub(crate) use jobs::WorkOnContactDuplicates;
