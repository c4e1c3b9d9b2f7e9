//! What is said about retention.
use chrono::{DateTime, Utc};
use contacts::ContactId;
use kernel::row;
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

row! {
    /// How long people are kept with whom nothing happens any more. What else is kept for a time says so where it is: what was
    /// deleted for 30 days, documents of data requests for 7, notifications for 180, files of scheduled reports for 90. The event log
    /// names nobody and is kept.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Retention {
        /// After how many days without anything a contact is erased; absent when none is.
        pub contact_days: Option<i32>,
        /// When this was last changed, UTC; absent when it never was.
        pub updated_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// How long people are kept from now on, as a whole.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewRetention {
    /// After how many days a contact is erased, 90 to 36500; never when absent. It is one that was made and last changed before
    /// them, with whom nobody was in touch since and nobody did anything, who has no open deal and no open task, and is not
    /// under legal hold.
    #[oai(validator(minimum(value = "90"), maximum(value = "36500")))]
    pub contact_days: Option<i32>,
}

/// What would be erased.
#[derive(Object, Debug, Clone)]
pub struct RetentionPreview {
    /// How many contacts would be erased now, as far as they were counted: 10,000 at most.
    pub contacts: i64,
    /// Whether there may be more: `contacts` was as far as counting came.
    pub is_more: bool,
}

/// Where a walk along the contacts, the quietest first, has come to.
#[derive(Serialize, Deserialize, Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Since when nobody was in touch with the last one.
    pub since: DateTime<Utc>,
    pub contact: ContactId,
}
