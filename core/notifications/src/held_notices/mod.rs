//! What goes with notifications and waits for the end of their readers' quiet hours.
pub(crate) mod actions;
pub(crate) mod db;
pub(crate) mod jobs;

pub use jobs::ReleaseHeld;
