//! How long people are kept with whom nothing happens any more.
mod actions;
mod api;
mod db;
mod jobs;
mod model;

pub(crate) use api::RetentionApi;
pub(crate) use jobs::EraseQuietContacts;
