//! What happened on the platform: accounts, people, keys, settings.
pub mod api;
mod db;
pub mod model;
