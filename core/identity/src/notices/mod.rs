//! Mails about accounts.
pub(crate) mod actions;
pub(crate) mod jobs;
