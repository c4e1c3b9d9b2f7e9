//! Root keys of the embed edge's tokens.
pub mod api;
