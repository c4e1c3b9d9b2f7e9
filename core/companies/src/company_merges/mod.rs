//! Several companies become one, and it can be undone.
mod actions;
mod api;
mod choice;
mod db;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::merge;
pub(crate) use api::CompanyMergesApi;
pub use db::merged_into;
pub(crate) use db::{REFERENCES, there};
pub(crate) use jobs::SettleCompanyMerge;
pub(crate) use model::{CompanyMergeId, NewCompanyMerge};
pub(crate) use personal::forget;
