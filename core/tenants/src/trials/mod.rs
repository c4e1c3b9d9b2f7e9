//! Days to try a plan. They are given by whoever is above: the platform to an agency, the agency to a client. Their end is told
//! to the account's owners and seen by those above; nothing is taken away by itself.
pub mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod jobs;
pub mod model;
