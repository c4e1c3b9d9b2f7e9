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
        /// `agency` or `client`; absent while it waits in the pool.
        pub kind: Option<String>,
        /// Name of the schema.
        pub schema_name: String,
        /// The tenant's state.
        pub tenant_state: String,
        /// Since when it is there, UTC.
        pub created_at: DateTime<Utc>,
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
    /// One schema of the map.
    #[derive(Object, Debug, Clone)]
    pub struct SchemaDot {
        /// The tenant.
        pub tenant_id: TenantId,
        /// Its name; empty while it waits in the pool.
        pub name: String,
        /// `agency` or `client`; absent while it waits in the pool.
        pub kind: Option<String>,
        /// The database that holds it.
        pub cell: String,
        /// `current`, `pending`, `running` or `failed`.
        pub state: String,
        /// Why its migration failed.
        pub error: Option<String>,
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
