//! Days off.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use api::HolidaysApi;
