//! Background work of the whole cell: queues, dead letters, retries.
pub mod api;
mod db;
pub mod model;
