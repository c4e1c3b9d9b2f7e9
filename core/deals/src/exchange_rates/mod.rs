//! What other currencies are worth in the account's own, from a day on.
mod actions;
mod api;
mod db;
mod decimal;
mod file;
mod model;
mod rates;

pub(crate) use actions::put;
pub(crate) use api::ExchangeRatesApi;
pub(crate) use db::{all_rates, even, home_of_deal, open_at_home, rated, rated_then, rates, then_at_home};
pub(crate) use decimal::{Decimal, MAX_MONEY};
pub(crate) use model::{HomeTotal, RateDraft, RateOrigin};
pub(crate) use rates::Rates;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::Tx;

/// The day that it is for the account.
pub(crate) fn today(tx: &Tx) -> NaiveDate {
    tx.now().with_timezone(&zone(tx)).date_naive()
}

fn zone(tx: &Tx) -> Tz {
    tx.tenant().zone.parse().unwrap_or(Tz::UTC)
}

/// The moment at which the account's clocks show this. What they show twice is meant the first time; what they skip is read with
/// the offset before the change (RFC 5545).
pub(crate) fn moment(tx: &Tx, local: NaiveDateTime) -> DateTime<Utc> {
    let zone = zone(tx);
    zone.from_local_datetime(&local).earliest().map_or_else(
        || {
            let before = zone.from_utc_datetime(&(local - TimeDelta::hours(36)));
            (local - TimeDelta::seconds(i64::from(before.offset().fix().local_minus_utc()))).and_utc()
        },
        |at| at.to_utc(),
    )
}
