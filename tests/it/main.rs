//! The black-box suite: one binary, one folder for each module, journeys across modules, and the rules of the house.
#![expect(clippy::module_inception, reason = "the path is the address: a module may have a resource of its name")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod activities;
mod admin;
mod attachments;
mod companies;
mod contacts;
mod deals;
mod demo;
mod fields;
mod files;
mod followups;
mod forms;
mod identity;
mod kernel;
mod messaging;
mod notifications;
mod occasions;
mod privacy;
mod reports;
mod rules;
mod scores;
mod search;
mod segments;
mod tasks;
mod tenants;
mod views;
