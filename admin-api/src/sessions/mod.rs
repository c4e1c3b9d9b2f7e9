//! Signing in to the administration.
pub mod api;
pub mod model;
