//! Addresses that are told what happens.
pub mod actions;
pub mod api;
pub mod db;
pub mod model;
