//! The people of companies: contacts with the roles they have there.
mod actions;
mod api;
mod db;
mod model;
mod personal;

pub(crate) use api::CompanyContactsApi;
pub(crate) use db::{OF_COMPANIES, REFERENCES};
pub(crate) use model::{CompanyContactRoles, CompanyRole};
pub(crate) use personal::{erase, export};
