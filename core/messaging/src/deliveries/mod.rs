//! Calls of webhooks and what became of them.
pub mod actions;
pub mod api;
pub mod db;
pub mod describe;
pub mod jobs;
pub mod model;
