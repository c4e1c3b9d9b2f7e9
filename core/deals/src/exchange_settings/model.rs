//! What can be set about rates.
use chrono::{DateTime, NaiveDate, Utc};
use kernel::row;
use poem_openapi::{Object, types::MaybeUndefined};

kernel::word! {
    /// Where rates come from by themselves.
    pub enum RateSource {
        /// From nowhere: people write or import them.
        #[default]
        Nowhere = "none",
        /// The reference rates that the European Central Bank gives out on its working days, around 16:00 in Frankfurt.
        Ecb = "ecb",
    }
}

row! {
    /// Where rates come from by themselves, and how that goes.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ExchangeSettings {
        /// Where they come from.
        pub source: RateSource,
        /// Where the file of the source is fetched instead of from the bank itself.
        pub url: Option<String>,
        /// When it was last fetched, UTC.
        pub fetched_at: Option<DateTime<Utc>>,
        /// The day whose rates those were.
        pub fetched_for: Option<NaiveDate>,
        /// Why the last attempt failed: `unreachable`, `refused`, `unreadable`, or `home_not_listed` when the source has no rate of
        /// the account's own currency.
        pub problem: Option<String>,
        /// When it was last changed, UTC.
        pub updated_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A change: absent fields stay, null empties.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ExchangeSettingsPatch {
    /// Where rates come from by themselves. Those that somebody wrote or imported stay as they are.
    pub source: Option<RateSource>,
    /// Where the file is fetched: http or https, and never an address inside a private network. Null for the bank itself.
    pub url: MaybeUndefined<String>,
}
