//! E-mail to contacts.
mod actions;
mod model;

pub use actions::send_email;
pub use model::{NewEmail, Sent, fill};
