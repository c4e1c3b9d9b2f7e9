//! Clients that move from one agency to another: offered by the one, accepted by the other.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;

pub use model::{Transfer, TransferId};
