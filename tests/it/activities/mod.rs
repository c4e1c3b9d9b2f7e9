//! What happened with a contact.
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod activities;
mod days;
mod events;
mod notes;
mod timeline;
