//! How the platform is: one look at what an operator worries about.
pub mod api;
mod db;
pub mod model;
pub mod traffic;
pub mod uptime;
