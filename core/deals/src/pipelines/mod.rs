//! Pipelines: ordered stages that deals go through.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use actions::{known, require_everybody};
pub(crate) use api::PipelinesApi;
pub(crate) use db::{StageRow, default_id, find, lock_place, stage};
pub(crate) use model::Requirement;
pub use model::{PipelineId, StageId};
