//! What a batch is.
use crate::{greetings::GreetingId, occasions::word};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;

kernel::id!(GreetingBatchId, "gba", "What a greeting sends on one day.");

word! {
    /// Whether what a greeting sends on a day goes out.
    pub enum BatchState {
        /// A person has to decide.
        Waiting = "waiting",
        /// It goes out, at nine in the morning where each reader is.
        Approved = "approved",
        /// Somebody decided that it does not.
        Rejected = "rejected",
        /// Nobody decided before the day was over.
        Expired = "expired",
    }
}

row! {
    /// What a greeting sends on one day.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct GreetingBatch {
        /// Its id.
        pub id: GreetingBatchId,
        /// The greeting.
        pub greeting: GreetingId,
        /// What the greeting is called.
        pub greeting_name: String,
        /// The day, in the zone of each reader.
        pub day: NaiveDate,
        /// Whether it goes out.
        pub state: BatchState,
        /// How many contacts were greeted so far; 10000 means 10000 or more.
        pub sent: i64,
        /// How many were left out so far; 10000 means 10000 or more.
        pub skipped: i64,
        /// The member who decided; absent when nobody did.
        pub decided_by: Option<UserId>,
        /// When it was decided, UTC.
        pub decided_at: Option<DateTime<Utc>>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}
