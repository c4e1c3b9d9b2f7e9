//! The stages a contact goes through.
mod api;
mod db;

pub(crate) use api::ContactStagesApi;
pub(crate) use db::{exists, list, require};
