//! How edges answered visitors. They tell it here, because their own login only reads; the kernel keeps it.
pub(crate) mod api;
mod model;
