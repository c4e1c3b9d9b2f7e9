//! When the tenant works.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use api::WorkingTimeApi;
pub(crate) use tasks::{Calendar, working_calendar as calendar};
