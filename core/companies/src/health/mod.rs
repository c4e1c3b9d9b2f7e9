//! How the relationship with a company is doing, as far as records tell.
mod api;
mod db;
mod model;

pub(crate) use api::HealthApi;
pub(crate) use db::all;
pub(crate) use model::is_known;
pub use model::{Healthy, PARTS, PartKind};
