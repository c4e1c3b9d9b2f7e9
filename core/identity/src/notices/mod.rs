//! Mails about accounts.
pub(crate) mod actions;
