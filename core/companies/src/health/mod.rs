//! How the relationship with a company is doing, as far as records tell.
mod api;
mod db;
mod model;

pub(crate) use api::HealthApi;
