//! E-mail: queued in the transaction of its cause, sent once it committed, never lost.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
mod jobs;
mod links;
pub(crate) mod model;
mod templates;

pub use actions::{erase, queue};
pub use jobs::{Mailer, PurgeMails, SendMail};
pub use model::{Mail, MailId, NewMail, Template};
