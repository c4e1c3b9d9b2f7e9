//! Activities: calls, meetings and messages that members log by hand.
mod actions;
mod api;
mod db;
mod export;
mod model;
mod personal;

pub use actions::require_activity;
pub(crate) use api::ActivitiesApi;
pub(crate) use model::ActivityExcerpt;
pub use model::{ActivityDirection, ActivityId, ActivityKind, ActivityTopic};
pub(crate) use personal::{erase, export};
