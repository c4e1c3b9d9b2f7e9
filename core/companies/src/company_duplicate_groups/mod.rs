//! Companies that may all be one, because pairs of them hang together.
mod api;
mod db;
mod model;

pub(crate) use api::CompanyDuplicateGroupsApi;
