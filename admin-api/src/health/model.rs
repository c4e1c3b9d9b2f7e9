use chrono::{DateTime, Utc};
use poem_openapi::Object;

kernel::row! {
    /// How the platform is.
    #[derive(Object, Debug, Clone)]
    pub struct Health {
        /// Agencies that are active.
        pub agencies: i64,
        /// Clients that are active.
        pub clients: i64,
        /// Schemas ready to be claimed.
        pub ready_schemas: i64,
        /// Schemas whose migration failed.
        pub failed_schemas: i64,
        /// Newest schema version of the fleet.
        pub schema_version: i32,
        /// Jobs that are due and wait.
        pub jobs_due: i64,
        /// Jobs that failed for good.
        pub dead_jobs: i64,
        /// Events that are not delivered yet.
        pub events_waiting: i64,
        /// When the oldest of them was recorded, UTC.
        pub oldest_event_at: Option<DateTime<Utc>>,
        /// Mails that wait or are tried again.
        pub mails_waiting: i64,
        /// Connections to this database.
        pub connections: i64,
        /// Size of the database in bytes.
        pub database_bytes: i64,
    }
}
