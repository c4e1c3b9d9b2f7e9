//! What became of reports that come by themselves.
mod actions;
mod api;
pub(crate) mod db;
mod jobs;
mod model;

pub(crate) use actions::{deliver, fail};
pub(crate) use api::ReportRunsApi;
pub(crate) use jobs::{ForgetRuns, plan_end};
pub(crate) use model::{ReportRun, ReportRunId};
