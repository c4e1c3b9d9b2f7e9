//! Readers: members who may see what is written about a record, and so may be named there.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use actions::{named, of};
pub(crate) use api::ReadersApi;
pub(crate) use db::owner;
pub(crate) use model::{Reader, Readers};
