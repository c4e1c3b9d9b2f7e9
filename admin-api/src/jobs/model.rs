use chrono::{DateTime, Utc};
use kernel::ids::{JobId, TenantId};
use poem_openapi::Object;

kernel::row! {
    /// A job. Its payload is not shown: it may hold personal data of a tenant.
    #[derive(Object, Debug, Clone)]
    pub struct JobView {
        /// Its id.
        pub id: JobId,
        /// Role name of the tenant; empty for the platform's own.
        pub tenant: String,
        /// The tenant.
        pub tenant_id: Option<TenantId>,
        /// Its name.
        pub tenant_name: Option<String>,
        /// What it does.
        pub kind: String,
        /// `queued`, `running`, `done` or `dead`.
        pub state: String,
        /// How often it was tried.
        pub attempts: i32,
        /// How often it may be tried.
        pub max_attempts: i32,
        /// Not before this moment, UTC.
        pub run_at: DateTime<Utc>,
        /// Why it failed last.
        pub last_error: Option<String>,
        /// When it was enqueued, UTC.
        pub created_at: DateTime<Utc>,
        /// When it ended, UTC.
        pub finished_at: Option<DateTime<Utc>>,
    }
}

kernel::row! {
    /// How one kind of job stands.
    #[derive(Object, Debug, Clone)]
    pub struct Queue {
        /// The kind.
        pub kind: String,
        /// Waiting.
        pub queued: i64,
        /// At work.
        pub running: i64,
        /// Failed for good.
        pub dead: i64,
        /// When the oldest that is due became due, UTC.
        pub oldest_due_at: Option<DateTime<Utc>>,
    }
}
