//! News that come many at once: their e-mails wait a moment for each other, and go out as one.
pub(crate) mod actions;
pub(crate) mod db;
pub(crate) mod jobs;
pub(crate) mod model;

pub use jobs::SendDigest;
