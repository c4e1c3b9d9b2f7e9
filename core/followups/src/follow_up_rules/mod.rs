//! What starts follow-ups.
mod actions;
mod api;
mod db;
mod model;

pub(crate) use actions::follow_stage;
pub(crate) use api::FollowUpRulesApi;
pub(crate) use db::{of_activity, of_contact_stage, of_deal_stage};
pub(crate) use model::{FollowUpRule, FollowUpRuleId, check_title};
