//! Conversions: a contact becomes somebody who may buy, with a deal of his own or a place in one that is there.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use api::ConversionsApi;
