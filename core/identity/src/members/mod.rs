//! Members: people in a tenant, with roles and teams.
pub mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use actions::{Person, people};
pub use api::MembersApi;
