//! Feasts of countries, as data with a version.
pub(crate) mod actions;
mod api;
mod db;
mod model;
mod pack;

pub(crate) use api::FeastsApi;
pub(crate) use db::shifts;
pub(crate) use pack::{Shifts, find, packs};
