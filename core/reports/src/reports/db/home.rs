//! Statements on deals in the account's own currency: each converted by the rate of its day of closing, or of today, and rounded
//! once, halves to even, as the module of deals does. Sums stop where other programs would round; of nothing there is no sum (`least` passes over nulls).
use super::{When, Whose};
use chrono::NaiveDate;
use kernel::{Result, Tx, db::Sql, row, sql};

row! {
    /// Deals of one key and currency; without a rate there is no sum.
    #[derive(Debug, Clone)]
    pub(crate) struct HomeSum {
        pub key: String,
        pub currency: String,
        pub count: i64,
        /// In their own currency.
        pub own: i64,
        /// In the account's.
        pub home: Option<i64>,
        /// Weighted by the probability of their stages; of open deals.
        pub weighted: Option<i64>,
        /// The first day that has a rate, of won deals: those of the days before are what has none.
        pub first_on: Option<NaiveDate>,
    }
}

/// Won deals.
pub(crate) async fn won(tx: &mut Tx, when: &When, whose: &Whose) -> Result<Vec<HomeSum>> {
    const WON: Sql = sql!(
        "with chosen as materialized (
           select d.currency, d.amount, case when d.currency = $6 then 1 else (
               select r.factor from exchange_rates r where r.home = $6 and r.currency = d.currency
                 and r.valid_from <= coalesce(d.closed_on, (d.closed_at at time zone 'UTC')::date) order by r.valid_from desc limit 1) end as factor
           from deals d where d.deleted_at is null and d.status = 'won' and d.closed_at >= $1 and d.closed_at < $2
             and ($3::uuid[] is null or d.owner_id = any($3)) and ($4::uuid[] is null or d.owner_id = any($4)) and ($5::uuid is null or d.pipeline_id = $5)),
         exact as (select c.currency, c.amount, c.amount * c.factor as exact from chosen c),
         rounded as (
           select e.currency, e.amount, case when e.exact is not null then least(case when e.exact - trunc(e.exact) = 0.5
             and trunc(e.exact) % 2 = 0 then trunc(e.exact) else round(e.exact) end, 9007199254740991)::bigint end as home from exact e)
         select '' as key, r.currency, count(*) as count, least(sum(r.amount), 9007199254740991)::bigint as own,
           case when count(r.home) > 0 then least(sum(r.home), 9007199254740991)::bigint end as home, null::bigint as weighted,
           (select min(x.valid_from) from exchange_rates x where x.home = $6 and x.currency = r.currency) as first_on
         from rounded r group by r.currency, r.home is null order by r.currency, 5"
    );
    let home = tx.tenant().currency.clone();
    let Whose { reach, only, pipeline } = whose;
    tx.rows(WON, &[&when.start, &when.end, reach, only, pipeline, &home]).await
}

/// Open deals, by the rates of a day.
pub(crate) async fn open(tx: &mut Tx, whose: &Whose, today: NaiveDate) -> Result<Vec<HomeSum>> {
    const OPEN: Sql = sql!(
        "with chosen as materialized (
           select d.currency, d.amount, t.probability, case when d.currency = $4 then 1 else (
               select r.factor from exchange_rates r where r.home = $4 and r.currency = d.currency and r.valid_from <= $5
               order by r.valid_from desc limit 1) end as factor
           from deals d join pipeline_stages t on t.id = d.stage_id where d.deleted_at is null and d.status = 'open'
             and ($1::uuid[] is null or d.owner_id = any($1)) and ($2::uuid[] is null or d.owner_id = any($2)) and ($3::uuid is null or d.pipeline_id = $3)),
         exact as (select c.currency, c.amount, c.probability, c.amount * c.factor as exact from chosen c),
         rounded as (
           select e.currency, e.amount, e.probability, case when e.exact is not null then least(case when e.exact - trunc(e.exact) = 0.5
             and trunc(e.exact) % 2 = 0 then trunc(e.exact) else round(e.exact) end, 9007199254740991)::bigint end as home from exact e)
         select '' as key, r.currency, count(*) as count, least(sum(r.amount), 9007199254740991)::bigint as own,
           case when count(r.home) > 0 then least(sum(r.home), 9007199254740991)::bigint end as home,
           case when count(r.home) > 0 then least(sum((r.home * r.probability + 50) / 100), 9007199254740991)::bigint end as weighted, null::date as first_on
         from rounded r group by r.currency, r.home is null order by r.currency, 5"
    );
    let home = tx.tenant().currency.clone();
    let Whose { reach, only, pipeline } = whose;
    tx.rows(OPEN, &[reach, only, pipeline, &home, &today]).await
}
