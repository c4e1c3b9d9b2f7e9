//! Companies: who a tenant does business with.
mod actions;
mod api;
pub(crate) mod db;
mod draft;
mod export;
mod imports;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::{MAX_LEVELS, UNDO, check_list, facts, owner_in_reach, record, rewrite};
pub(crate) use api::CompaniesApi;
pub(crate) use db::{find, lock_hierarchy, many, place_below, set_custom};
pub use db::{require, values};
pub(crate) use draft::{Draft, MAX_PROFILES};
pub(crate) use imports::IMPORTS;
pub(crate) use jobs::{CompanyRecords, PurgeCompanies, PurgeCompany};
#[cfg(test)]
pub(crate) use model::NewCompany;
pub(crate) use model::word;
pub use model::{ClientValue, Company, CompanyId, Status, Tier};
pub(crate) use personal::redact;
