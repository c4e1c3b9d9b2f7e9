//! How the relationship with a company is doing, as far as records tell.
mod api;
mod db;
mod model;

pub(crate) use api::HealthApi;
pub(crate) use db::{all, some};
pub(crate) use model::{HealthMark, is_known};
pub use model::{Healthy, PARTS, PartKind};
