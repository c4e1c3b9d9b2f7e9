//! Forgotten passwords.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
mod jobs;

pub use api::{MailPromise, PasswordResetsApi};
pub use jobs::SendPasswordReset;
