use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use kernel::ids::TenantId;
use poem_openapi::{Enum, Object};
use std::collections::{BTreeMap, BTreeSet};

/// So many months are shown, with the one that runs.
const SHOWN: u32 = 12;

kernel::row! {
    /// What plans brought a month, at the beginning and at the end of it, and why that is not the same. An account counts with the
    /// price of a plan of its own while it is open (neither suspended nor on its way out) and its days to try the plan are over.
    /// `start_minor` + `new_minor` + `expansion_minor` - `contraction_minor` - `lost_minor` = `end_minor`. Who changes the
    /// currency is lost in one and new in the other.
    #[derive(Object, Debug, Clone, PartialEq, Eq)]
    pub struct RevenueMonth {
        /// Its first day, UTC.
        pub month: NaiveDate,
        /// ISO 4217. Amounts are in its minor units, a month.
        pub currency: String,
        /// When it began.
        pub start_minor: i64,
        /// Of accounts that did not pay when it began: new ones, and those that came back.
        pub new_minor: i64,
        /// What others pay more: a larger plan, or a higher price.
        pub expansion_minor: i64,
        /// What others pay less.
        pub contraction_minor: i64,
        /// Of accounts that do not pay any more.
        pub lost_minor: i64,
        /// When it ended; now, for the month that runs.
        pub end_minor: i64,
        /// Accounts that paid when it began.
        pub start_accounts: i64,
        /// Accounts behind `new_minor`.
        pub new_accounts: i64,
        /// Accounts behind `expansion_minor`.
        pub expansion_accounts: i64,
        /// Accounts behind `contraction_minor`.
        pub contraction_accounts: i64,
        /// Accounts behind `lost_minor`; of `start_accounts`, that is the churn.
        pub lost_accounts: i64,
        /// Accounts that paid when it ended.
        pub end_accounts: i64,
        /// Whether it counts accounts by the plan and the price of a later day: from before a history was kept.
        pub assumed: bool,
    }
}

kernel::row! {
    /// An account behind a month's figures.
    #[derive(Object, Debug, Clone)]
    pub struct RevenueAccount {
        /// The account.
        pub tenant_id: TenantId,
        /// Its name; empty for one that was deleted.
        pub name: String,
        /// `agency` or `client`.
        pub kind: Option<String>,
        /// The agency of a client.
        pub parent_name: Option<String>,
        /// ISO 4217. Amounts are in its minor units, a month.
        pub currency: String,
        /// When the month began; 0 for nothing.
        pub before_minor: i64,
        /// When it ended, or now; 0 for nothing.
        pub after_minor: i64,
        /// `new`, `expansion`, `contraction`, `lost`, or `kept` for no change.
        pub change: String,
        /// Whether that is by the plan and the price of a later day: from before a history was kept.
        pub assumed: bool,
    }
}

/// What became of what an account pays.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum Change {
    /// It did not pay when the month began.
    New,
    /// It pays more.
    Expansion,
    /// It pays less.
    Contraction,
    /// It does not pay any more.
    Lost,
    /// It pays the same.
    Kept,
}

impl Change {
    /// As the database says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Expansion => "expansion",
            Change::Contraction => "contraction",
            Change::Lost => "lost",
            Change::Kept => "kept",
        }
    }
}

/// A month of the calendar in UTC, as far as it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub month: NaiveDate,
    /// When it begins.
    pub begins: DateTime<Utc>,
    /// Until when it counts: its end, or just after now.
    pub ends: DateTime<Utc>,
}

impl Month {
    /// The month in which a day is; none that is still to come.
    pub fn of(day: NaiveDate, now: DateTime<Utc>) -> Option<Self> {
        // Nobody paid before, and the database knows fewer years than a date can have.
        let month = day.max(NaiveDate::default()).with_day(1)?;
        let begins = month.and_time(NaiveTime::MIN).and_utc();
        let next = begins.checked_add_months(Months::new(1))?;
        // What happens in this moment counts, as whoever does it and looks expects.
        let ends = next.min(now + TimeDelta::microseconds(1));
        (begins <= now).then_some(Month { month, begins, ends })
    }

    /// The last months, the oldest first.
    pub fn lately(now: DateTime<Utc>) -> Vec<Self> {
        let back = |n| now.date_naive().with_day(1)?.checked_sub_months(Months::new(n));
        (0..SHOWN).rev().filter_map(|n| Month::of(back(n)?, now)).collect()
    }
}

/// Each currency in each month, so that a line has no holes: nothing is a figure too.
pub fn complete(months: &[Month], found: Vec<RevenueMonth>) -> Vec<RevenueMonth> {
    let currencies: BTreeSet<_> = found.iter().map(|m| m.currency.clone()).collect();
    let mut found: BTreeMap<_, _> = found.into_iter().map(|m| ((m.month, m.currency.clone()), m)).collect();
    let all = months.iter().flat_map(|m| currencies.iter().map(|currency| (m.month, currency.clone())));
    all.map(|key| found.remove(&key).unwrap_or_else(|| RevenueMonth::nothing(key))).collect()
}

impl RevenueMonth {
    fn nothing((month, currency): (NaiveDate, String)) -> Self {
        RevenueMonth {
            month,
            currency,
            start_minor: 0,
            new_minor: 0,
            expansion_minor: 0,
            contraction_minor: 0,
            lost_minor: 0,
            end_minor: 0,
            start_accounts: 0,
            new_accounts: 0,
            expansion_accounts: 0,
            contraction_accounts: 0,
            lost_accounts: 0,
            end_accounts: 0,
            assumed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn twelve_months_without_a_hole_end_now(seconds in 40_000_000..4_000_000_000_i64) {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
            let months = Month::lately(now);
            prop_assert_eq!(months.len(), 12);
            prop_assert!(months.windows(2).all(|two| two[0].ends == two[1].begins));
            let last = months[11];
            prop_assert!(last.begins <= now && now < last.ends && last.ends - now == TimeDelta::microseconds(1));
            prop_assert!(months.iter().all(|m| Month::of(m.month, now) == Some(*m)));
        }
    }

    #[test]
    fn a_month_to_come_is_none_and_the_end_of_the_calendar_is_no_end_of_the_program() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(40);
        let march = NaiveDate::from_ymd_opt(1970, 3, 31).unwrap();
        assert_eq!([march, NaiveDate::MAX].map(|day| Month::of(day, now)), [None, None]);
        assert_eq!(Month::of(NaiveDate::MIN, now).map(|month| month.begins), Some(DateTime::UNIX_EPOCH));
    }

    #[test]
    fn a_currency_has_every_month() {
        let months = Month::lately(DateTime::UNIX_EPOCH + TimeDelta::days(400));
        let of = |n: usize, currency: &str| RevenueMonth {
            end_minor: 7,
            ..RevenueMonth::nothing((months[n].month, currency.into()))
        };
        let whole = complete(&months, vec![of(3, "EUR"), of(5, "USD")]);
        assert_eq!(whole.len(), 24);
        assert_eq!(whole.iter().map(|m| m.end_minor).sum::<i64>(), 14);
        assert_eq!((whole[6].currency.as_str(), whole[6].end_minor), ("EUR", 7));
        assert!(complete(&months, vec![]).is_empty());
    }
}
