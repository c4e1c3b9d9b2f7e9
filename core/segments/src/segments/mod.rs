//! Segments and who is in them.
mod actions;
mod api;
mod days;
mod db;
mod jobs;
mod model;
mod personal;
mod tree;

pub(crate) use actions::{notice, touched};
pub(crate) use api::SegmentsApi;
pub(crate) use jobs::{BuildSegment, PurgeSegment, RefreshSegments, SweepSegments};
pub use model::SegmentId;
pub use personal::{erase_person, export_person};
