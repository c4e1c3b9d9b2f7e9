//! Every statement on rates of exchange.
use super::{
    model::{ExchangeRate, ExchangeRateId, RateDraft, RateOrigin},
    rates::{FactorRow, Rates},
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    ids::new_uuid,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// `e.exact` in whole minor units, halves to even, as `decimal.rs` does; sums stop where other programs would round.
macro_rules! even {
    () => {
        "least(case when e.exact - trunc(e.exact) = 0.5 and trunc(e.exact) % 2 = 0 then trunc(e.exact) else round(e.exact) end, \
            9007199254740991)::bigint"
    };
}
pub(crate) use even;

/// What deals of another currency than the account's (`$1`) are worth in it: by the rate of the day of closing, today's (`$2`)
/// for open ones; each rounded once. None without a rate.
macro_rules! home_of_deal {
    () => {
        concat!(
            "(select ",
            $crate::exchange_rates::even!(),
            " from (select d.amount * r.factor as exact from exchange_rates r where r.home = $1 and r.currency = d.currency \
            and r.valid_from <= coalesce(d.closed_on, (d.closed_at at time zone 'UTC')::date, $2) order by r.valid_from desc limit 1) e)"
        )
    };
}
pub(crate) use home_of_deal;

/// The same of open deals, with one look for the rates of today: `x.home` of each deal `d` whose currency has one. Nothing but
/// currency and amount is asked of a deal, so that an index may answer alone.
macro_rules! open_at_home {
    () => {
        concat!(
            "from deals d join (select distinct on (r.currency) r.currency as code, r.factor from exchange_rates r where r.home = $1 and r.valid_from <= $2 \
            order by r.currency, r.valid_from desc) f on f.code = d.currency cross join lateral (select d.amount * f.factor as exact) e cross join lateral \
            (select ",
            $crate::exchange_rates::even!(),
            " as home) x"
        )
    };
}
pub(crate) use open_at_home;

/// The same for deals as they were, `l`: by the rates of the day `$3` into the currency `$2` as they were known at the moment `$1`.
macro_rules! then_at_home {
    () => {
        concat!(
            "join (select distinct on (r.currency) r.currency as code, r.factor from ( \
              select c.currency, c.valid_from, c.factor from exchange_rates c where c.home = $2 and c.valid_from <= $3 and c.updated_at <= $1 \
              union all select c.currency, c.valid_from, c.factor from exchange_rate_changes c \
                where c.home = $2 and c.valid_from <= $3 and c.since <= $1 and c.until > $1) r \
            order by r.currency, r.valid_from desc) f on f.code = l.currency cross join lateral (select l.amount * f.factor as exact) e \
            cross join lateral (select ",
            $crate::exchange_rates::even!(),
            " as home) x"
        )
    };
}
pub(crate) use then_at_home;

/// Those of these currencies that have a rate into the account's own on a day.
pub(crate) async fn rated(tx: &mut Tx, currencies: &[&str], day: NaiveDate) -> Result<Vec<String>> {
    const RATED: Sql = sql!(
        "select distinct r.currency from exchange_rates r where r.home = $1 and r.currency = any($2) and r.valid_from <= $3"
    );
    let home = tx.tenant().currency.clone();
    if currencies.is_empty() { Ok(vec![]) } else { tx.values(RATED, &[&home, &currencies, &day]).await }
}

/// The same as it was known at a moment.
pub(crate) async fn rated_then(
    tx: &mut Tx,
    currencies: &[&str],
    day: NaiveDate,
    at: DateTime<Utc>,
) -> Result<Vec<String>> {
    const RATED: Sql = sql!(
        "select r.currency from exchange_rates r
         where r.home = $1 and r.currency = any($2) and r.valid_from <= $3 and r.updated_at <= $4
         union select c.currency from exchange_rate_changes c
         where c.home = $1 and c.currency = any($2) and c.valid_from <= $3 and c.since <= $4 and c.until > $4"
    );
    let home = tx.tenant().currency.clone();
    if currencies.is_empty() { Ok(vec![]) } else { tx.values(RATED, &[&home, &currencies, &day, &at]).await }
}

const LIST: ListSpec = ListSpec {
    select: "select r.id, r.currency, r.home, r.valid_from, r.rate::text as rate, r.origin, r.created_at, r.updated_at, r.version from exchange_rates r",
    id: "r.id",
    always: "",
    fields: &[
        Field { name: "currency", sql: "r.currency", kind: FieldKind::Text, sort: None },
        Field { name: "origin", sql: "r.origin", kind: FieldKind::Text, sort: None },
        Field { name: "valid_from", sql: "r.valid_from", kind: FieldKind::Date, sort: Some("r.valid_from") },
    ],
    default_sort: "-valid_from",
};

/// One page of rates into a currency.
pub(super) async fn list(tx: &mut Tx, query: &ListQuery) -> Result<Page<ExchangeRate>> {
    let home = tx.tenant().currency.clone();
    tx.list(&LIST, query, &[Clause("r.home = ?", &home, Type::TEXT)]).await
}

/// The rate.
pub(super) async fn find(tx: &mut Tx, id: ExchangeRateId) -> Result<ExchangeRate> {
    const FIND: Sql = sql!(
        "select r.id, r.currency, r.home, r.valid_from, r.rate::text as rate, r.origin, r.created_at, r.updated_at, r.version
         from exchange_rates r where r.id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// Rates of these currencies into the account's own; nothing is asked when there is no other one.
pub(crate) async fn rates<'a>(tx: &mut Tx, currencies: impl IntoIterator<Item = &'a str>) -> Result<Rates> {
    let home = tx.tenant().currency.clone();
    let mut asked: Vec<&str> = currencies.into_iter().filter(|currency| *currency != home).collect();
    asked.sort_unstable();
    asked.dedup();
    let rows = if asked.is_empty() { vec![] } else { factors(tx, &home, Some(&asked)).await? };
    Ok(Rates::new(home, rows))
}

/// Rates of every currency.
pub(crate) async fn all_rates(tx: &mut Tx) -> Result<Rates> {
    let home = tx.tenant().currency.clone();
    let rows = factors(tx, &home, None).await?;
    Ok(Rates::new(home, rows))
}

async fn factors(tx: &mut Tx, home: &str, of: Option<&[&str]>) -> Result<Vec<FactorRow>> {
    const FACTORS: Sql = sql!(
        "select r.currency, r.valid_from, r.factor::text as factor from exchange_rates r
         where r.home = $1 and ($2::text[] is null or r.currency = any($2)) order by r.currency, r.valid_from"
    );
    tx.rows(FACTORS, &[&home, &of]).await
}

/// A new rate; 409 `rate_exists` when the currency has one of that day.
pub(super) async fn insert(tx: &mut Tx, id: ExchangeRateId, home: &str, draft: &RateDraft) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into exchange_rates (id, currency, home, valid_from, rate, factor, origin, created_at, updated_at)
         values ($1, $2, $3, $4, $5::text::numeric, $6::text::numeric, 'manual', $7, $7)"
    );
    let now = tx.now();
    let (rate, factor) = (draft.rate.to_string(), draft.factor(home).to_string());
    tx.exec_one(INSERT, &[&id, &draft.currency, &home, &draft.valid_from, &rate, &factor, &now])
        .await
        .on_constraint("exchange_rates_currency_key", || {
            Error::conflict("rate_exists", "There is a rate of this currency and day.")
        })
}

/// Writes a rate by hand; what it was is kept.
pub(super) async fn update(tx: &mut Tx, id: ExchangeRateId, home: &str, draft: &RateDraft) -> Result<()> {
    const UPDATE: Sql = sql!(
        "with kept as (
           insert into exchange_rate_changes (home, currency, valid_from, until, since, factor)
           select r.home, r.currency, r.valid_from, greatest($4, r.updated_at), r.updated_at, r.factor from exchange_rates r where r.id = $1
           on conflict do nothing)
         update exchange_rates set rate = $2::text::numeric, factor = $3::text::numeric, origin = 'manual', updated_at = $4, version = version + 1
         where id = $1"
    );
    let now = tx.now();
    let (rate, factor) = (draft.rate.to_string(), draft.factor(home).to_string());
    tx.exec_one(UPDATE, &[&id, &rate, &factor, &now]).await
}

/// Removes a rate; what it was is kept.
pub(super) async fn delete(tx: &mut Tx, id: ExchangeRateId) -> Result<()> {
    const DELETE: Sql = sql!(
        "with kept as (
           insert into exchange_rate_changes (home, currency, valid_from, until, since, factor)
           select r.home, r.currency, r.valid_from, greatest($2, r.updated_at), r.updated_at, r.factor from exchange_rates r where r.id = $1
           on conflict do nothing)
         delete from exchange_rates where id = $1"
    );
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await
}

/// Writes rates of a file or of a source; gives whether each that is different now is new, and keeps what the others were. Rates that
/// somebody wrote or imported are not replaced by those of a source.
pub(super) async fn put(tx: &mut Tx, home: &str, drafts: &[RateDraft], origin: RateOrigin) -> Result<Vec<bool>> {
    const PUT: Sql = sql!(
        "with given as (
           select n.id, n.currency, n.valid_from, n.rate::numeric as rate, n.factor::numeric as factor
           from unnest($1::uuid[], $3::text[], $4::date[], $5::text[], $6::text[]) as n(id, currency, valid_from, rate, factor)),
         kept as (
           insert into exchange_rate_changes (home, currency, valid_from, until, since, factor)
           select r.home, r.currency, r.valid_from, greatest($8, r.updated_at), r.updated_at, r.factor
           from exchange_rates r join given n on n.currency = r.currency and n.valid_from = r.valid_from
           where r.home = $2 and r.rate <> n.rate and ($7 <> 'ecb' or r.origin = 'ecb')
           on conflict do nothing)
         insert into exchange_rates as r (id, currency, home, valid_from, rate, factor, origin, created_at, updated_at)
         select n.id, n.currency, $2, n.valid_from, n.rate, n.factor, $7, $8, $8 from given n
         on conflict (home, currency, valid_from) do update set rate = excluded.rate, factor = excluded.factor, origin = excluded.origin,
           updated_at = excluded.updated_at, version = r.version + 1
         where r.rate <> excluded.rate and (excluded.origin <> 'ecb' or r.origin = 'ecb')
         returning r.version = 1"
    );
    let now = tx.now();
    let ids: Vec<Uuid> = drafts.iter().map(|_| new_uuid(now)).collect();
    let currencies: Vec<&str> = drafts.iter().map(|draft| draft.currency.as_str()).collect();
    let days: Vec<NaiveDate> = drafts.iter().map(|draft| draft.valid_from).collect();
    let rates: Vec<String> = drafts.iter().map(|draft| draft.rate.to_string()).collect();
    let factors: Vec<String> = drafts.iter().map(|draft| draft.factor(home).to_string()).collect();
    tx.values(PUT, &[&ids, &home, &currencies, &days, &rates, &factors, &origin.as_str(), &now]).await
}
