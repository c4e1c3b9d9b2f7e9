//! Followers: members who hear of what happens with a contact, a company or a deal.
mod actions;
mod api;
mod db;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::{KINDS, notice};
pub(crate) use api::FollowersApi;
pub(crate) use jobs::TellFollowers;
pub(crate) use personal::{erase, export};
