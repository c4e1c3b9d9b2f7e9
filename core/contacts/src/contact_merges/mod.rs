//! Several contacts become one, and it can be undone.
mod actions;
mod api;
mod choice;
mod db;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::merge;
pub(crate) use api::ContactMergesApi;
pub(crate) use db::{REFERENCES, is_apart, there};
pub use db::{forget_views, merged_into};
pub(crate) use jobs::SettleContactMerge;
pub(crate) use model::{ContactMergeId, NewContactMerge};
pub(crate) use personal::{erase, export};
