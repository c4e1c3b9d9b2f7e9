//! Websites on which widgets may live. An empty list means: nowhere.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;

pub use actions::allow;
pub use model::{AllowedOrigin, Kind, NewOrigin, OriginId};
