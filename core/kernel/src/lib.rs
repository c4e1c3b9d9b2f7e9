//! The shared kernel: the only code every module uses. It knows tenants, principals, events and jobs, and no word of
//! any module.
//!
//! A request: [`http::around`] reads the body and gives it an id, [`auth::Cx`] authenticates, finds the tenant and
//! checks the permission, [`db::Tx`] works in that tenant's schema, [`events`] records what happened in the same
//! transaction, [`jobs`] does the rest later.
pub mod auth;
pub mod bulk;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod duplicates;
pub mod embed;
pub mod error;
pub mod events;
pub mod http;
pub mod ids;
pub mod imports;
pub mod jobs;
mod mentions;
pub mod module;
pub mod notices;
pub mod outbound;
pub mod priority;
mod rules;
pub mod telemetry;
pub mod tenancy;

pub use auth::{Anonymous, Cx, Visitor};
pub use db::{ControlTx, Tx};
pub use error::{Error, OnConstraint, Result};
pub use mentions::Mentions;
pub use module::{App, CheckList, Module, Picks, ViewedList};
pub use rules::{Ruled, Rules, rules_of};

// The macros of this crate name these, so that a module needs no dependency of its own for them.
#[doc(hidden)]
pub use {bytes, chrono, poem_openapi, postgres_types, serde, serde_json, tokio_postgres, uuid};
