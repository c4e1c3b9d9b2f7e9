//! Invitations: how people become members.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use api::InvitationsApi;
