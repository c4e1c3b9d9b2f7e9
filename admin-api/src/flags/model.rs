use chrono::{DateTime, Utc};
use kernel::ids::TenantId;
use poem_openapi::Object;

kernel::row! {
    /// A feature flag.
    #[derive(Object, Debug, Clone)]
    pub struct Flag {
        /// Its name for programs.
        pub key: String,
        /// What it turns on.
        pub description: String,
        /// Whether it is on at all.
        pub enabled: bool,
        /// Share of the tenants that have it, 0 to 100.
        pub percent: i32,
        /// When it was changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// For If-Match.
        pub version: i64,
        /// Tenants about which something of their own was said.
        pub tenants: i64,
    }
}

kernel::row! {
    /// What was said about one tenant.
    #[derive(Object, Debug, Clone)]
    pub struct NamedTenant {
        /// The tenant.
        pub tenant_id: TenantId,
        /// Its name.
        pub name: String,
        /// `agency` or `client`.
        pub kind: Option<String>,
        /// On or off.
        pub enabled: bool,
        /// Since when, UTC.
        pub updated_at: DateTime<Utc>,
    }
}

/// What a flag should be.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct FlagBody {
    /// What it turns on.
    #[oai(default, validator(max_length = 500))]
    pub description: String,
    /// Whether it is on at all.
    pub enabled: bool,
    /// Share of the tenants that have it, 0 to 100.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    pub percent: i32,
}

/// Whether one tenant has a flag, whatever its share says.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct TenantFlag {
    /// On or off; null follows the share again.
    pub enabled: Option<bool>,
}
