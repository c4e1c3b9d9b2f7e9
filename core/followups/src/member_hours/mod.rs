//! When a member works, where that is not when the tenant does.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use actions::require_self_or_everybody;
pub(crate) use api::MemberHoursApi;
