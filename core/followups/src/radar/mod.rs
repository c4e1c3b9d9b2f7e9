//! Those nobody has been in touch with for long.
mod api;
mod db;
mod model;

pub(crate) use api::RadarApi;
pub(crate) use db::{KINDS, note};
