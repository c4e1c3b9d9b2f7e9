//! What is said about the hours of a member.
use crate::working_time::WorkingSpan;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;

row! {
    /// When a member works, instead of the tenant's hours: what follows up comes to him within these, and reminders of tasks do as
    /// far as that is before they are due. Days off are those of the tenant, and his absences.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct MemberHours {
        /// Who.
        pub member: UserId,
        /// IANA time zone that the hours are meant in, when it is not that of the tenant's hours.
        pub zone: Option<String>,
        /// The hours of a week, in their order.
        pub spans: Vec<WorkingSpan>,
        /// When they were said first, UTC.
        pub created_at: DateTime<Utc>,
        /// When they were last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}
