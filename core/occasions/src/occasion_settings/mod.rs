//! How a tenant reads dates, and which feasts it keeps.
pub(crate) mod actions;
mod api;
mod db;
mod model;

pub(crate) use api::OccasionSettingsApi;
pub(crate) use db::get;
pub(crate) use db::{lock, set_noticed};
pub(crate) use model::OccasionSettings;
