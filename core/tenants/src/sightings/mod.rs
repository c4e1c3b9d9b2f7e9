//! Where widgets were met: shown, or refused because the website is not allowed.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod jobs;
pub(crate) mod model;

pub use actions::{shown, shown_by_widget};
pub use jobs::PurgeSightings;
pub use model::{Shown, ShownWidget};
