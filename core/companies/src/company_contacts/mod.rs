//! The people of companies: contacts with the roles they have there.
mod actions;
mod api;
mod db;
mod model;
mod personal;

pub(crate) use api::CompanyContactsApi;
pub(crate) use db::REFERENCES;
pub(crate) use personal::{erase, export};
