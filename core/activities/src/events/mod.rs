//! The tenant's event log, for programs that follow it.
mod api;
mod db;
mod model;

pub(crate) use api::EventsApi;
