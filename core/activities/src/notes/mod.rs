//! Notes: what members write down about a contact, a company or a deal, for the team or for themselves.
mod actions;
mod api;
mod db;
mod model;
mod personal;

pub(crate) use api::NotesApi;
pub(crate) use model::NoteExcerpt;
pub(crate) use personal::{erase, export};
