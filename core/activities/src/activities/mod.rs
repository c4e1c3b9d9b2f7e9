//! Activities: calls, meetings and messages that members log by hand.
mod actions;
mod api;
mod db;
mod model;
mod personal;

pub(crate) use api::ActivitiesApi;
pub(crate) use model::ActivityExcerpt;
pub use model::{ActivityDirection, ActivityKind, ActivityTopic};
pub(crate) use personal::{erase, export};
