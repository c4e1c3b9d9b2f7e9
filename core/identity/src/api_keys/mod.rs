//! API keys: how programs work in a tenant.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use api::ApiKeysApi;
