//! Tags: short words on contacts. A contact carries their names; this is the vocabulary.
mod actions;
mod api;
mod db;
mod model;

pub use actions::resolve;
pub(crate) use actions::{by_name, ids, require_everybody};
pub(crate) use api::TagsApi;
pub(crate) use db::insert_missing;
pub use model::TagId;
pub(crate) use model::{MAX_NAME, is_colour, is_name};
