//! The stages a contact goes through.
mod actions;
mod api;
mod db;
mod jobs;
mod model;

pub(crate) use actions::{convert, enter, first, settle, settle_drafts};
pub(crate) use api::ContactStagesApi;
pub(crate) use db::{exists, list};
pub(crate) use jobs::MoveContactsOfStage;
