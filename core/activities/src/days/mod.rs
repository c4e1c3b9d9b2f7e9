//! A day of the event log, as the overview's sky draws it.
mod api;
mod db;
mod model;

pub(crate) use api::DaysApi;
