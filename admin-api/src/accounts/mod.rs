//! Agencies and clients: seen, stopped, moved and ended by the platform.
pub mod api;
mod db;
pub mod model;
