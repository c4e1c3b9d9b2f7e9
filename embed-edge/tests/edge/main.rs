//! The edge over raw HTTP, with a real Postgres and a core that checks every signature.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod actions;
mod channel;
mod connections;
mod database;
mod frames;
mod internal;
mod limits;
mod sessions;
mod support;
mod tls;
