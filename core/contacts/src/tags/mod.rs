//! Tags: short words on contacts. A contact carries their names; this is the vocabulary.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use actions::{ids, resolve};
pub(crate) use api::TagsApi;
pub(crate) use db::insert_missing;
pub(crate) use model::{MAX_NAME, TagId, is_name};
