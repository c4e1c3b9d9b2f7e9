//! What people want to be told, and how.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;
