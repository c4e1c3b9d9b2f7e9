//! What became of tasks that were due: in time, late, left out, not yet.
mod api;
mod db;
mod model;

pub(crate) use api::TaskCompletionApi;
