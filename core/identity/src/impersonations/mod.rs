//! Impersonations: working in a tenant in the place of one of its members, with a reason, for a while, seen by all.
pub mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use api::ImpersonationsApi;
