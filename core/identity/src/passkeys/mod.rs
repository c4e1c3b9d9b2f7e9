//! Passkeys: a person signs in with what his device keeps, without typing an address or a password.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use api::PasskeysApi;
