//! Days that matter to a contact or a company.
pub(crate) mod actions;
mod api;
mod dates;
pub(crate) mod db;
mod export;
pub(crate) mod hijri;
mod imports;
mod jobs;
mod model;
mod personal;
mod written;

pub(crate) use actions::notices::{any_to_tell, tell_owners};
pub use actions::{Calendar, calendar};
pub(crate) use api::OccasionsApi;
pub(crate) use dates::{DateKind, Kept, LeapPolicy, Reading, When, anchors, weekday, word};
pub(crate) use db::{COMPANY_REFERENCES, REFERENCES};
pub(crate) use imports::IMPORTS;
pub(crate) use jobs::PurgeOccasion;
pub use model::OccasionId;
pub(crate) use model::OccasionKind;
pub use personal::{erase_person, export_person};
