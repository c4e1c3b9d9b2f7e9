//! Companies: who a tenant does business with.
mod actions;
mod api;
pub(crate) mod db;
mod draft;
mod export;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::check_list;
pub(crate) use api::CompaniesApi;
pub use db::{require, values};
pub(crate) use jobs::{CompanyRecords, PurgeCompany};
pub(crate) use model::word;
pub use model::{ClientValue, Company, CompanyId, Status, Tier};
pub(crate) use personal::redact;
