//! Every statement behind forecasts. The present one reads deals; those of past days read what history kept.
use super::model::{Believed, Fate, Forecast, ForecastDeal, ForecastOutcome, SetRow};
use crate::boards::{
    FigureRow, HomeRow, RecordRow, StageAt, Weigh, chances,
    db::{MEMORY, PAST_FIELDS, Wish, asked, figures, foreign, home_figures, past, records, stages_at, with_unknown},
};
use crate::deals::DealId;
use crate::exchange_rates::{moment, rated_then, then_at_home, today};
use crate::exchange_settings;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use contacts::Owners;
use kernel::{
    Error, Result, Tx,
    db::{Given, ListSpec, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;

/// What deals that were open at the moment `$1` added up to, by the month in which they should have been decided.
const FIGURES: ListSpec = ListSpec {
    select: concat!(
        "select l.stage_id as stage, date_trunc('month', l.expected_close)::date as month, l.currency, l.amount % 100 as rest, count(*) as count, \
        least(sum(l.amount), 9007199254740991)::bigint as amount ",
        past!()
    ),
    id: "l.deal_id",
    always: "l.since <= $1 and l.until > $1",
    fields: PAST_FIELDS,
    default_sort: "-created_at",
};

/// What those of other currencies added up to in the account's own (`$2`, on the day `$3`).
const HOME: ListSpec = ListSpec {
    select: concat!(
        "select l.stage_id as stage, date_trunc('month', l.expected_close)::date as month, l.currency, x.home % 100 as rest, count(*) as count, \
        least(sum(l.amount), 9007199254740991)::bigint as own, least(sum(x.home), 9007199254740991)::bigint as amount ",
        past!(),
        " ",
        then_at_home!()
    ),
    always: "l.since <= $1 and l.until > $1 and l.currency <> $2",
    ..FIGURES
};

/// What became of a deal.
macro_rules! fate {
    () => {
        "case when d.id is null or d.deleted_at is not null then 'deleted' when d.status <> 'open' then d.status \
          when date_trunc('month', d.expected_close) is distinct from date_trunc('month', l.expected_close) then 'moved' else 'open' end"
    };
}

/// What became of them.
const OUTCOMES: ListSpec = ListSpec {
    select: concat!(
        "select date_trunc('month', l.expected_close)::date as month, l.currency, ",
        fate!(),
        " as fate, count(*) as count, least(sum(l.amount), 9007199254740991)::bigint as amount ",
        past!()
    ),
    ..FIGURES
};

/// Those of which `$2` became, or any; further ones than the deal `$4` that was worth `$3`.
const DEALS: ListSpec = ListSpec {
    select: concat!(
        "select l.deal_id as id, d.title, l.stage_id as stage, (select s.name from pipeline_stages s where s.id = l.stage_id) as stage_name, \
        l.amount, l.currency, l.expected_close, l.owner_id as owner, ",
        fate!(),
        " as fate, d.amount as amount_now, d.currency as currency_now, d.expected_close as expected_close_now, d.closed_on ",
        past!()
    ),
    always: concat!(
        "l.since <= $1 and l.until > $1 and ($2::text is null or ",
        fate!(),
        " = $2) and ($4::uuid is null or (l.amount, l.deal_id) < ($3, $4))"
    ),
    ..FIGURES
};

/// A day in the account's zone, no later than today, with what is known of it.
pub(super) async fn believed(tx: &mut Tx, day: Option<NaiveDate>) -> Result<Believed> {
    const SINCE: Sql = sql!(
        "select min(f.first) from pipelines p cross join lateral
           (select min(h.occurred_at) as first from deal_history h where h.pipeline_id = p.id) f"
    );
    let (now, today) = (tx.now(), today(tx));
    let day = day.map_or(today, |day| day.min(today).max(DateTime::UNIX_EPOCH.date_naive()));
    let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    let at = (moment(tx, next) - TimeDelta::microseconds(1)).min(now);
    let since = tx.value(SINCE, &[]).await?;
    Ok(Believed { day, at, since, exact_since: exchange_settings::kept_since(tx).await? })
}

/// What open deals may bring.
pub(super) async fn forecast(tx: &mut Tx, wish: &Wish, weigh: Weigh, owners: &Owners) -> Result<Forecast> {
    let stages = stages_at(tx, None, tx.now()).await?;
    let chances = chances(stages.iter().map(StageAt::set), &records(tx, None).await?, weigh);
    let figures = figures(tx, None, wish, true, owners).await?;
    let converted = home_figures(tx, None, wish, &figures, true, owners).await?;
    Ok(Forecast::of(&tx.tenant().currency, &figures, &converted, &chances))
}

/// What was said of it at the end of a day.
pub(super) async fn forecast_then(
    tx: &mut Tx,
    believed: Believed,
    wish: &Wish,
    weigh: Weigh,
    owners: &Owners,
) -> Result<Forecast> {
    let records = match weigh {
        Weigh::History => records_then(tx, believed.at).await?,
        Weigh::Configured => vec![],
    };
    let set = set_then(tx, believed.at).await?;
    let chances = chances(set.iter().map(|row| (row.stage, row.probability)), &records, weigh);
    let figures: Vec<FigureRow> =
        asked(tx, (&FIGURES, vec![at(believed.at)], "group by 1, 2, 3, 4"), None, wish, owners).await?;
    let home = tx.tenant().currency.clone();
    let rated = rated_then(tx, &foreign(&home, &figures), believed.day, believed.at).await?;
    let mut converted: Vec<HomeRow> = vec![];
    if !rated.is_empty() {
        let given: Vec<Given> =
            vec![at(believed.at), (Box::new(home.clone()), Type::TEXT), (Box::new(believed.day), Type::DATE)];
        converted = asked(tx, (&HOME, given, "group by 1, 2, 3, 4"), None, wish, owners).await?;
    }
    let converted = with_unknown(&home, &figures, &rated, converted);
    Ok(Forecast { believed: Some(believed), ..Forecast::of(&home, &figures, &converted, &chances) })
}

/// What became of the deals of a past forecast.
pub(super) async fn outcomes(
    tx: &mut Tx,
    moment: DateTime<Utc>,
    wish: &Wish,
    owners: &Owners,
) -> Result<Vec<ForecastOutcome>> {
    const BY: &str = "group by 1, 2, 3 order by 1 nulls last, 2, 3";
    asked(tx, (&OUTCOMES, vec![at(moment)], BY), None, wish, owners).await
}

/// One page of those deals, the largest amounts first.
pub(super) async fn deals(
    tx: &mut Tx,
    moment: DateTime<Utc>,
    fate: Option<Fate>,
    (limit, cursor): (u32, Option<&str>),
    wish: &Wish,
    owners: &Owners,
) -> Result<Page<ForecastDeal>> {
    const FIRST: &str = "order by l.amount desc, l.deal_id desc limit $5";
    let (amount, deal) = cursor.map(after).transpose()?.unzip();
    let given: Vec<Given> = vec![
        at(moment),
        (Box::new(fate.map(Fate::as_str)), Type::TEXT),
        (Box::new(amount), Type::INT8),
        (Box::new(deal), Type::UUID),
        (Box::new(i64::from(limit) + 1), Type::INT8),
    ];
    let mut items: Vec<ForecastDeal> = asked(tx, (&DEALS, given, FIRST), None, wish, owners).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| format!("{}.{}", last.amount, last.id));
    Ok(Page { items, next_cursor })
}

/// The last deal of the page before, and what it was worth.
fn after(cursor: &str) -> Result<(i64, DealId)> {
    let read = |(amount, deal): (&str, &str)| Some((amount.parse().ok()?, deal.parse().ok()?));
    cursor.split_once('.').and_then(read).ok_or_else(|| {
        Error::bad_request("cursor_invalid", "The cursor is not one of this list. Start again without it.")
    })
}

fn at(moment: DateTime<Utc>) -> Given {
    (Box::new(moment), Type::TIMESTAMPTZ)
}

/// What somebody had set for each stage at a moment; also for stages that are gone.
async fn set_then(tx: &mut Tx, at: DateTime<Utc>) -> Result<Vec<SetRow>> {
    const SET: Sql = sql!(
        "select distinct on (p.stage) p.stage, p.probability from (
           select h.stage_id as stage, h.probability, h.until from stage_probabilities h where h.until > $1
           union all select s.id, s.probability, 'infinity'::timestamptz from pipeline_stages s) p
         order by p.stage, p.until"
    );
    tx.rows(SET, &[&at]).await
}

/// What had become until a moment of the deals that were in each stage, whoever owns them; as `stage_outcomes` counted it then. Only
/// deals that ended in the time that counts are looked at: the lines of a deal never go back in time.
async fn records_then(tx: &mut Tx, at: DateTime<Utc>) -> Result<Vec<RecordRow>> {
    const RECORDS: Sql = sql!(
        "with closed as (
           select l.deal_id, l.version, l.status = 'won' as won from (
             select distinct on (h.deal_id) h.deal_id, h.version, h.status, h.is_deleted from deal_history h
             where h.occurred_at <= $1 and h.deal_id in (
               select e.deal_id from deal_history e where e.kind in ('won', 'lost', 'abandoned')
                 and e.occurred_at >= $2::date::timestamp at time zone 'UTC' and e.occurred_at <= $1)
             order by h.deal_id, h.version desc) l
           where l.status <> 'open' and not l.is_deleted)
         select s.stage, count(*) as closed, count(*) filter (where s.won) as won from (
           select distinct c.deal_id, h.stage_id as stage, c.won from closed c
           join deal_history h on h.deal_id = c.deal_id and h.version <= c.version) s
         group by s.stage"
    );
    let since = (at - MEMORY).date_naive();
    tx.rows(RECORDS, &[&at, &since]).await
}
