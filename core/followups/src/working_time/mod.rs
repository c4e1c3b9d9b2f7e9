//! When the tenant works.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use actions::calendar;
pub(crate) use api::WorkingTimeApi;
pub(crate) use model::{NewWorkingTime, Spans, WorkingSpan};
pub(crate) use tasks::Calendar;
