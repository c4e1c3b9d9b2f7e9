//! What greetings send on a day, and who decided that they do.
pub(crate) mod actions;
mod api;
pub(crate) mod db;
mod model;

pub(crate) use api::GreetingBatchesApi;
