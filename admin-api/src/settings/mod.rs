//! Settings of the whole platform.
mod actions;
pub mod api;
mod db;
pub mod model;
