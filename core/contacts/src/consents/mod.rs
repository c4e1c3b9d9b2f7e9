//! Consents: what a person agreed to or withdrew, as a ledger that only grows.
mod actions;
mod api;
mod db;
mod model;

pub use actions::add as add_consent;
pub(crate) use actions::{export, forget};
pub(crate) use api::ConsentsApi;
pub use model::{Channel, Consent, ConsentId, ConsentState, Evidence, NewConsent};
