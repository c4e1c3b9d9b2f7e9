//! Files of records.
mod actions;
mod api;
mod db;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::{follow_task, seen_clean};
pub(crate) use api::AttachmentsApi;
pub(crate) use jobs::{MakePreview, PurgeAttachment, SweepAttachments};
pub use model::AttachmentId;
pub use personal::{erase_person, export_person};
