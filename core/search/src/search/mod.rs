//! Finding records by words.
mod actions;
mod api;
mod db;
mod model;
mod snippet;

pub(crate) use api::SearchApi;
