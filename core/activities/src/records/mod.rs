//! What notes and activities are about.
mod actions;
mod model;

pub use actions::reach;
pub(crate) use actions::{require, sight};
pub use model::Reach;
pub(crate) use model::Record;
