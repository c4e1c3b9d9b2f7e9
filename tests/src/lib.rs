//! The black-box harness: every test has its own database (cloned from a migrated template), its own server on a free
//! port and its own clock. HTTP goes in; JSON, e-mails, events and jobs come out.
pub mod app;
pub mod client;
pub mod database;
pub mod dns;
pub mod rows;

pub use app::TestApp;
pub use client::{Answer, Client};
pub use dns::Dns;
