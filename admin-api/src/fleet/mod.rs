//! Versions of the tenant schemas and how their migration goes.
pub mod api;
mod db;
pub mod model;
