//! Plans as data: prices, limits and modules.
pub mod api;
mod db;
pub mod model;
