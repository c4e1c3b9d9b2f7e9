//! Members: people in a tenant, with roles and teams.
pub mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use actions::{Person, Reaching, people, reaching, require, seeing};
pub use api::MembersApi;
