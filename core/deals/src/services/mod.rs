//! What somebody bought: services with their terms, and projects with their days.
mod api;
mod db;
mod model;

pub(crate) use api::ServicesApi;
