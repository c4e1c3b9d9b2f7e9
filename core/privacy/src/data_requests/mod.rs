//! Data requests: a person's data handed out or erased.
mod actions;
mod api;
pub(crate) mod db;
mod jobs;
mod model;

pub(crate) use actions::create;
pub(crate) use api::DataRequestsApi;
pub(crate) use jobs::{DeleteExport, RunDataRequest};
pub(crate) use model::{DataRequestKind, NewDataRequest};
