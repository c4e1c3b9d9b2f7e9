//! Statements on deals. Sums stop where other programs would round.
use super::{By, Count, Sum, When, Whose};
use chrono::NaiveDate;
use deals::{PipelineId, StageId};
use kernel::{Result, Tx, db::Sql, row, sql};

/// Deals made.
pub(crate) async fn made(tx: &mut Tx, by: By, when: &When, whose: &Whose) -> Result<Vec<Count>> {
    const MADE: Sql = sql!(
        "select case $1::text when 'slot' then width_bucket(d.created_at, $2::timestamptz[])::text when 'member' then coalesce(d.owner_id::text, '')
             when 'pipeline' then d.pipeline_id::text else '' end as key, count(*) as count
         from deals d where d.deleted_at is null and d.created_at >= $3 and d.created_at < $4
           and ($5::uuid[] is null or d.owner_id = any($5)) and ($6::uuid[] is null or d.owner_id = any($6)) and ($7::uuid is null or d.pipeline_id = $7)
         group by 1 order by 2 desc, 1"
    );
    let Whose { reach, only, pipeline } = whose;
    tx.rows(MADE, &[&by.as_str(), &when.slots, &when.start, &when.end, reach, only, pipeline]).await
}

/// Deals closed.
pub(crate) async fn closed(tx: &mut Tx, by: By, when: &When, whose: &Whose) -> Result<Vec<Sum>> {
    const CLOSED: Sql = sql!(
        "select case $1::text when 'slot' then width_bucket(d.closed_at, $2::timestamptz[])::text when 'member' then coalesce(d.owner_id::text, '')
             when 'source' then coalesce(d.source, '') when 'pipeline' then d.pipeline_id::text when 'reason' then coalesce(d.reason, '') else '' end as key,
           d.status, d.currency, count(*) as count, least(sum(d.amount), 9007199254740991)::bigint as amount
         from deals d where d.deleted_at is null and d.closed_at >= $3 and d.closed_at < $4
           and ($5::uuid[] is null or d.owner_id = any($5)) and ($6::uuid[] is null or d.owner_id = any($6)) and ($7::uuid is null or d.pipeline_id = $7)
         group by 1, 2, 3 order by 4 desc, 1, 2, 3"
    );
    let Whose { reach, only, pipeline } = whose;
    tx.rows(CLOSED, &[&by.as_str(), &when.slots, &when.start, &when.end, reach, only, pipeline]).await
}

row! {
    /// Open deals of a stage and currency; a stage without any has one row without a currency.
    #[derive(Debug, Clone)]
    pub(crate) struct OpenRow {
        pub pipeline: PipelineId,
        pub pipeline_name: String,
        pub stage: StageId,
        pub name: String,
        pub currency: Option<String>,
        pub count: i64,
        pub amount: i64,
        pub weighted: i64,
    }
}

/// Open deals by stage and currency: each weighted by the probability of its stage and rounded, as boards do.
pub(crate) async fn open(tx: &mut Tx, whose: &Whose) -> Result<Vec<OpenRow>> {
    const OPEN: Sql = sql!(
        "select s.pipeline_id as pipeline, p.name as pipeline_name, s.id as stage, s.name, o.currency, coalesce(o.count, 0) as count,
           coalesce(o.amount, 0) as amount, coalesce(o.weighted, 0) as weighted
         from pipeline_stages s join pipelines p on p.id = s.pipeline_id left join (
           select d.stage_id, d.currency, count(*) as count, least(sum(d.amount), 9007199254740991)::bigint as amount,
             least(sum((d.amount * t.probability + 50) / 100), 9007199254740991)::bigint as weighted
           from deals d join pipeline_stages t on t.id = d.stage_id
           where d.status = 'open' and d.deleted_at is null
             and ($1::uuid[] is null or d.owner_id = any($1)) and ($2::uuid[] is null or d.owner_id = any($2)) and ($3::uuid is null or d.pipeline_id = $3)
           group by d.stage_id, d.currency) o on o.stage_id = s.id
         where (s.removed_at is null or o.stage_id is not null) and ($3::uuid is null or s.pipeline_id = $3)
         order by p.position, p.id, s.position, s.id, o.currency"
    );
    tx.rows(OPEN, &[&whose.reach, &whose.only, &whose.pipeline]).await
}

row! {
    /// Open deals that should be decided in a month.
    #[derive(Debug, Clone)]
    pub(crate) struct MonthRow {
        pub month: Option<NaiveDate>,
        pub currency: String,
        pub count: i64,
        pub amount: i64,
        pub weighted: i64,
    }
}

/// Open deals by the month in which they should be decided.
pub(crate) async fn forecast(tx: &mut Tx, whose: &Whose) -> Result<Vec<MonthRow>> {
    const FORECAST: Sql = sql!(
        "select date_trunc('month', d.expected_close)::date as month, d.currency, count(*) as count,
           least(sum(d.amount), 9007199254740991)::bigint as amount,
           least(sum((d.amount * t.probability + 50) / 100), 9007199254740991)::bigint as weighted
         from deals d join pipeline_stages t on t.id = d.stage_id
         where d.status = 'open' and d.deleted_at is null
           and ($1::uuid[] is null or d.owner_id = any($1)) and ($2::uuid[] is null or d.owner_id = any($2)) and ($3::uuid is null or d.pipeline_id = $3)
         group by 1, 2 order by 1 nulls last, 2"
    );
    tx.rows(FORECAST, &[&whose.reach, &whose.only, &whose.pipeline]).await
}

row! {
    /// How many deals came to a stage or further.
    #[derive(Debug, Clone)]
    pub(crate) struct ReachedRow {
        pub pipeline: PipelineId,
        pub pipeline_name: String,
        pub stage: StageId,
        pub name: String,
        /// Of the pipeline.
        pub all: i64,
        /// That were in this stage or a later one, or were won.
        pub reached: i64,
        /// Of those, that were won.
        pub won: i64,
    }
}

/// How far deals came that were made.
pub(crate) async fn reached_of_made(tx: &mut Tx, when: &When, whose: &Whose) -> Result<Vec<ReachedRow>> {
    const REACHED: Sql = sql!(
        "with chosen as (
           select d.id, d.pipeline_id, d.stage_id, d.status from deals d where d.deleted_at is null and d.created_at >= $1 and d.created_at < $2
             and ($3::uuid[] is null or d.owner_id = any($3)) and ($4::uuid[] is null or d.owner_id = any($4)) and ($5::uuid is null or d.pipeline_id = $5)),
         far as (
           select c.pipeline_id, c.status = 'won' as won, greatest(max(own.position), max(past.position)) as far
           from chosen c join pipeline_stages own on own.id = c.stage_id
           left join deal_history h on h.deal_id = c.id and h.pipeline_id = c.pipeline_id left join pipeline_stages past on past.id = h.stage_id
           group by c.id, c.pipeline_id, c.status),
         sums as (select f.pipeline_id, f.won, f.far, count(*) as count from far f group by 1, 2, 3)
         select s.pipeline_id as pipeline, p.name as pipeline_name, s.id as stage, s.name, sum(f.count)::bigint as all,
           coalesce(sum(f.count) filter (where f.won or f.far >= s.position), 0)::bigint as reached,
           coalesce(sum(f.count) filter (where f.won), 0)::bigint as won
         from pipeline_stages s join pipelines p on p.id = s.pipeline_id join sums f on f.pipeline_id = s.pipeline_id
         where s.removed_at is null group by s.id, s.name, s.position, s.pipeline_id, p.name, p.position
         order by p.position, s.pipeline_id, s.position, s.id"
    );
    tx.rows(REACHED, &[&when.start, &when.end, &whose.reach, &whose.only, &whose.pipeline]).await
}

/// How far deals came that were closed.
pub(crate) async fn reached_of_closed(tx: &mut Tx, when: &When, whose: &Whose) -> Result<Vec<ReachedRow>> {
    const REACHED: Sql = sql!(
        "with chosen as (
           select d.id, d.pipeline_id, d.stage_id, d.status from deals d where d.deleted_at is null and d.closed_at >= $1 and d.closed_at < $2
             and ($3::uuid[] is null or d.owner_id = any($3)) and ($4::uuid[] is null or d.owner_id = any($4)) and ($5::uuid is null or d.pipeline_id = $5)),
         far as (
           select c.pipeline_id, c.status = 'won' as won, greatest(max(own.position), max(past.position)) as far
           from chosen c join pipeline_stages own on own.id = c.stage_id
           left join deal_history h on h.deal_id = c.id and h.pipeline_id = c.pipeline_id left join pipeline_stages past on past.id = h.stage_id
           group by c.id, c.pipeline_id, c.status),
         sums as (select f.pipeline_id, f.won, f.far, count(*) as count from far f group by 1, 2, 3)
         select s.pipeline_id as pipeline, p.name as pipeline_name, s.id as stage, s.name, sum(f.count)::bigint as all,
           coalesce(sum(f.count) filter (where f.won or f.far >= s.position), 0)::bigint as reached,
           coalesce(sum(f.count) filter (where f.won), 0)::bigint as won
         from pipeline_stages s join pipelines p on p.id = s.pipeline_id join sums f on f.pipeline_id = s.pipeline_id
         where s.removed_at is null group by s.id, s.name, s.position, s.pipeline_id, p.name, p.position
         order by p.position, s.pipeline_id, s.position, s.id"
    );
    tx.rows(REACHED, &[&when.start, &when.end, &whose.reach, &whose.only, &whose.pipeline]).await
}

row! {
    /// How long won deals took, in seconds.
    #[derive(Debug, Clone)]
    pub(crate) struct SpeedRow {
        pub key: String,
        pub count: i64,
        pub mean: i64,
        pub median: i64,
    }
}

/// How long won deals took from when they were made until they were closed. Sources besides `sources` are one, whose key is no text.
pub(crate) async fn speed(
    tx: &mut Tx,
    (by, sources): (By, Option<&[&str]>),
    when: &When,
    whose: &Whose,
) -> Result<Vec<SpeedRow>> {
    const SPEED: Sql = sql!(
        "select case $1::text when 'member' then coalesce(d.owner_id::text, '') when 'pipeline' then d.pipeline_id::text
             when 'source' then case when coalesce(d.source, '') = any($7::text[]) then coalesce(d.source, '') else chr(1) end
             else '' end as key, count(*) as count, round(avg(extract(epoch from d.closed_at - d.created_at)))::bigint as mean,
           round(percentile_cont(0.5) within group (order by extract(epoch from d.closed_at - d.created_at)::float8))::bigint as median
         from deals d where d.deleted_at is null and d.status = 'won' and d.closed_at >= $2 and d.closed_at < $3
           and ($4::uuid[] is null or d.owner_id = any($4)) and ($5::uuid[] is null or d.owner_id = any($5)) and ($6::uuid is null or d.pipeline_id = $6)
         group by 1 order by 2 desc, 1"
    );
    let Whose { reach, only, pipeline } = whose;
    tx.rows(SPEED, &[&by.as_str(), &when.start, &when.end, reach, only, pipeline, &sources]).await
}

row! {
    /// How long deals stood in a stage.
    #[derive(Debug, Clone)]
    pub(crate) struct StayRow {
        pub pipeline_name: String,
        pub stage: StageId,
        pub name: String,
        pub count: i64,
        pub mean: i64,
    }
}

/// How long deals that were won stood in each stage, all of a deal's stays in it added, in seconds.
pub(crate) async fn stays(tx: &mut Tx, when: &When, whose: &Whose) -> Result<Vec<StayRow>> {
    const STAYS: Sql = sql!(
        "with chosen as (
           select d.id, d.closed_at from deals d where d.deleted_at is null and d.status = 'won' and d.closed_at >= $1 and d.closed_at < $2
             and ($3::uuid[] is null or d.owner_id = any($3)) and ($4::uuid[] is null or d.owner_id = any($4)) and ($5::uuid is null or d.pipeline_id = $5)),
         lines as (
           select h.deal_id, h.stage_id, h.status = 'open' and not h.is_deleted as stands, h.occurred_at,
             coalesce(lead(h.occurred_at) over (partition by h.deal_id order by h.version), c.closed_at) as until
           from chosen c join deal_history h on h.deal_id = c.id)
         select p.name as pipeline_name, s.id as stage, s.name, count(distinct l.deal_id) as count,
           round(coalesce(sum(extract(epoch from l.until - l.occurred_at)) filter (where l.stands), 0) / count(distinct l.deal_id))::bigint as mean
         from lines l join pipeline_stages s on s.id = l.stage_id join pipelines p on p.id = s.pipeline_id
         group by s.id, s.name, s.position, p.id, p.name, p.position order by p.position, p.id, s.position, s.id"
    );
    tx.rows(STAYS, &[&when.start, &when.end, &whose.reach, &whose.only, &whose.pipeline]).await
}

row! {
    /// The name of a pipeline.
    #[derive(Debug, Clone)]
    pub(crate) struct PipelineName {
        pub id: PipelineId,
        pub name: String,
    }
}

/// Every pipeline, in order.
pub(crate) async fn pipelines(tx: &mut Tx) -> Result<Vec<PipelineName>> {
    const PIPELINES: Sql = sql!("select p.id, p.name from pipelines p order by p.position, p.id");
    tx.rows(PIPELINES, &[]).await
}
