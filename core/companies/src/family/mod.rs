//! Which companies stand above a company, and what all of them below it are worth.
mod api;
mod db;
mod model;

pub(crate) use api::FamilyApi;
