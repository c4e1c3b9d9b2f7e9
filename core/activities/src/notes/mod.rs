//! Notes: what members write down about a contact, a company or a deal, for the team or for themselves.
mod actions;
mod api;
mod db;
mod model;
mod personal;

pub use actions::{require_author, require_note};
pub(crate) use api::NotesApi;
pub(crate) use model::NoteExcerpt;
pub use model::NoteId;
pub(crate) use personal::{erase, export};
