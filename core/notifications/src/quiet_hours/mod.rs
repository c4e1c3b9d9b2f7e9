//! Hours in which a member's devices and mailbox stay silent.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;
