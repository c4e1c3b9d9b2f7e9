//! The address somebody signs in with, when it becomes another one.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
mod jobs;
pub mod model;

pub use api::EmailChangesApi;
pub use jobs::SendEmailChange;
