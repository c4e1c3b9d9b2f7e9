//! Why somebody may or may not do something.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use api::AccessApi;
