//! Days that matter to a contact or a company.
pub(crate) mod actions;
mod api;
mod dates;
pub(crate) mod db;
pub(crate) mod hijri;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::notices::{any_to_tell, tell_owners};
pub use actions::{Calendar, calendar};
pub(crate) use api::OccasionsApi;
pub(crate) use dates::{DateKind, Kept, LeapPolicy, Reading, When, anchors, weekday, word};
pub(crate) use db::REFERENCES;
pub(crate) use jobs::PurgeOccasion;
pub use model::OccasionId;
pub(crate) use model::OccasionKind;
pub use personal::{erase_person, export_person};
