//! How the relationship with a company is doing, as far as records tell: counted from them, and kept with the company, so that lists
//! sort and filter by it.
mod actions;
mod api;
mod db;
mod jobs;
mod kept;
mod model;

pub(crate) use actions::{KINDS, note, note_people, notice};
pub(crate) use api::HealthApi;
pub use db::{figures, least};
pub(crate) use jobs::{RecountHealth, RefreshHealth};
pub(crate) use kept::{HealthMark, is_known};
pub use kept::{Healthy, scores_of};
pub use model::{PARTS, PartKind};
