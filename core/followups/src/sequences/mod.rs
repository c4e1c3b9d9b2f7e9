//! Tasks one after the other, as long as nobody answers.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use api::SequencesApi;
pub(crate) use db::find;
pub(crate) use model::{Sequence, SequenceId};
