//! What plans bring in a month, and what became of it: from the history of plans, which the database keeps.
pub mod api;
mod db;
pub mod model;
