//! The whole crate against a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod deletion;
mod fleet;
mod isolation;
mod process;
mod provisioning;
mod shape;
mod support;
mod transfer;
