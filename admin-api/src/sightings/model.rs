use chrono::{DateTime, NaiveDate, Utc};
use kernel::ids::TenantId;
use poem_openapi::Object;

kernel::row! {
    /// A day of all widgets.
    #[derive(Object, Debug, Clone)]
    pub struct SightingDay {
        /// The day, UTC.
        pub day: NaiveDate,
        /// How often a widget was shown.
        pub seen: i64,
        /// How often one was refused.
        pub refused: i64,
    }
}

kernel::row! {
    /// A website that asked for a widget and may not have it.
    #[derive(Object, Debug, Clone)]
    pub struct RefusedOrigin {
        /// The website.
        pub origin: String,
        /// The account whose widget it is.
        pub tenant_id: TenantId,
        /// Its name.
        pub tenant: String,
        /// The widget's name.
        pub widget: String,
        /// How often, in the days that were asked for.
        pub count: i64,
        /// When last, UTC.
        pub last_at: DateTime<Utc>,
    }
}

/// Widgets of all accounts, over fourteen days.
#[derive(Object, Debug, Clone)]
pub struct Sightings {
    /// Days on which something was shown or refused, oldest first.
    pub days: Vec<SightingDay>,
    /// Where most was refused; eight websites at most.
    pub refused: Vec<RefusedOrigin>,
}
