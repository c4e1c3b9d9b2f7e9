//! Rates as they are asked: what an amount of a day is worth in the account's own currency.
use super::decimal::Decimal;
use chrono::NaiveDate;
use kernel::row;
use std::collections::BTreeMap;

/// Rates of some currencies into the account's own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rates {
    /// The account's own currency, ISO 4217.
    pub home: String,
    /// By currency, from the earliest day on.
    known: BTreeMap<String, Vec<(NaiveDate, Decimal)>>,
}

row! {
    /// What turns minor units of a currency into those of the account's own, from a day on.
    #[derive(Debug, Clone)]
    pub(super) struct FactorRow {
        pub currency: String,
        pub valid_from: NaiveDate,
        pub factor: String,
    }
}

impl Rates {
    /// From rows in the order of currencies and days.
    pub(super) fn new(home: String, rows: Vec<FactorRow>) -> Self {
        let mut known: BTreeMap<String, Vec<(NaiveDate, Decimal)>> = BTreeMap::new();
        for row in rows {
            if let Some(factor) = Decimal::stored(&row.factor) {
                known.entry(row.currency).or_default().push((row.valid_from, factor));
            }
        }
        Rates { home, known }
    }

    /// What turns minor units of a currency into those of the account's own on a day; nothing without a rate.
    pub fn factor(&self, currency: &str, day: NaiveDate) -> Option<Decimal> {
        if currency == self.home {
            return Some(Decimal::ONE);
        }
        let of = self.known.get(currency)?;
        let after = of.partition_point(|(from, _)| *from <= day);
        of.get(after.checked_sub(1)?).map(|(_, factor)| *factor)
    }

    /// An amount of a day in the account's own currency, in minor units; nothing without a rate.
    pub fn home(&self, amount: i64, currency: &str, day: NaiveDate) -> Option<i64> {
        self.factor(currency, day).map(|factor| factor.of(i128::from(amount), 1))
    }

    #[cfg(test)]
    pub fn of_texts(home: &str, rates: &[(&str, &str, &str)]) -> Self {
        let row = |(currency, day, factor): &(&str, &str, &str)| FactorRow {
            currency: (*currency).into(),
            valid_from: day.parse().unwrap(),
            factor: (*factor).into(),
        };
        Rates::new(home.into(), rates.iter().map(row).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_counts_from_its_day_until_the_next_one() {
        let rates = Rates::of_texts("EUR", &[("USD", "2026-01-10", "0.9"), ("USD", "2026-02-01", "0.8")]);
        let on = |day: &str| rates.home(1_000, "USD", day.parse().unwrap());
        assert_eq!((on("2026-01-09"), on("2026-01-10"), on("2026-01-31")), (None, Some(900), Some(900)));
        assert_eq!((on("2026-02-01"), on("2030-01-01")), (Some(800), Some(800)));
        assert_eq!(rates.home(7, "EUR", "1999-01-01".parse().unwrap()), Some(7));
        assert_eq!(rates.home(7, "CHF", "2026-02-01".parse().unwrap()), None);
    }
}
