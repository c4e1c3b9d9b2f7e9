//! Rules that give new deals to members.
mod actions;
mod api;
mod choice;
mod db;
mod model;

pub(crate) use actions::{Assigned, Staff, assign, staff, tell};
pub(crate) use api::AssignmentRulesApi;
pub(crate) use model::{AssignmentMode, AssignmentRuleId, Wanted};
