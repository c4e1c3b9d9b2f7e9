//! Rates of exchange, and totals in the account's own currency.
use super::decimal::{Decimal, MAX_MONEY};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use contacts::Problems;
use kernel::row;
use poem_openapi::Object;
use tenants::tenants::{is_currency, minor_digits};

kernel::id!(ExchangeRateId, "exr", "A rate of exchange, from a day on.");

/// Most rows of an imported file.
pub(crate) const MAX_ROWS: usize = 10_000;

kernel::word! {
    /// Where a rate comes from.
    pub enum RateOrigin {
        /// Somebody wrote it.
        #[default]
        Manual = "manual",
        /// A file.
        Import = "import",
        /// The reference rates of the European Central Bank.
        Ecb = "ecb",
    }
}

row! {
    /// What one unit of a currency is worth, from a day on until the next rate of that currency.
    #[derive(Object, Debug, Clone)]
    pub struct ExchangeRate {
        /// Its id.
        pub id: ExchangeRateId,
        /// The foreign currency, ISO 4217.
        pub currency: String,
        /// The account's own currency when the rate was written, ISO 4217. Rates into another one rest until the account has it
        /// again.
        pub home: String,
        /// The first day on which it counts.
        pub valid_from: NaiveDate,
        /// What one unit of `currency` is worth in units of `home`: a decimal number.
        pub rate: String,
        /// Where it comes from.
        pub origin: RateOrigin,
        /// When it was written, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A new rate into the account's own currency.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewExchangeRate {
    /// The foreign currency, ISO 4217.
    pub currency: String,
    /// What one unit of it is worth in units of the account's currency: a decimal number such as `0.9213`, with at most 8 digits
    /// before and 12 after the point.
    pub rate: String,
    /// The first day on which it counts.
    pub valid_from: NaiveDate,
}

/// A change of a rate.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ExchangeRatePatch {
    /// What one unit is worth.
    pub rate: String,
}

/// Rates of a file.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewRateImport {
    /// CSV with a line of headings: `currency`, `valid_from` (YYYY-MM-DD) and `rate`, in any order; at most 10000 rows.
    pub text: String,
}

/// A row that was not taken.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct RefusedRate {
    /// Its line in the file; the headings are line 1.
    pub line: u64,
    /// Why: `currency_unknown`, `currency_home`, `rate_invalid`, `date_invalid` or `twice`.
    pub code: String,
    /// The same in words.
    pub detail: String,
}

/// What an import did.
#[derive(Object, Debug, Clone, PartialEq, Eq, Default)]
pub struct RateImport {
    /// Rates that are new.
    pub added: u32,
    /// Rates that are different now.
    pub changed: u32,
    /// Rates that were so already.
    pub unchanged: u32,
    /// Rows that were not taken.
    pub refused: Vec<RefusedRate>,
}

/// Deals of a currency that could not be converted.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct MissingRate {
    /// Their currency, ISO 4217.
    pub currency: String,
    /// How many.
    pub count: i64,
    /// What they add up to, in minor units of that currency.
    pub amount: i64,
}

/// Amounts of every currency added up in the account's own: each deal converted by the rate of its moment (the day of its
/// closing, today for open ones), and rounded once, halves to even.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(skip_serializing_if_is_none)]
pub struct HomeTotal {
    /// The account's own currency, ISO 4217.
    pub currency: String,
    /// How many deals are in the sum.
    pub count: i64,
    /// Their amounts added, in minor units.
    pub amount: i64,
    /// The same, each weighted by the probability of its stage and rounded, in minor units; of open deals.
    pub weighted: Option<i64>,
    /// What is not in the sum, because there was no rate.
    pub missing: Vec<MissingRate>,
}

impl HomeTotal {
    /// Nothing yet.
    pub(crate) fn none(home: &str, weighted: Option<i64>) -> Self {
        HomeTotal { currency: home.to_owned(), count: 0, amount: 0, weighted, missing: vec![] }
    }

    /// Adds deals of a currency: what they are worth in the account's own, or that nobody knows.
    pub(crate) fn add(&mut self, currency: &str, count: i64, own: i64, home: Option<(i64, i64)>) {
        match home {
            Some((amount, weighted)) => {
                self.count += count;
                self.amount = self.amount.saturating_add(amount).min(MAX_MONEY);
                self.weighted = self.weighted.map(|sum| sum.saturating_add(weighted).min(MAX_MONEY));
            }
            None => match self.missing.iter_mut().find(|missing| missing.currency == currency) {
                Some(missing) => {
                    missing.count += count;
                    missing.amount = missing.amount.saturating_add(own).min(MAX_MONEY);
                }
                None => self.missing.push(MissingRate { currency: currency.to_owned(), count, amount: own }),
            },
        }
    }
}

/// A rate as it will be stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RateDraft {
    pub currency: String,
    pub valid_from: NaiveDate,
    pub rate: Decimal,
}

impl RateDraft {
    /// 422 names everything that is wrong.
    pub fn checked(new: &NewExchangeRate, home: &str, wrong: &mut Problems) -> Option<Self> {
        let known = is_currency(&new.currency);
        if !known {
            wrong.add("/currency", "currency_unknown", "A code of ISO 4217, for example USD.");
        }
        if new.currency == home {
            wrong.add("/currency", "currency_home", "That is the currency of the account itself.");
        }
        let days = (1970..=9998).contains(&new.valid_from.year());
        if !days {
            wrong.add("/valid_from", "date_invalid", "A day between 1970 and 9998.");
        }
        let rate = Decimal::rate(&new.rate);
        if rate.is_none() {
            wrong.add("/rate", "rate_invalid", RATE_DETAIL);
        }
        let rate = rate.filter(|_| known && days && new.currency != home)?;
        Some(RateDraft { currency: new.currency.clone(), valid_from: new.valid_from, rate })
    }

    /// What turns minor units into minor units.
    pub fn factor(&self, home: &str) -> Decimal {
        let digits = |code| i32::try_from(minor_digits(code)).unwrap_or(2);
        self.rate.shifted(digits(home) - digits(&self.currency))
    }
}

pub(crate) const RATE_DETAIL: &str =
    "A decimal number with a point, for example 0.9213: at most 8 digits before and 12 after it.";
