//! Where contacts and deals come from: their source, first and last touch, and campaigns. Each record is read once for all of them.
use super::{By, Count, Sum, When, Whose, home::HomeSum};
use chrono::NaiveDate;
use kernel::{Result, Tx, db::Sql, row, sql};

/// Rows of several groupings, each with the name of its own.
#[derive(Debug, Clone)]
pub(crate) struct Several<T>(Vec<(String, T)>);

impl<T> Several<T> {
    /// Takes those of one grouping, in their order.
    pub fn take(&mut self, by: By) -> Vec<T> {
        self.0.extract_if(.., |(way, _)| way == by.as_str()).map(|(_, row)| row).collect()
    }
}

/// What came in some days.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    /// Contacts made, by source, first and last touch.
    pub contacts: Several<Count>,
    /// Deals made, by these and by first and last campaign.
    pub made: Several<Count>,
    /// Deals closed, by the same.
    pub closed: Several<Sum>,
    /// Won ones in the account's currency, by touches and campaigns.
    pub won: Several<HomeSum>,
}

/// Reads what came in some days, of whose contacts and of whose deals.
pub(crate) async fn read(tx: &mut Tx, when: &When, (people, deals): (&Whose, &Whose)) -> Result<Ways> {
    Ok(Ways {
        contacts: contacts(tx, when, people).await?,
        made: made(tx, when, deals).await?,
        closed: closed(tx, when, deals).await?,
        won: won(tx, when, deals).await?,
    })
}

row! {
    struct CountRow { way: String, key: String, count: i64 }
}

impl From<Vec<CountRow>> for Several<Count> {
    fn from(rows: Vec<CountRow>) -> Self {
        Several(rows.into_iter().map(|row| (row.way, Count { key: row.key, count: row.count })).collect())
    }
}

async fn contacts(tx: &mut Tx, when: &When, whose: &Whose) -> Result<Several<Count>> {
    const CONTACTS: Sql = sql!(
        "select case when grouping(k.source) = 0 then 'source' when grouping(k.first) = 0 then 'first' else 'last' end as way,
           coalesce(k.source, k.first, k.last) as key, count(*) as count
         from (
           select coalesce(c.source, '') as source, coalesce(c.first_touch -> 'utm' ->> 'source', '') as first,
             coalesce(c.last_touch -> 'utm' ->> 'source', '') as last
           from contacts c where c.deleted_at is null and c.created_at >= $1 and c.created_at < $2
             and ($3::uuid[] is null or c.owner_id = any($3)) and ($4::uuid[] is null or c.owner_id = any($4))) k
         group by grouping sets ((k.source), (k.first), (k.last)) order by 3 desc, 2"
    );
    let rows: Vec<CountRow> = tx.rows(CONTACTS, &[&when.start, &when.end, &whose.reach, &whose.only]).await?;
    Ok(rows.into())
}

async fn made(tx: &mut Tx, when: &When, whose: &Whose) -> Result<Several<Count>> {
    const MADE: Sql = sql!(
        "select case when grouping(k.source) = 0 then 'source' when grouping(k.first) = 0 then 'first' when grouping(k.last) = 0 then 'last'
             when grouping(k.first_campaign) = 0 then 'first_campaign' else 'last_campaign' end as way,
           coalesce(k.source, k.first, k.last, k.first_campaign, k.last_campaign) as key, count(*) as count
         from (
           select coalesce(d.source, '') as source, coalesce(d.first_source, '') as first, coalesce(d.last_source, '') as last,
             coalesce(d.first_campaign, '') as first_campaign, coalesce(d.last_campaign, '') as last_campaign
           from deals d where d.deleted_at is null and d.created_at >= $1 and d.created_at < $2 and ($5::uuid is null or d.pipeline_id = $5)
             and ($3::uuid[] is null or d.owner_id = any($3)) and ($4::uuid[] is null or d.owner_id = any($4))) k
         group by grouping sets ((k.source), (k.first), (k.last), (k.first_campaign), (k.last_campaign)) order by 3 desc, 2"
    );
    let Whose { reach, only, pipeline } = whose;
    let rows: Vec<CountRow> = tx.rows(MADE, &[&when.start, &when.end, reach, only, pipeline]).await?;
    Ok(rows.into())
}

row! {
    struct SumRow { way: String, key: String, status: String, currency: String, count: i64, amount: i64 }
}

async fn closed(tx: &mut Tx, when: &When, whose: &Whose) -> Result<Several<Sum>> {
    const CLOSED: Sql = sql!(
        "select case when grouping(k.source) = 0 then 'source' when grouping(k.first) = 0 then 'first' when grouping(k.last) = 0 then 'last'
             when grouping(k.first_campaign) = 0 then 'first_campaign' else 'last_campaign' end as way,
           coalesce(k.source, k.first, k.last, k.first_campaign, k.last_campaign) as key, k.status, k.currency, count(*) as count,
           least(sum(k.amount), 9007199254740991)::bigint as amount
         from (
           select coalesce(d.source, '') as source, coalesce(d.first_source, '') as first, coalesce(d.last_source, '') as last,
             coalesce(d.first_campaign, '') as first_campaign, coalesce(d.last_campaign, '') as last_campaign, d.status, d.currency, d.amount
           from deals d where d.deleted_at is null and d.closed_at >= $1 and d.closed_at < $2 and ($5::uuid is null or d.pipeline_id = $5)
             and ($3::uuid[] is null or d.owner_id = any($3)) and ($4::uuid[] is null or d.owner_id = any($4))) k
         group by k.status, k.currency, grouping sets ((k.source), (k.first), (k.last), (k.first_campaign), (k.last_campaign))
         order by 5 desc, 2, 3, 4"
    );
    let Whose { reach, only, pipeline } = whose;
    let rows: Vec<SumRow> = tx.rows(CLOSED, &[&when.start, &when.end, reach, only, pipeline]).await?;
    let sum = |row: SumRow| {
        let SumRow { way, key, status, currency, count, amount } = row;
        (way, Sum { key, status, currency, count, amount })
    };
    Ok(Several(rows.into_iter().map(sum).collect()))
}

row! {
    struct HomeRow { way: String, key: String, currency: String, count: i64, own: i64, home: Option<i64>, first_on: Option<NaiveDate> }
}

/// As [`super::home::won`] converts them.
async fn won(tx: &mut Tx, when: &When, whose: &Whose) -> Result<Several<HomeSum>> {
    const WON: Sql = sql!(
        "with chosen as materialized (
           select coalesce(d.first_source, '') as first, coalesce(d.last_source, '') as last, coalesce(d.first_campaign, '') as first_campaign,
             coalesce(d.last_campaign, '') as last_campaign, d.currency, d.amount, case when d.currency = $6 then 1 else (
               select r.factor from exchange_rates r where r.home = $6 and r.currency = d.currency
                 and r.valid_from <= coalesce(d.closed_on, (d.closed_at at time zone 'UTC')::date) order by r.valid_from desc limit 1) end as factor
           from deals d where d.deleted_at is null and d.status = 'won' and d.closed_at >= $1 and d.closed_at < $2
             and ($3::uuid[] is null or d.owner_id = any($3)) and ($4::uuid[] is null or d.owner_id = any($4)) and ($5::uuid is null or d.pipeline_id = $5)),
         exact as (select c.first, c.last, c.first_campaign, c.last_campaign, c.currency, c.amount, c.amount * c.factor as exact from chosen c),
         rounded as (
           select e.first, e.last, e.first_campaign, e.last_campaign, e.currency, e.amount, case when e.exact is not null then
             least(case when e.exact - trunc(e.exact) = 0.5 and trunc(e.exact) % 2 = 0 then trunc(e.exact) else round(e.exact) end, 9007199254740991)::bigint end as home
           from exact e)
         select case when grouping(r.first) = 0 then 'first' when grouping(r.last) = 0 then 'last'
             when grouping(r.first_campaign) = 0 then 'first_campaign' else 'last_campaign' end as way,
           coalesce(r.first, r.last, r.first_campaign, r.last_campaign) as key, r.currency, count(*) as count,
           least(sum(r.amount), 9007199254740991)::bigint as own,
           case when count(r.home) > 0 then least(sum(r.home), 9007199254740991)::bigint end as home,
           (select min(x.valid_from) from exchange_rates x where x.home = $6 and x.currency = r.currency) as first_on
         from rounded r group by r.currency, r.home is null, grouping sets ((r.first), (r.last), (r.first_campaign), (r.last_campaign))
         order by 2, 3, 6"
    );
    let home = tx.tenant().currency.clone();
    let Whose { reach, only, pipeline } = whose;
    let rows: Vec<HomeRow> = tx.rows(WON, &[&when.start, &when.end, reach, only, pipeline, &home]).await?;
    let sum = |row: HomeRow| {
        let HomeRow { way, key, currency, count, own, home, first_on } = row;
        (way, HomeSum { key, currency, count, own, home, weighted: None, first_on })
    };
    Ok(Several(rows.into_iter().map(sum).collect()))
}
