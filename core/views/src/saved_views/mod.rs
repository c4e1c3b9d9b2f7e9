//! Saved views: a list with its filters, order and columns, under a name.
mod actions;
mod api;
mod db;
mod model;

pub use actions::rewrite;
pub(crate) use api::SavedViewsApi;
pub use db::{relink, relink_back, rename_tag, replace_stage};
