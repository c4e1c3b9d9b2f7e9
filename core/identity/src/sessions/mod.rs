//! Sessions: one sign-in on one device, kept alive by a family of refresh tokens that each work once.
pub mod actions;
mod api;
mod cookie;
pub(crate) mod db;
mod jobs;
pub mod model;

pub use api::SessionsApi;
pub(crate) use api::handed;
pub use jobs::SweepIdentity;
