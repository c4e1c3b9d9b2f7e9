//! Boards and forecasts: what deals add up to, now and at any moment before.
mod api;
mod db;
mod model;

pub(crate) use api::BoardsApi;
