//! What a tenant keeps in the object store, counted in the transaction that changes it: its agency sees it without reading
//! its records.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;

pub use actions::{add, check, recount};
