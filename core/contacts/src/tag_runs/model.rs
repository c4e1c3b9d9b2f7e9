//! What a run is.
use crate::tags::TagId;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;

kernel::id!(TagRunId, "tgr", "Contacts that follow a tag.");

row! {
    /// Contacts that follow a tag which was renamed, merged or deleted. It is there while they do.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct TagRun {
        /// Its id.
        pub id: TagRunId,
        /// What contacts carried, and those carry still that it has not come to.
        pub name: String,
        /// The tag that they carry instead; none when it was deleted.
        pub tag: Option<TagId>,
        /// What that tag is called.
        pub becomes: Option<String>,
        /// Contacts that carried the name when they were counted, deleted ones too; none until then.
        pub total: Option<i64>,
        /// Contacts that have followed.
        pub done: i64,
        /// Who changed the tag.
        pub created_by: Option<UserId>,
        /// When, UTC.
        pub created_at: DateTime<Utc>,
    }
}
