//! What open deals may bring, and what became of what was believed.
use crate::boards::{Chances, FigureRow, HomeRow, Total, home_total, totals, weighted};
use crate::deals::DealId;
use crate::exchange_rates::{HomeTotal, MAX_MONEY};
use crate::pipelines::StageId;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;
use std::collections::BTreeMap;

kernel::word! {
    /// What became of a deal that was open on a past day.
    pub enum Fate {
        /// It is open, and should be decided in the same month still.
        #[default]
        Open = "open",
        /// It is open, and should be decided in another month, or names no day any more.
        Moved = "moved",
        /// Sold.
        Won = "won",
        /// Somebody decided against it.
        Lost = "lost",
        /// Nobody follows it any more.
        Abandoned = "abandoned",
        /// It was deleted.
        Deleted = "deleted",
    }
}

/// A past day, and how far what was believed on it is known.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(skip_serializing_if_is_none)]
pub struct Believed {
    /// The day, in the account's zone.
    pub day: NaiveDate,
    /// The last moment of it, UTC; of a day that goes on the present one.
    pub at: DateTime<Utc>,
    /// When the first deal came to a pipeline, UTC; nothing was believed before. Absent without deals.
    pub since: Option<DateTime<Utc>>,
    /// Since when probabilities of stages and rates of exchange are kept as they were, UTC: before that moment the first ones that are
    /// known count. Absent when they are kept from the beginning. Stages, amounts, days and owners are always those of the day.
    pub exact_since: Option<DateTime<Utc>>,
}

/// Open deals that should be decided in one month, of one currency.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(skip_serializing_if_is_none)]
pub struct ForecastMonth {
    /// Its first day; absent for deals that name no day.
    pub month: Option<NaiveDate>,
    /// ISO 4217.
    pub currency: String,
    /// How many deals.
    pub count: i64,
    /// Their amounts added, in minor units.
    pub amount: i64,
    /// The same, each deal's amount weighted by the probability of its stage and rounded, in minor units.
    pub weighted: i64,
}

/// Open deals that should be decided in one month, in the account's own currency.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(skip_serializing_if_is_none)]
pub struct HomeMonth {
    /// Its first day; absent for deals that name no day.
    pub month: Option<NaiveDate>,
    /// The sum.
    pub total: HomeTotal,
}

/// What open deals may bring.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Forecast {
    /// By month and currency; deals that name no day come last.
    pub months: Vec<ForecastMonth>,
    /// Everything, by currency.
    pub totals: Vec<Total>,
    /// By month in the account's own currency; deals that name no day come last.
    pub home_months: Vec<HomeMonth>,
    /// Everything in the account's own currency.
    pub home: HomeTotal,
    /// When this was believed; absent when it is believed now.
    pub believed: Option<Believed>,
}

row! {
    /// What became of deals that were open on a past day, of those that should be decided in one month, of one currency.
    #[derive(Object, Debug, Clone, PartialEq, Eq)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ForecastOutcome {
        /// The first day of the month in which they should have been decided; absent for deals that named no day.
        pub month: Option<NaiveDate>,
        /// The currency that they had, ISO 4217.
        pub currency: String,
        /// What became of them until now.
        pub fate: Fate,
        /// How many deals.
        pub count: i64,
        /// What they were worth then, added, in minor units.
        pub amount: i64,
    }
}

/// What became of a forecast.
#[derive(Object, Debug, Clone)]
pub struct ForecastOutcomes {
    /// When it was believed.
    pub believed: Believed,
    /// By month and currency, and by what became of the deals; those that named no day come last. Together they are the deals of the
    /// forecast of that day.
    pub outcomes: Vec<ForecastOutcome>,
}

row! {
    /// A deal of a past forecast: what it was on that day, and what it is now.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ForecastDeal {
        /// Its id.
        pub id: DealId,
        /// What people call it today; absent when it is gone for good.
        pub title: Option<String>,
        /// The stage in which it was.
        pub stage: StageId,
        /// What that stage is or was called; absent when its pipeline is gone.
        pub stage_name: Option<String>,
        /// What it was worth, in minor units.
        pub amount: i64,
        /// ISO 4217.
        pub currency: String,
        /// The day on which it should have been decided.
        pub expected_close: Option<NaiveDate>,
        /// The member responsible then.
        pub owner: Option<UserId>,
        /// What became of it until now.
        pub fate: Fate,
        /// What it is worth today, in minor units of `currency_now`; absent when it is gone for good.
        pub amount_now: Option<i64>,
        /// ISO 4217.
        pub currency_now: Option<String>,
        /// The day on which it should be decided today.
        pub expected_close_now: Option<NaiveDate>,
        /// The day on which it was closed, in the account's zone.
        pub closed_on: Option<NaiveDate>,
    }
}

row! {
    /// What somebody had set for a stage.
    #[derive(Debug, Clone, Copy)]
    pub(super) struct SetRow {
        pub stage: StageId,
        pub probability: i16,
    }
}

impl Forecast {
    /// Adds figures up by month and currency.
    pub(crate) fn of(home: &str, figures: &[FigureRow], foreign: &[HomeRow], chances: &Chances) -> Self {
        // Without a month comes last.
        let mut months: BTreeMap<(bool, Option<NaiveDate>, &str), ForecastMonth> = BTreeMap::new();
        for figure in figures {
            let (month, currency) = (figure.month, figure.currency.as_str());
            let none = || ForecastMonth { month, currency: currency.to_owned(), count: 0, amount: 0, weighted: 0 };
            let sum = months.entry((month.is_none(), month, currency)).or_insert_with(none);
            sum.count += figure.count;
            sum.amount = sum.amount.saturating_add(figure.amount).min(MAX_MONEY);
            sum.weighted = sum.weighted.saturating_add(weighted(figure, chances)).min(MAX_MONEY);
        }
        let mut home_months: Vec<HomeMonth> = vec![];
        for month in months.values().map(|month| month.month) {
            if home_months.last().is_none_or(|last| last.month != month) {
                let (own, others) =
                    (figures.iter().filter(|f| f.month == month), foreign.iter().filter(|f| f.month == month));
                home_months.push(HomeMonth { month, total: home_total(home, own, others, chances) });
            }
        }
        Forecast {
            months: months.into_values().collect(),
            totals: totals(figures.iter(), chances),
            home_months,
            home: home_total(home, figures.iter(), foreign.iter(), chances),
            believed: None,
        }
    }
}
