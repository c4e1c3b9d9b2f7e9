//! Members who take no deals from rules for a while.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use api::DealAbsencesApi;
