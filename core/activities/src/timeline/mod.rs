//! The timeline of a contact or a company: what happened, newest first, with the words of notes and activities.
mod api;
mod db;
mod model;

pub(crate) use api::TimelineApi;
