//! Segments and who is in them.
mod actions;
mod api;
mod days;
mod db;
mod imports;
mod jobs;
mod model;
mod names;
mod personal;
mod tree;

pub use actions::{AsOf, Question, as_of, concerned, note, questions, with_value};
pub(crate) use actions::{
    check_picks, check_rules, hold_picks, notice, pick, read_rules, touched, touched_companies, touched_deals,
};
pub(crate) use api::SegmentsApi;
pub(crate) use imports::IMPORTS;
pub(crate) use jobs::{BuildSegment, PurgeSegment, RefreshSegments, SweepSegments};
pub use model::{BrokenRule, Operator, RelatedRecord, RuleKind, SegmentId, SegmentRule};
pub use personal::{erase_person, export_person};
