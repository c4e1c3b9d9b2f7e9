//! Legal holds: contacts that may be neither deleted nor erased for now.
mod api;

pub(crate) use api::LegalHoldsApi;
