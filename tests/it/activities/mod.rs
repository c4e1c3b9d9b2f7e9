//! What happened with contacts, companies and deals.
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod activities;
mod days;
mod events;
mod followers;
mod notes;
mod records;
mod timeline;
