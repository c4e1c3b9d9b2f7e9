//! Devices that are told although nobody looks at the console: Web Push (RFC 8030, 8291, 8292).
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod cipher;
pub(crate) mod db;
pub(crate) mod jobs;
pub mod model;

pub use actions::Vapid;
pub use jobs::{DeliverPush, PushNotices};
