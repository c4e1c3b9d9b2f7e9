//! Root keys of the embed edge's tokens: made here, sealed, read by every edge.
pub mod actions;
mod db;
pub mod jobs;
pub mod model;
