//! Pairs of contacts that may be one person.
mod actions;
mod api;
mod db;
mod evidence;
mod jobs;
mod model;

pub(crate) use actions::{KINDS, compare, notice};
pub(crate) use api::ContactDuplicatesApi;
pub(crate) use db::{after, carry, uncarry};
pub(crate) use jobs::FindContactDuplicates;
