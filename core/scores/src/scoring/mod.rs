//! The rules of scores, and the scores.
mod actions;
mod api;
mod db;
mod jobs;
mod model;
mod personal;
mod points;

pub(crate) use actions::{notice, touched};
pub(crate) use api::ScoringApi;
pub(crate) use jobs::{CountScores, FadeScores, RefreshScores};
pub use personal::{erase_person, export_person};
