//! Those nobody has been in touch with for long.
mod actions;
mod api;
mod db;
mod jobs;
mod model;

pub(crate) use actions::{KINDS, note};
pub(crate) use api::RadarApi;
pub(crate) use jobs::CountTouches;
