//! What records add up to in some days.
mod actions;
mod api;
mod db;
mod export;
mod file;
mod model;
mod period;
mod words;

pub(crate) use api::ReportsApi;
