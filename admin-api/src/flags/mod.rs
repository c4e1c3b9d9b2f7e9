//! Feature flags: for everybody, for a share of the tenants, or for named tenants.
mod actions;
pub mod api;
mod db;
pub mod model;
