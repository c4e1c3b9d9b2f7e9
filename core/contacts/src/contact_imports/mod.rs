//! Imports of contacts: a file is looked at, matched, taken in by a job in batches, and can be taken back.
mod actions;
mod api;
mod brought;
mod db;
mod decode;
mod export;
mod guess;
mod jobs;
mod model;
mod options;
mod personal;
mod row_draft;
mod sheet;

pub use actions::importing;
pub(crate) use api::ContactImportsApi;
pub(crate) use jobs::{CheckContactImport, ForgetContactImport, RunContactImport, UndoContactImport};
pub(crate) use personal::{erase, export};
