//! Sign-ups of agencies: nothing exists until the address is proven.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
mod jobs;

pub use api::SignUpsApi;
pub use jobs::SendSignUpMail;
