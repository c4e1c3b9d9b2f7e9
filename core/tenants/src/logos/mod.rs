//! Logos: small pictures that anybody may see, because mails, pages and widgets show them.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;
