//! What was won with people, for many of them at once: a column of their list.
mod api;
mod db;
mod model;

pub(crate) use api::WonValuesApi;
