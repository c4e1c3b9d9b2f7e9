//! What can be set.
use crate::occasions::{LeapPolicy, Reading};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::row;
use poem_openapi::Object;

row! {
    /// How a tenant reads dates, which feasts it keeps and how people are greeted.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct OccasionSettings {
        /// When dates of 29 February that say nothing else fall in years that have none.
        pub leap_policy: LeapPolicy,
        /// Countries (ISO 3166 alpha-2) whose feasts are shown; see `packs` of the list of feasts.
        pub packs: Vec<String>,
        /// How many days later (at most 2, or earlier) than the calendar of Umm al-Qura days of the Hijri calendar are here,
        /// because the moon is seen later.
        pub hijri_shift: i16,
        /// How many days before an occasion the owner of the contact or company is told, when nothing else is said: each 0 to 90.
        pub notices: Vec<i32>,
        /// Whether nobody is greeted twice on one day: a greeting for somebody's own day counts before one for a feast.
        pub one_a_day: bool,
        /// The last day of which owners were told.
        pub noticed_on: Option<NaiveDate>,
        /// When it was last changed, UTC.
        pub updated_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

impl OccasionSettings {
    /// How dates are read.
    pub(crate) fn reading(&self) -> Reading {
        Reading { leap: self.leap_policy, hijri_shift: i64::from(self.hijri_shift) }
    }
}

/// A change: absent fields stay, lists are replaced as a whole.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct OccasionSettingsPatch {
    /// When dates of 29 February that say nothing else fall in years that have none.
    pub leap_policy: Option<LeapPolicy>,
    /// Countries whose feasts are shown.
    pub packs: Option<Vec<String>>,
    /// How many days later than Umm al-Qura days of the Hijri calendar are, -2 to 2.
    pub hijri_shift: Option<i16>,
    /// How many days before an occasion its owner is told: at most 5, each 0 to 90.
    pub notices: Option<Vec<i32>>,
    /// Whether nobody is greeted twice on one day.
    pub one_a_day: Option<bool>,
}
