//! When members are away, and who stands in for them.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use actions::{Presence, presence};
pub(crate) use api::MemberAbsencesApi;
