//! Teams: who sees whose records when a role reaches as far as `team`.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use actions::members;
pub use api::TeamsApi;
