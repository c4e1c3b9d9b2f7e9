//! Saved views: a list with its filters, order and columns, under a name.
mod actions;
mod api;
mod db;
mod model;
mod personal;

pub use actions::rewrite;
pub(crate) use api::SavedViewsApi;
pub use db::{hold, relink, relink_back, rename_tag, replace_stage};
pub use personal::{erase_person, export_person};
