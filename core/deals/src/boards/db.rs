//! Every statement behind boards and forecasts.
use super::model::{FigureRow, HomeRow, HomeStatusRow, PastRow, RecordRow, StageAt, StatusTotal};
use crate::deals::{Deal, FIELDS, WORDS, columns, in_home, reach_clause};
use crate::exchange_rates::{home_of_deal, open_at_home, rated, today};
use crate::pipelines::PipelineId;
use chrono::{DateTime, TimeDelta, Utc};
use contacts::Owners;
use fields::RecordKind;
use kernel::{
    Result, Ruled, Tx,
    db::{Clause, Clauses, Field, FromRow, Given, ListQuery, ListSpec, Sql, word_patterns},
    sql,
};
use tokio_postgres::types::Type;

/// How far back closed deals say how likely others are won.
pub(crate) const MEMORY: TimeDelta = TimeDelta::days(730);

const OPEN: &str = "d.deleted_at is null and d.status = 'open'";

/// What open deals add up to. Sums stop where other programs would round.
const FIGURES: ListSpec = ListSpec {
    select: "select d.stage_id as stage, null::date as month, d.currency, d.amount % 100 as rest, count(*) as count, \
        least(sum(d.amount), 9007199254740991)::bigint as amount from deals d",
    id: "d.id",
    always: OPEN,
    fields: FIELDS,
    default_sort: "-created_at",
};

/// The same, by the month in which they should be decided.
const MONTHS: ListSpec = ListSpec {
    select: "select d.stage_id as stage, date_trunc('month', d.expected_close)::date as month, d.currency, d.amount % 100 as rest, count(*) as count, \
        least(sum(d.amount), 9007199254740991)::bigint as amount from deals d",
    ..FIGURES
};

/// What open deals of other currencies add up to in the account's own (`$1`, on the day `$2`).
const HOME: ListSpec = ListSpec {
    select: concat!(
        "select d.stage_id as stage, null::date as month, d.currency, x.home % 100 as rest, count(*) as count, \
        least(sum(d.amount), 9007199254740991)::bigint as own, least(sum(x.home), 9007199254740991)::bigint as amount ",
        open_at_home!()
    ),
    always: "d.deleted_at is null and d.status = 'open' and d.currency <> $1",
    ..FIGURES
};

/// The same, by the month in which they should be decided.
const HOME_MONTHS: ListSpec = ListSpec {
    select: concat!(
        "select d.stage_id as stage, date_trunc('month', d.expected_close)::date as month, d.currency, x.home % 100 as rest, count(*) as count, \
        least(sum(d.amount), 9007199254740991)::bigint as own, least(sum(x.home), 9007199254740991)::bigint as amount ",
        open_at_home!()
    ),
    ..HOME
};

/// What deals of every status and of other currencies add up to in the account's own.
const HOME_TOTALS: ListSpec = ListSpec {
    select: concat!(
        "select d.status, d.currency, x.home is not null as known, count(*) as count, \
        least(sum(d.amount), 9007199254740991)::bigint as own, least(sum(x.home), 9007199254740991)::bigint as amount from deals d cross join lateral (select ",
        home_of_deal!(),
        " as home) x"
    ),
    always: "d.deleted_at is null and d.currency <> $1",
    ..FIGURES
};

/// What deals of every status add up to.
const TOTALS: ListSpec = ListSpec {
    select: "select d.status, d.currency, count(*) as count, least(sum(d.amount), 9007199254740991)::bigint as amount from deals d",
    always: "d.deleted_at is null",
    ..FIGURES
};

/// The first cards of each stage: an index has them in their places, so that only those that are shown are read.
const CARDS: ListSpec = ListSpec {
    select: concat!("select ", columns!(), " from pipeline_stages ps cross join lateral (select d.id from deals d"),
    always: "d.deleted_at is null and d.status = 'open' and d.stage_id = ps.id",
    ..FIGURES
};

/// Each deal as it was while it was open, beside what it is today, if it is still there; `since` and `until` say when.
macro_rules! past {
    () => {
        "from (select s.*, 'open' as status from deal_spans s) l left join deals d on d.id = l.deal_id"
    };
}
pub(crate) use past;

/// What deals of the pipeline `$1` that were open at the moment `$2` added up to.
const PAST: ListSpec = ListSpec {
    select: concat!(
        "select l.stage_id as stage, null::date as month, l.currency, l.amount % 100 as rest, count(*) as count, \
        least(sum(l.amount), 9007199254740991)::bigint as amount ",
        past!()
    ),
    id: "l.deal_id",
    always: "l.pipeline_id = $1 and l.since <= $2 and l.until > $2",
    fields: PAST_FIELDS,
    default_sort: "-created_at",
};

/// The first cards of each stage, those that came last first: an index has them in their order, so that little else is read. Where no
/// filter asks for what deals are today, nothing else is read of `d`, and it is not joined.
const PAST_CARDS: ListSpec = ListSpec {
    select: concat!(
        "select c.id, ps.id as stage, (select t.title from deals t where t.id = c.id) as title, c.amount, c.currency, c.expected_close, c.owner, \
         c.stage_since from pipeline_stages ps cross join lateral ( \
         select l.deal_id as id, l.amount, l.currency, l.expected_close, l.owner_id as owner, l.stage_since ",
        past!()
    ),
    always: "ps.pipeline_id = $1 and l.stage_id = ps.id and l.stage_since <= $2 and l.since <= $2 and l.until > $2",
    ..PAST
};

/// What past boards are filtered by: the fields of the list, those that history keeps as they were. Whatever is gone for good fits no
/// filter by what it would be today.
pub(crate) const PAST_FIELDS: &[Field] = &past_fields();

const fn past_fields() -> [Field; FIELDS.len()] {
    let (mut fields, mut i) = ([FIELDS[0]; FIELDS.len()], 0);
    while i < FIELDS.len() {
        fields[i] = FIELDS[i];
        match FIELDS[i].name.as_bytes() {
            b"pipeline" => fields[i].sql = "l.pipeline_id",
            b"stage" => fields[i].sql = "l.stage_id",
            b"status" => fields[i].sql = "l.status",
            b"amount" => fields[i].sql = "l.amount",
            b"currency" => fields[i].sql = "l.currency",
            b"expected_close" => fields[i].sql = "l.expected_close",
            b"owner" => fields[i].sql = "l.owner_id",
            b"stage_since" => fields[i].sql = "l.stage_since",
            _ => {}
        }
        i += 1;
    }
    fields
}

/// What is asked for: words and filters of the list of deals.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Words that each deal or one of its contacts holds.
    pub words: String,
    /// `field:op:value`.
    pub filter: Vec<String>,
}

impl Wish {
    /// From what a request says.
    pub fn of(q: Option<String>, filter: Vec<String>) -> Self {
        Wish { words: q.unwrap_or_default().trim().chars().take(100).collect(), filter }
    }
}

/// Rows over the deals that are asked for, of one pipeline when `of` says so.
pub(crate) async fn asked<T: FromRow>(
    tx: &mut Tx,
    (spec, given, tail): (&ListSpec, Vec<Given>, &'static str),
    of: Option<Clause<'_>>,
    wish: &Wish,
    owners: &Owners,
) -> Result<Vec<T>> {
    let mut query = ListQuery { filter: wish.filter.clone(), ..ListQuery::default() };
    // What is read of the past calls its rows `l`.
    let then = spec.id.starts_with("l.");
    let ruled = if then { Ruled::DealsThen } else { Ruled::Deals };
    if then {
        tx.seek().await?;
    }
    let made = query.take_rules(tx, ruled).await?;
    let patterns = word_patterns(&wish.words);
    let mut clauses: Vec<Clause<'_>> = patterns.iter().map(|p| Clause(WORDS, p, Type::TEXT)).collect();
    clauses.extend(reach_clause(owners));
    clauses.extend(of);
    let keyed = fields::find_by(tx, RecordKind::Deal, &query).await?;
    tx.figures(spec, given, tail, &keyed.fields, &keyed.query, Clauses { said: &clauses, made: &made }).await
}

fn of_pipeline(pipeline: &Option<PipelineId>) -> Option<Clause<'_>> {
    pipeline.as_ref().map(|id| Clause("d.pipeline_id = ?", id, Type::UUID))
}

/// Figures of open deals by stage and currency, and by month when it is a forecast.
pub(crate) async fn figures(
    tx: &mut Tx,
    pipeline: Option<PipelineId>,
    wish: &Wish,
    by_month: bool,
    owners: &Owners,
) -> Result<Vec<FigureRow>> {
    let spec = if by_month { &MONTHS } else { &FIGURES };
    asked(tx, (spec, vec![], "group by 1, 2, 3, 4"), of_pipeline(&pipeline), wish, owners).await
}

/// The account's own currency and its day, as statements ask for them.
fn given(tx: &Tx) -> Vec<Given> {
    let home: Given = (Box::new(tx.tenant().currency.clone()), Type::TEXT);
    let day: Given = (Box::new(today(tx)), Type::DATE);
    vec![home, day]
}

/// Figures of open deals of other currencies in the account's own; nothing is asked of deals when no currency of `figures` has a rate.
pub(crate) async fn home_figures(
    tx: &mut Tx,
    pipeline: Option<PipelineId>,
    wish: &Wish,
    figures: &[FigureRow],
    by_month: bool,
    owners: &Owners,
) -> Result<Vec<HomeRow>> {
    let home = tx.tenant().currency.clone();
    let day = today(tx);
    let rated = rated(tx, &foreign(&home, figures), day).await?;
    let mut rows: Vec<HomeRow> = vec![];
    if !rated.is_empty() {
        let (spec, given) = (if by_month { &HOME_MONTHS } else { &HOME }, given(tx));
        rows = asked(tx, (spec, given, "group by 1, 2, 3, 4"), of_pipeline(&pipeline), wish, owners).await?;
    }
    Ok(with_unknown(&home, figures, &rated, rows))
}

/// The currencies of figures that have to be converted, each once.
pub(crate) fn foreign<'a>(home: &str, figures: &'a [FigureRow]) -> Vec<&'a str> {
    let mut currencies: Vec<&str> =
        figures.iter().map(|figure| figure.currency.as_str()).filter(|currency| *currency != home).collect();
    currencies.sort_unstable();
    currencies.dedup();
    currencies
}

/// Converted figures, and beside them those of currencies that have no rate; in one order.
pub(crate) fn with_unknown(
    home: &str,
    figures: &[FigureRow],
    rated: &[String],
    mut rows: Vec<HomeRow>,
) -> Vec<HomeRow> {
    let foreign = figures.iter().filter(|figure| figure.currency != home);
    rows.extend(foreign.filter_map(|figure| HomeRow::unknown(figure, rated)));
    rows.sort_unstable_by(|a, b| {
        (a.stage.0, a.month, &a.currency, a.rest).cmp(&(b.stage.0, b.month, &b.currency, b.rest))
    });
    rows
}

/// Deals of every status and of other currencies in the account's own; nothing is asked when `totals` has no such deal.
pub(super) async fn home_totals(
    tx: &mut Tx,
    wish: &Wish,
    totals: &[StatusTotal],
    owners: &Owners,
) -> Result<Vec<HomeStatusRow>> {
    if totals.iter().all(|total| total.currency == tx.tenant().currency) {
        return Ok(vec![]);
    }
    let given = given(tx);
    asked(tx, (&HOME_TOTALS, given, "group by 1, 2, 3 order by 1, 2, 3"), None, wish, owners).await
}

/// Deals of every status added up by status and currency.
pub(super) async fn totals(tx: &mut Tx, wish: &Wish, owners: &Owners) -> Result<Vec<StatusTotal>> {
    asked(tx, (&TOTALS, vec![], "group by 1, 2 order by 1, 2"), None, wish, owners).await
}

/// The first 50 cards of each stage, from the top.
pub(super) async fn cards(tx: &mut Tx, pipeline: PipelineId, wish: &Wish, owners: &Owners) -> Result<Vec<Deal>> {
    const FIRST: &str = "order by d.rank limit 50) x join deals d on d.id = x.id order by d.stage_id, d.rank, d.id";
    let of = Some(Clause("ps.pipeline_id = ?", &pipeline, Type::UUID));
    let mut cards: Vec<Deal> = asked(tx, (&CARDS, vec![], FIRST), of, wish, owners).await?;
    in_home(tx, &mut cards).await?;
    Ok(cards)
}

/// Stages that a pipeline, or any, has or had at a moment, in order, each with the probability that it had then.
pub(crate) async fn stages_at(tx: &mut Tx, pipeline: Option<PipelineId>, at: DateTime<Utc>) -> Result<Vec<StageAt>> {
    const STAGES: Sql = sql!(
        "select s.id, s.name, coalesce((select h.probability from stage_probabilities h where h.stage_id = s.id and h.until > $2
             order by h.until limit 1), s.probability) as probability, s.requires,
           array(select f.key from custom_fields f where f.id = any(s.requires_custom) and f.archived_at is null and f.deleting_at is null
             order by f.position, f.id) as requires_custom, s.pipeline_id as pipeline
         from pipeline_stages s
         where ($1::uuid is null or s.pipeline_id = $1) and s.created_at <= $2 and (s.removed_at is null or s.removed_at > $2)
         order by s.position, s.id"
    );
    tx.rows(STAGES, &[&pipeline, &at]).await
}

/// What became of the deals that were in each stage, whoever owns them.
pub(crate) async fn records(tx: &mut Tx, pipeline: Option<PipelineId>) -> Result<Vec<RecordRow>> {
    const RECORDS: Sql = sql!(
        "select o.stage_id as stage, sum(o.closed) as closed, sum(o.won) as won from stage_outcomes o
         join pipeline_stages s on s.id = o.stage_id
         where o.closed_on >= $2 and ($1::uuid is null or s.pipeline_id = $1)
         group by o.stage_id having sum(o.closed) > 0"
    );
    let since = (tx.now() - MEMORY).date_naive();
    tx.rows(RECORDS, &[&pipeline, &since]).await
}

/// What open deals of a pipeline added up to at a moment. What the past knows (stage, amount, currency, day and owner) is asked as it
/// was then, anything else as it is today; whoever reaches only some owners' deals sees those that are theirs today.
pub(super) async fn past_figures(
    tx: &mut Tx,
    pipeline: PipelineId,
    at: DateTime<Utc>,
    wish: &Wish,
    owners: &Owners,
) -> Result<Vec<FigureRow>> {
    asked(tx, (&PAST, moment(pipeline, at), "group by 1, 2, 3, 4"), None, wish, owners).await
}

/// The cards of each stage at a moment: the 50 that came last.
pub(super) async fn past_cards(
    tx: &mut Tx,
    pipeline: PipelineId,
    at: DateTime<Utc>,
    wish: &Wish,
    owners: &Owners,
) -> Result<Vec<PastRow>> {
    const FIRST: &str = "order by l.stage_since desc, l.deal_id limit 50) c order by ps.id, c.stage_since desc, c.id";
    asked(tx, (&PAST_CARDS, moment(pipeline, at), FIRST), None, wish, owners).await
}

fn moment(pipeline: PipelineId, at: DateTime<Utc>) -> Vec<Given> {
    let pipeline: Given = (Box::new(pipeline), Type::UUID);
    let at: Given = (Box::new(at), Type::TIMESTAMPTZ);
    vec![pipeline, at]
}

/// When the first card came to a pipeline.
pub(super) async fn since(tx: &mut Tx, pipeline: PipelineId) -> Result<Option<DateTime<Utc>>> {
    const SINCE: Sql = sql!("select min(occurred_at) from deal_history where pipeline_id = $1");
    tx.value(SINCE, &[&pipeline]).await
}
