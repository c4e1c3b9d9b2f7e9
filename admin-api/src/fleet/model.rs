use chrono::{DateTime, Utc};
use kernel::ids::TenantId;
use poem_openapi::Object;

kernel::row! {
    /// One tenant's schema.
    #[derive(Object, Debug, Clone)]
    pub struct SchemaView {
        /// The tenant.
        pub tenant_id: TenantId,
        /// Its name; empty while it waits in the pool.
        pub name: String,
        /// The tenant's state.
        pub tenant_state: String,
        /// Version of the schema.
        pub version: i32,
        /// `current`, `pending`, `running` or `failed`.
        pub state: String,
        /// Why its migration failed.
        pub error: Option<String>,
        /// How often it was tried.
        pub attempts: i32,
        /// When its last migration ended, UTC.
        pub finished_at: Option<DateTime<Utc>>,
    }
}

kernel::row! {
    /// How many schemas are where.
    #[derive(Object, Debug, Clone)]
    pub struct FleetGroup {
        /// Version of the schema.
        pub version: i32,
        /// `current`, `pending`, `running` or `failed`.
        pub state: String,
        /// Schemas.
        pub count: i64,
    }
}
