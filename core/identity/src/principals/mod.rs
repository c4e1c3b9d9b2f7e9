//! From a credential to a principal: who asks, in which tenant, with which grants.
pub(crate) mod actions;
pub(crate) mod db;
pub mod model;

pub use actions::standing;
