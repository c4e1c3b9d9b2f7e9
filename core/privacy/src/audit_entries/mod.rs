//! The audit log: every event with its place in the chain.
mod actions;
mod api;
mod db;
mod export;
mod model;
mod verify;

pub(crate) use api::AuditApi;
pub use model::Verification;
pub use verify::{Anchor, verify};
