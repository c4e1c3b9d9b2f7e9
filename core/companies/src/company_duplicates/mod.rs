//! Pairs of companies that may be one.
mod actions;
mod api;
mod db;
mod jobs;
mod model;

pub(crate) use actions::{KINDS, compare_later, notice};
pub(crate) use api::CompanyDuplicatesApi;
pub(crate) use db::{carry, uncarry};
pub(crate) use jobs::CompareCompanies;
