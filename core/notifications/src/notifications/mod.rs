//! What people are told in the app, with an e-mail where it is wanted.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod jobs;
pub(crate) mod model;

pub use actions::{erase_contact, erase_links, notify};
pub use jobs::{PurgeNotifications, WakeNotification};
pub use model::{Notice, NoticeMail, Notification, NotificationId};
