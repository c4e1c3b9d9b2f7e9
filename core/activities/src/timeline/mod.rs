//! The timeline of a contact, a company or a deal: what happened, newest first, with the words of notes and activities.
mod actions;
mod api;
mod db;
mod export;
mod model;

pub(crate) use api::TimelineApi;
