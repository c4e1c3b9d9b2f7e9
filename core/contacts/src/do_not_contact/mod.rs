//! Do-not-contact: by which channels a person may not be reached, or may not reach us.
mod actions;
mod api;
mod db;
mod imports;
mod model;

pub(crate) use actions::{add_many, blocked, export, put_back, take_away_many, untouched};
pub use actions::{clear, refusal, set};
pub(crate) use api::DoNotContactApi;
pub(crate) use imports::IMPORTS;
pub use model::{BlockedChannel, Direction, DoNotContact};
