//! Boards: what is late, what comes today, within a week, later, and some day.
mod api;
mod db;
mod model;

pub(crate) use api::AgendasApi;
