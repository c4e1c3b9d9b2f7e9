//! Deals: what may be sold.
mod actions;
mod api;
mod db;
mod draft;
mod export;
mod items;
mod jobs;
mod model;
mod personal;
mod rank;

pub(crate) use actions::touch;
pub(crate) use api::DealsApi;
pub(crate) use db::custom::REFERENCES;
pub use db::require;
pub(crate) use db::{FIELDS, WORDS, columns, patterns, reach_clause};
pub(crate) use jobs::{DealRecords, PurgeDeal};
pub(crate) use model::Deal;
pub use model::{DealId, DealStatus};
pub use personal::{erase_person, export_person};
