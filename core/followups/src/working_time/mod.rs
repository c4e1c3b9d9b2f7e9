//! When the tenant works.
mod actions;
mod api;
mod calendar;
mod db;
mod model;

pub(crate) use api::WorkingTimeApi;
pub(crate) use calendar::Calendar;
pub(crate) use db::calendar;
