//! What a family of companies is.
use crate::companies::CompanyId;
use kernel::row;
use poem_openapi::Object;

/// Most companies below one that are added up.
pub(super) const MOST: i64 = 10_000;

row! {
    /// A company above another one.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct CompanyAbove {
        /// Its id.
        pub id: CompanyId,
        /// Its name; absent when it is deleted or out of reach.
        pub name: Option<String>,
    }
}

row! {
    /// Sums of companies whose values are told in the same currency.
    #[derive(Debug, Clone)]
    pub(super) struct Sums {
        /// None of those of whom nothing was won.
        pub currency: Option<String>,
        /// Companies below the one that is asked about, in reach.
        pub companies: i64,
        /// Those that were looked at, in reach or not.
        pub looked_at: i64,
        pub lifetime_value: i64,
        pub contract_value: i64,
        pub recurring_revenue: i64,
    }
}

/// What a family is worth in one currency.
#[derive(Object, Debug, Clone)]
pub struct CompanyFamilyValue {
    /// The account's own currency when that was counted, ISO 4217.
    pub currency: String,
    /// All money won to date, in minor units.
    pub lifetime_value: i64,
    /// What running services bring in a year, in minor units.
    pub contract_value: i64,
    /// What running services bring in a month, in minor units.
    pub recurring_revenue: i64,
}

/// What a company belongs to, and what belongs to it.
#[derive(Object, Debug, Clone)]
pub struct CompanyFamily {
    /// The companies above it, the highest first.
    pub above: Vec<CompanyAbove>,
    /// How many companies in reach stand below it, at whatever depth.
    pub below: i64,
    /// What the company and those below it in reach are worth together. One line, unless the account's own currency was changed
    /// and some are not counted anew yet; none before anything was won.
    pub values: Vec<CompanyFamilyValue>,
    /// Whether everything below was added up; false beyond 10,000 companies.
    pub complete: bool,
}

impl CompanyFamily {
    pub(super) fn of(above: Vec<CompanyAbove>, sums: Vec<Sums>) -> Self {
        let below = sums.iter().map(|sum| sum.companies).sum();
        let complete = sums.iter().map(|sum| sum.looked_at).sum::<i64>() <= MOST;
        let value = |sum: Sums| {
            let Sums { lifetime_value, contract_value, recurring_revenue, .. } = sum;
            Some(CompanyFamilyValue { currency: sum.currency?, lifetime_value, contract_value, recurring_revenue })
        };
        CompanyFamily { above, below, values: sums.into_iter().filter_map(value).collect(), complete }
    }
}
