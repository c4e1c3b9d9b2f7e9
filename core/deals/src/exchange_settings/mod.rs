//! Where rates come from by themselves.
mod actions;
mod api;
mod db;
mod ecb;
mod jobs;
mod model;

pub(crate) use actions::fetch_again;
pub(crate) use api::ExchangeSettingsApi;
pub(crate) use db::{kept_since, lock, share};
pub(crate) use jobs::FetchRates;
