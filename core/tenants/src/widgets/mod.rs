//! What visitors see on client websites: a published resource under a public id.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;
pub(crate) mod snippet;

pub use actions::{find, publish, remove, resume, withdraw};
pub use model::{NewWidget, Widget};
