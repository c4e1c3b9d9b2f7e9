//! What records add up to in some days.
mod actions;
mod api;
mod db;
mod export;
mod file;
mod model;
mod pdf;
mod period;
mod typeset;
mod words;

pub(crate) use api::{ReportsApi, as_owner, sees_as_much};
pub(crate) use export::{Made, ReportFormat, made};
pub(crate) use model::ReportKind;
pub(crate) use period::{ReportCompare, ReportSpan};
pub(crate) use words::Language;
