//! Passwords: rules, hashes, changing one's own.
pub(crate) mod actions;
mod api;
pub mod model;

pub use api::PasswordsApi;
