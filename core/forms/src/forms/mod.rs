//! Forms: their draft, their published versions, their settings.
pub mod actions;
pub mod api;
pub mod check;
pub mod db;
pub mod engine;
mod export;
pub mod jobs;
pub mod model;
pub mod settings;
