//! How far visitors get with a form.
pub mod api;
pub mod db;
mod export;
pub mod model;
pub mod widget;
