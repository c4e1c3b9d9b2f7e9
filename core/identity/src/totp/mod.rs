//! The second factor: codes from an app, and recovery codes for when the app is gone.
pub mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use api::TotpApi;
