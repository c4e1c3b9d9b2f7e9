//! Contacts that follow a tag which was renamed, merged or deleted. The tag itself is what it became at once; its contacts, which
//! carry names, follow in batches. Until they are through, whoever asks for a tag by its name finds those who carry any name of it,
//! and nobody is given a name that is on its way out.
mod actions;
mod api;
mod db;
mod jobs;
mod model;

pub use actions::tag_names;
pub(crate) use actions::{begin, clear, hurry};
pub(crate) use api::TagRunsApi;
pub use db::hold;
pub(crate) use db::{close, pass_on};
pub(crate) use jobs::FollowTag;
pub(crate) use model::TagRunId;
