//! How much waits for somebody.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use api::CountsApi;
