//! Saved views: a list of contacts with its filters, order and columns, under a name.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use api::SavedViewsApi;
pub(crate) use db::rename_tag;
