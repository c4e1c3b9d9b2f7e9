//! Roles: named sets of grants. Seeded ones are everybody's; tenants add their own.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use api::RolesApi;
