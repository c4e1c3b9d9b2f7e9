//! Contacts going through sequences.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use actions::{begin, finish_if_done, require_running, stop_for};
pub(crate) use api::EnrolmentsApi;
pub(crate) use db::{NewRun, delete_all_of, of_contact};
pub(crate) use model::EnrolmentId;
