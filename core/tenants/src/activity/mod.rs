//! What goes on in a tenant, counted as it happens: an agency sees it of all its clients without reading their records.
pub(crate) mod actions;
pub(crate) mod db;
pub(crate) mod model;

pub use actions::{count_contacts, recount};
pub use model::{KINDS, STARS, Star, StarKind};
