//! Where widgets of all accounts were shown and refused.
pub mod api;
mod db;
pub mod model;
