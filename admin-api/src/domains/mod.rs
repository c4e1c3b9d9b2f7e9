//! Own domains of all accounts.
pub mod api;
mod db;
pub mod model;
