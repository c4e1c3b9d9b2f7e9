//! What will be made, when, and why.
mod actions;
mod api;
mod db;
mod export;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::{KINDS, Planned, arm, lock_ids, plan_steps, react, record_end, stop_rule};
pub(crate) use api::FollowUpsApi;
pub(crate) use db::{REFERENCES, cancel, lock_contact, pause, resume, waiting_of_run};
pub(crate) use jobs::FireFollowUp;
pub(crate) use model::EndReason;
pub use personal::{erase_person, export_person};
