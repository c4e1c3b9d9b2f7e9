//! Settings of the whole platform.
pub mod api;
mod db;
pub mod model;
