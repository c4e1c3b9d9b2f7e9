//! What deals add up to.
use crate::deals::{DAYS, Deal, DealId, DealStatus, is_day};
use crate::exchange_rates::{HomeTotal, MAX_MONEY};
use crate::pipelines::{PipelineId, Requirement, StageId};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Error, Result, ids::UserId, row};
use poem_openapi::{Enum, Object};
use std::collections::BTreeMap;

/// Closed deals that a stage needs before what happened weighs its deals.
pub(crate) const SAMPLE: i64 = 5;

/// By what amounts are weighted.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[oai(rename_all = "snake_case")]
pub enum Weigh {
    /// By the probability that somebody set for the stage.
    #[default]
    Configured,
    /// By what became of the tenant's own deals that were in the stage, once at least five of them are closed.
    History,
}

row! {
    /// A stage at some moment.
    #[derive(Debug, Clone)]
    pub(crate) struct StageAt {
        pub id: StageId,
        pub name: String,
        pub probability: i16,
        pub requires: Vec<String>,
        pub requires_custom: Vec<String>,
        pub pipeline: PipelineId,
    }
}

impl StageAt {
    /// What somebody had set for it then.
    pub(crate) fn set(&self) -> (StageId, i16) {
        (self.id, self.probability)
    }
}

row! {
    /// What became of deals that were in a stage.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct RecordRow {
        pub stage: StageId,
        pub closed: i64,
        pub won: i64,
    }
}

row! {
    /// What deals of a stage, month and currency add up to whose amounts have one rest when divided by 100.
    #[derive(Debug, Clone)]
    pub(crate) struct FigureRow {
        pub stage: StageId,
        pub month: Option<NaiveDate>,
        pub currency: String,
        pub rest: i64,
        pub count: i64,
        pub amount: i64,
    }
}

row! {
    /// The same of deals of another currency than the account's own, in that: of those whose amounts in it have one rest. Without a
    /// rate there is neither.
    #[derive(Debug, Clone)]
    pub(crate) struct HomeRow {
        pub stage: StageId,
        pub month: Option<NaiveDate>,
        pub currency: String,
        pub rest: Option<i64>,
        pub count: i64,
        /// In their own currency.
        pub own: i64,
        pub amount: Option<i64>,
    }
}

impl HomeRow {
    /// What deals add up to of whose currency there is no rate; none when it is one of these.
    pub(crate) fn unknown(figure: &FigureRow, rated: &[String]) -> Option<Self> {
        let FigureRow { stage, month, count, amount, .. } = *figure;
        let currency = figure.currency.clone();
        (!rated.contains(&currency)).then_some(Self {
            stage,
            month,
            currency,
            rest: None,
            count,
            own: amount,
            amount: None,
        })
    }
}

row! {
    /// Deals of one status and of another currency, in the account's own; `known` says that there was a rate.
    #[derive(Debug, Clone)]
    pub(crate) struct HomeStatusRow {
        pub status: DealStatus,
        pub currency: String,
        pub known: bool,
        pub count: i64,
        pub own: i64,
        pub amount: Option<i64>,
    }
}

row! {
    /// What deals of one status and currency add up to.
    #[derive(Object, Debug, Clone)]
    pub struct StatusTotal {
        /// Whether they are decided, and how.
        pub status: DealStatus,
        /// ISO 4217.
        pub currency: String,
        /// How many deals.
        pub count: i64,
        /// Their amounts added, in minor units.
        pub amount: i64,
    }
}

/// What deals of one status add up to in the account's own currency.
#[derive(Object, Debug, Clone)]
pub struct StatusHome {
    /// Whether they are decided, and how.
    pub status: DealStatus,
    /// The sum.
    pub total: HomeTotal,
}

/// What chosen deals add up to.
#[derive(Object, Debug, Clone)]
pub struct DealTotals {
    /// By status and currency, in the order of their names.
    pub totals: Vec<StatusTotal>,
    /// By status, in the account's own currency.
    pub home: Vec<StatusHome>,
}

impl DealTotals {
    /// Puts sums of all currencies together.
    pub(crate) fn of(home: &str, totals: Vec<StatusTotal>, foreign: &[HomeStatusRow]) -> Self {
        let mut by: Vec<StatusHome> = vec![];
        for row in &totals {
            if !by.iter().any(|sum| sum.status == row.status) {
                by.push(StatusHome { status: row.status, total: HomeTotal::none(home, None) });
            }
        }
        for sum in &mut by {
            for row in totals.iter().filter(|row| row.status == sum.status && row.currency == home) {
                sum.total.add(&row.currency, row.count, row.amount, Some((row.amount, 0)));
            }
            for row in foreign.iter().filter(|row| row.status == sum.status) {
                sum.total.add(
                    &row.currency,
                    row.count,
                    row.own,
                    row.amount.filter(|_| row.known).map(|amount| (amount, 0)),
                );
            }
        }
        DealTotals { totals, home: by }
    }
}

/// Amounts of one currency.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// ISO 4217.
    pub currency: String,
    /// How many deals.
    pub count: i64,
    /// Their amounts added, in minor units.
    pub amount: i64,
    /// The same, each deal's amount weighted by the probability of its stage and rounded, in minor units.
    pub weighted: i64,
}

/// How likely a deal in a stage is won.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(skip_serializing_if_is_none)]
pub struct Likelihood {
    /// As somebody set it, in percent.
    pub configured: i16,
    /// As it was: won ones among the closed ones that were in the stage, in percent. Absent without any.
    pub history: Option<i16>,
    /// Of how many closed ones, within two years.
    pub sample: i64,
    /// How many of those were won.
    pub won: i64,
    /// What amounts are weighted by here, in percent.
    pub used: i16,
}

/// One stage of a board.
#[derive(Object, Debug, Clone)]
pub struct BoardStage {
    /// Its id.
    pub id: StageId,
    /// What people read.
    pub name: String,
    /// How likely a deal here is won.
    pub probability: Likelihood,
    /// Fields that a deal needs to enter.
    pub requires: Vec<Requirement>,
    /// Keys of the tenant's own fields of deals that it needs too, without those that were put away.
    pub requires_custom: Vec<String>,
    /// How many cards there are.
    pub count: i64,
    /// What they add up to, by currency.
    pub totals: Vec<Total>,
    /// What they add up to in the account's own currency.
    pub home: HomeTotal,
    /// The first 50, from the top.
    pub cards: Vec<Deal>,
}

/// Open deals of a pipeline.
#[derive(Object, Debug, Clone)]
pub struct Board {
    /// The pipeline.
    pub pipeline: PipelineId,
    /// In order.
    pub stages: Vec<BoardStage>,
    /// How many cards there are.
    pub count: i64,
    /// What they add up to, by currency.
    pub totals: Vec<Total>,
    /// What they add up to in the account's own currency.
    pub home: HomeTotal,
}

/// A card as it was. Names are those of today.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct PastCard {
    /// Its id.
    pub id: DealId,
    /// What people call it today; absent when it is gone for good.
    pub title: Option<String>,
    /// What it was worth, in minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// The day on which it should have been decided.
    pub expected_close: Option<NaiveDate>,
    /// The member responsible then.
    pub owner: Option<UserId>,
    /// Since when it was in its stage, UTC.
    pub stage_since: DateTime<Utc>,
}

row! {
    /// A card as it was, with its stage.
    #[derive(Debug, Clone)]
    pub(crate) struct PastRow {
        pub id: DealId,
        pub stage: StageId,
        pub title: Option<String>,
        pub amount: i64,
        pub currency: String,
        pub expected_close: Option<NaiveDate>,
        pub owner: Option<UserId>,
        pub stage_since: DateTime<Utc>,
    }
}

/// One stage of a board as it was.
#[derive(Object, Debug, Clone)]
pub struct PastStage {
    /// Its id.
    pub id: StageId,
    /// What people call it today.
    pub name: String,
    /// How many cards there were.
    pub count: i64,
    /// What they added up to, by currency; weighted by what was set for the stage then.
    pub totals: Vec<Total>,
    /// The 50 that came last, the latest first.
    pub cards: Vec<PastCard>,
}

/// A board as it was.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Replay {
    /// The pipeline.
    pub pipeline: PipelineId,
    /// The moment, UTC.
    pub at: DateTime<Utc>,
    /// When the first card came to the pipeline, UTC; nothing is to be seen before.
    pub since: Option<DateTime<Utc>>,
    /// In today's order.
    pub stages: Vec<PastStage>,
    /// How many cards there were.
    pub count: i64,
    /// What they added up to, by currency.
    pub totals: Vec<Total>,
}

impl Likelihood {
    /// Of a stage, with what became of deals that were in it.
    pub(crate) fn of(configured: i16, record: Option<&RecordRow>, weigh: Weigh) -> Self {
        let (closed, won) = record.map_or((0, 0), |r| (r.closed, r.won));
        let history = (closed > 0).then(|| i16::try_from(share(100, won, closed)).unwrap_or(100));
        let used = match (weigh, history) {
            (Weigh::History, Some(history)) if closed >= SAMPLE => history,
            _ => configured,
        };
        Likelihood { configured, history, sample: closed, won, used }
    }
}

/// `part / whole` of something, rounded half up.
fn share(of: i64, part: i64, whole: i64) -> i64 {
    let (of, part, whole) = (i128::from(of), i128::from(part), i128::from(whole.max(1)));
    i64::try_from((2 * of * part + whole) / (2 * whole)).unwrap_or(i64::MAX)
}

/// Probabilities in force, by stage.
pub(crate) type Chances = BTreeMap<StageId, Likelihood>;

/// What is in force for these stages and what somebody set for them.
pub(crate) fn chances(
    stages: impl IntoIterator<Item = (StageId, i16)>,
    records: &[RecordRow],
    weigh: Weigh,
) -> Chances {
    let of = |(stage, configured): (StageId, i16)| {
        let record = records.iter().find(|record| record.stage == stage);
        (stage, Likelihood::of(configured, record, weigh))
    };
    stages.into_iter().map(of).collect()
}

/// Adds figures up by currency.
pub(crate) fn totals<'a>(figures: impl Iterator<Item = &'a FigureRow>, chances: &Chances) -> Vec<Total> {
    let mut sums: BTreeMap<&str, Total> = BTreeMap::new();
    for figure in figures {
        let none = || Total { currency: figure.currency.clone(), count: 0, amount: 0, weighted: 0 };
        let sum = sums.entry(&figure.currency).or_insert_with(none);
        sum.count += figure.count;
        sum.amount = sum.amount.saturating_add(figure.amount).min(MAX_MONEY);
        sum.weighted = sum.weighted.saturating_add(weighted(figure, chances)).min(MAX_MONEY);
    }
    sums.into_values().collect()
}

/// Adds figures of all currencies up in the account's own.
pub(crate) fn home_total<'a>(
    home: &str,
    figures: impl Iterator<Item = &'a FigureRow>,
    foreign: impl Iterator<Item = &'a HomeRow>,
    chances: &Chances,
) -> HomeTotal {
    let mut sum = HomeTotal::none(home, Some(0));
    for figure in figures.filter(|figure| figure.currency == home) {
        sum.add(home, figure.count, figure.amount, Some((figure.amount, weighted(figure, chances))));
    }
    for row in foreign {
        let converted = row.amount.zip(row.rest).map(|(amount, rest)| {
            let HomeRow { stage, month, count, .. } = *row;
            let figure = FigureRow { stage, month, currency: home.to_owned(), rest, count, amount };
            (amount, weighted(&figure, chances))
        });
        sum.add(&row.currency, row.count, row.own, converted);
    }
    sum
}

/// Each deal's amount weighted and rounded to a minor unit, then added: so however deals are grouped, sums agree. Deals of
/// one rest are all rounded alike, because whole hundreds weigh whole units.
pub(crate) fn weighted(figure: &FigureRow, chances: &Chances) -> i64 {
    let percent = i64::from(chances.get(&figure.stage).map_or(0, |chance| chance.used));
    let hundreds = (figure.amount - figure.count.saturating_mul(figure.rest)) / 100;
    hundreds.saturating_mul(percent).saturating_add(figure.count.saturating_mul(share(figure.rest, percent, 100)))
}

impl Board {
    /// Puts a board together.
    pub(crate) fn of(
        pipeline: PipelineId,
        (stages, chances): (&[StageAt], &Chances),
        (home, figures, foreign): (&str, &[FigureRow], &[HomeRow]),
        mut cards: Vec<Deal>,
    ) -> Self {
        let known = |name: &String| REQUIREMENTS.into_iter().find(|r| r.as_str() == name.as_str());
        let stage = |stage: &StageAt| {
            let here: Vec<&FigureRow> = figures.iter().filter(|f| f.stage == stage.id).collect();
            let (mine, rest) = std::mem::take(&mut cards).into_iter().partition(|card| card.stage == stage.id);
            cards = rest;
            BoardStage {
                id: stage.id,
                name: stage.name.clone(),
                probability: chances
                    .get(&stage.id)
                    .cloned()
                    .unwrap_or_else(|| Likelihood::of(stage.probability, None, Weigh::Configured)),
                requires: stage.requires.iter().filter_map(known).collect(),
                requires_custom: stage.requires_custom.clone(),
                count: here.iter().map(|f| f.count).sum(),
                home: home_total(
                    home,
                    here.iter().copied(),
                    foreign.iter().filter(|row| row.stage == stage.id),
                    chances,
                ),
                totals: totals(here.into_iter(), chances),
                cards: mine,
            }
        };
        let stages = stages.iter().map(stage).collect();
        let count = figures.iter().map(|f| f.count).sum();
        Board {
            pipeline,
            stages,
            count,
            totals: totals(figures.iter(), chances),
            home: home_total(home, figures.iter(), foreign.iter(), chances),
        }
    }
}

const REQUIREMENTS: [Requirement; 7] = [
    Requirement::Amount,
    Requirement::ExpectedClose,
    Requirement::Owner,
    Requirement::Contacts,
    Requirement::Company,
    Requirement::NextStep,
    Requirement::Source,
];

impl Replay {
    /// The moment that is asked for; 422 when no board can have been then.
    pub(crate) fn moment(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        match at {
            Some(at) if !is_day(at.date_naive()) => Err(Error::invalid("/at", "date_range", DAYS)),
            at => Ok(at.unwrap_or(now)),
        }
    }

    /// Puts a past board together.
    pub(crate) fn of(
        (pipeline, at, since): (PipelineId, DateTime<Utc>, Option<DateTime<Utc>>),
        (stages, chances): (&[StageAt], &Chances),
        figures: &[FigureRow],
        cards: &[PastRow],
    ) -> Self {
        let stage = |stage: &StageAt| {
            let here: Vec<&FigureRow> = figures.iter().filter(|f| f.stage == stage.id).collect();
            let cards = cards.iter().filter(|card| card.stage == stage.id).cloned();
            PastStage {
                id: stage.id,
                name: stage.name.clone(),
                count: here.iter().map(|f| f.count).sum(),
                totals: totals(here.into_iter(), chances),
                cards: cards.map(PastCard::from).collect(),
            }
        };
        let stages = stages.iter().map(stage).collect();
        let count = figures.iter().map(|f| f.count).sum();
        Replay { pipeline, at, since, stages, count, totals: totals(figures.iter(), chances) }
    }
}

impl From<PastRow> for PastCard {
    fn from(row: PastRow) -> Self {
        let PastRow { id, title, amount, currency, expected_close, owner, stage_since, .. } = row;
        PastCard { id, title, amount, currency, expected_close, owner, stage_since }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecasts::Forecast;
    use proptest::prelude::*;

    fn stage(n: u128) -> StageId {
        StageId(uuid::Uuid::from_u128(n))
    }

    fn record(closed: i64, won: i64) -> RecordRow {
        RecordRow { stage: stage(0), closed, won }
    }

    #[test]
    fn history_weighs_once_there_is_enough_of_it() {
        let few = Likelihood::of(50, Some(&record(4, 4)), Weigh::History);
        assert_eq!((few.history, few.sample, few.used), (Some(100), 4, 50));
        let many = Likelihood::of(50, Some(&record(8, 3)), Weigh::History);
        assert_eq!((many.history, many.used), (Some(38), 38));
        assert_eq!(Likelihood::of(50, Some(&record(8, 3)), Weigh::Configured).used, 50);
        assert_eq!(Likelihood::of(50, None, Weigh::History).history, None);
    }

    #[test]
    fn a_sum_ends_where_other_programs_would_round() {
        let most = |s| FigureRow {
            stage: stage(s),
            month: None,
            currency: "EUR".into(),
            rest: 0,
            count: 100,
            amount: MAX_MONEY,
        };
        let figures = [most(0), most(1)];
        let sure: Chances = (0..2).map(|s| (stage(s), Likelihood::of(100, None, Weigh::Configured))).collect();
        let sum = &totals(figures.iter(), &sure)[0];
        assert!(sum.count == 200 && sum.amount == MAX_MONEY && sum.weighted <= MAX_MONEY, "{sum:?}");
        let home = home_total("EUR", figures.iter(), [].iter(), &sure);
        assert!(home.amount == MAX_MONEY && home.weighted.is_some_and(|sum| sum <= MAX_MONEY), "{home:?}");
        let forecast = Forecast::of("EUR", &figures, &[], &sure);
        assert_eq!(forecast.months[0].amount, MAX_MONEY);
    }

    proptest! {
        #[test]
        fn however_deals_are_grouped_their_sums_agree(
            deals in prop::collection::vec((0u128..5, 0u32..4, 0usize..3, 0i64..=100_000_000_000_000), 0..60),
            percents in prop::collection::vec(0i16..=100, 5),
        ) {
            // As the statement groups them.
            let mut rows: BTreeMap<(u128, u32, usize, i64), FigureRow> = BTreeMap::new();
            for (s, month, currency, amount) in &deals {
                let row = rows.entry((*s, *month, *currency, amount % 100)).or_insert_with(|| FigureRow {
                    stage: stage(*s),
                    month: NaiveDate::from_ymd_opt(2026, *month, 1),
                    currency: ["EUR", "USD", "JPY"][*currency].into(),
                    rest: amount % 100,
                    count: 0,
                    amount: 0,
                });
                row.count += 1;
                row.amount += amount;
            }
            let figures: Vec<FigureRow> = rows.into_values().collect();
            let of = |s: u128| Likelihood::of(percents[s as usize], None, Weigh::Configured);
            let chances: Chances = (0..5).map(|s| (stage(s), of(s))).collect();
            for (n, currency) in ["EUR", "USD", "JPY"].into_iter().enumerate() {
                let mine = || deals.iter().filter(|(_, _, c, _)| *c == n);
                let each = |(s, _, _, amount): &(u128, u32, usize, i64)| share(*amount, percents[*s as usize].into(), 100);
                let expected = (mine().count() as i64, mine().map(|d| d.3).sum::<i64>(), mine().map(each).sum::<i64>());
                let sum = |totals: &[Total]| totals.iter().filter(|t| t.currency == currency)
                    .fold((0, 0, 0), |a, t| (a.0 + t.count, a.1 + t.amount, a.2 + t.weighted));
                prop_assert_eq!(sum(&totals(figures.iter(), &chances)), expected);
                let stages: Vec<Total> = (0..5).flat_map(|s| totals(figures.iter().filter(|f| f.stage == stage(s)), &chances)).collect();
                prop_assert_eq!(sum(&stages), expected);
                let forecast = Forecast::of(currency, &figures, &[], &chances);
                let home = forecast.home_months.iter().fold((0, 0, 0), |a, m| {
                    (a.0 + m.total.count, a.1 + m.total.amount, a.2 + m.total.weighted.unwrap_or(0))
                });
                prop_assert_eq!(home, expected);
                let whole = &forecast.home;
                prop_assert_eq!((whole.count, whole.amount, whole.weighted), (expected.0, expected.1, Some(expected.2)));
                prop_assert_eq!(sum(&forecast.totals), expected);
                let months = forecast.months.iter().filter(|m| m.currency == currency);
                prop_assert_eq!(months.fold((0, 0, 0), |a, m| (a.0 + m.count, a.1 + m.amount, a.2 + m.weighted)), expected);
            }
        }
    }
}
