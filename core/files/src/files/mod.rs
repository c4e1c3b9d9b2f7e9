//! Files.
pub mod actions;
pub mod api;
pub mod db;
pub mod jobs;
pub mod model;
mod sniff;
