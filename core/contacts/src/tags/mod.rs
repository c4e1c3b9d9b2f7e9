//! Tags: short words on contacts. A contact carries their names; this is the vocabulary.
mod actions;
mod api;
mod db;
mod export;
mod model;

pub(crate) use actions::{by_name, follow, ids, require_everybody, settle, words};
pub use actions::{called, resolve};
pub(crate) use api::TagsApi;
pub use model::TagId;
pub(crate) use model::{MAX_NAME, Words, is_colour, is_name};
