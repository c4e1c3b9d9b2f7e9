//! What visitors sent.
pub mod actions;
pub mod announce;
pub mod api;
pub mod db;
pub mod export;
pub mod model;
pub mod personal;
pub mod widget;
