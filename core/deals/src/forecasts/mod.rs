//! Forecasts: what open deals may bring by month, what was believed of it on any day before, and what became of that.
mod api;
mod db;
mod model;

pub(crate) use api::ForecastsApi;
#[cfg(test)]
pub(crate) use model::Forecast;
