//! An agency's clients.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod jobs;
pub(crate) mod model;
pub(crate) mod overview;

pub use db::names;
pub use jobs::StartDeletions;
pub use model::{Activity, Client, Health, NewClient};
