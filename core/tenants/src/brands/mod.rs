//! How a tenant looks: name, logo, colours, legal links. A client without a brand of its own looks like its agency.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod model;

pub use actions::branding;
pub use model::{Audience, Branding, LegalLink};
