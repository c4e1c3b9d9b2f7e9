//! Pairs of companies that may be one.
mod actions;
mod api;
mod db;
mod jobs;
mod model;

pub(crate) use actions::{KINDS, compare, compare_later, notice};
pub(crate) use api::CompanyDuplicatesApi;
pub(crate) use db::{after, carry, uncarry};
pub(crate) use jobs::CompareCompanies;
pub(crate) use model::CompanyDuplicateId;
