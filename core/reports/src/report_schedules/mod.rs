//! Reports that come by themselves.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
mod due;
mod export;
mod jobs;
pub(crate) mod model;

pub(crate) use api::ReportSchedulesApi;
pub(crate) use jobs::{MakeReport, StartReport};
