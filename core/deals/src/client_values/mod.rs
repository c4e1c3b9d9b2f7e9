//! What companies are worth, counted from won deals and kept with them, so that lists sort and filter by it.
mod actions;
mod db;
mod jobs;
mod model;

pub(crate) use actions::{deals_moved, home_changed, rates_changed, recount};
pub(crate) use db::won_items_of_contact;
pub(crate) use jobs::RecountClients;
pub(crate) use model::value_of;
