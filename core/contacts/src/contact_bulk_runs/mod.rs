//! One change to many contacts, done in the background in batches, and taken back as a whole.
mod actions;
mod api;
mod change;
mod db;
mod jobs;
mod model;
mod personal;

pub(crate) use api::ContactBulkRunsApi;
pub(crate) use jobs::{ForgetContactBulkRun, WorkOnContactBulkRun};
pub(crate) use personal::{erase, export};
