//! What members want to hear nothing more of.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;
