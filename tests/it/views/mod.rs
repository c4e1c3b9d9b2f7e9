//! Lists under a name.
mod saved_views;
