//! People: one account each, however many tenants they belong to.
pub mod actions;
mod api;
pub(crate) mod db;
pub mod model;

pub use api::UsersApi;
pub use db::locales;
