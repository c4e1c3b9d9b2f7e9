//! Faults of the whole product: the real programs as processes on a real Postgres and a real mail server, while
//! somebody pulls the plugs. What a visitor was thanked for is there once, whatever happened.
//!
//! The programs must be built: `cargo build --bins -p server -p embed-edge`, which `cargo xtask check` does first.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod audit;
mod core;
mod dispatch;
mod edge;
mod mail;
mod postgres;
mod support;
