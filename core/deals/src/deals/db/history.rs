//! What deals were after each change, and what became of those that were closed.
use crate::assignment_rules::Assigned;
use crate::deals::model::{Deal, DealChange, DealId, DealStatus};
use chrono::NaiveDate;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    ids::new_uuid,
    sql,
};
use tokio_postgres::types::Type;

/// Writes a line of history: what the deal is now, and which rule chose its owner. The lines of a deal never go back in time, whatever the servers' clocks
/// say.
pub(in crate::deals) async fn keep(tx: &mut Tx, id: DealId, kind: &str, by: Option<&Assigned>) -> Result<()> {
    const KEEP: Sql = sql!(
        "insert into deal_history (id, deal_id, version, kind, pipeline_id, stage_id, status, amount, currency, expected_close, owner_id,
           is_deleted, stage_since, actor_kind, actor_id, occurred_at, rule_id, rule_mode, rule_open)
         select $2, d.id, d.version, $3, d.pipeline_id, d.stage_id, d.status, d.amount, d.currency, d.expected_close, d.owner_id,
           d.deleted_at is not null, d.stage_since, $4, $5, greatest($6, (select max(h.occurred_at) from deal_history h where h.deal_id = d.id)),
           $7, $8, $9
         from deals d where d.id = $1"
    );
    let (now, actor) = (tx.now(), tx.context().actor);
    let rule = by.map(|by| by.rule);
    let (mode, open) = (by.map(|by| by.mode.as_str()), by.and_then(|by| by.open));
    tx.exec_one(KEEP, &[&id, &new_uuid(now), &kind, &actor.kind.as_str(), &actor.id, &now, &rule, &mode, &open])
        .await?;
    stand(tx, &[id]).await
}

/// Ends how deals stood whose lines of history were just written, and begins how those stand that are open.
pub(super) async fn stand(tx: &mut Tx, deals: &[DealId]) -> Result<()> {
    const END: Sql =
        sql!("update deal_spans set until = greatest($2, since) where deal_id = any($1) and until = 'infinity'");
    const BEGIN: Sql = sql!(
        "insert into deal_spans (deal_id, version, pipeline_id, stage_id, amount, currency, expected_close, owner_id, stage_since, since)
         select h.deal_id, h.version, h.pipeline_id, h.stage_id, h.amount, h.currency, h.expected_close, h.owner_id, h.stage_since, h.occurred_at
         from deals d join deal_history h on h.deal_id = d.id and h.version = d.version
         where d.id = any($1) and h.status = 'open' and not h.is_deleted"
    );
    let now = tx.now();
    tx.exec(END, &[&deals, &now]).await?;
    tx.exec(BEGIN, &[&deals]).await.map(|_| ())
}

/// A closed deal that begins or ceases to say how likely others are won.
#[derive(Debug)]
pub(crate) struct Outcome {
    deal: DealId,
    /// Stages up to this version count: those it had been in when it began to.
    version: i64,
    closed_on: NaiveDate,
    won: bool,
    /// 1 or -1.
    sign: i32,
}

impl Outcome {
    /// A closed deal counts from now on.
    pub fn begins(deal: &Deal) -> Option<Self> {
        Self::of(deal, 1)
    }

    /// A deal that was closed counts no longer, because it is opened again or deleted.
    pub fn ends(deal: &Deal) -> Option<Self> {
        Self::of(deal, -1)
    }

    fn of(deal: &Deal, sign: i32) -> Option<Self> {
        let closed_on = deal.closed_at?.date_naive();
        Some(Outcome { deal: deal.id, version: deal.version, closed_on, won: deal.status == DealStatus::Won, sign })
    }
}

/// Adds outcomes to those of their stages. One statement in one order, after every deal of the transaction is locked: so
/// nobody waits in a circle.
pub(crate) async fn count(tx: &mut Tx, outcomes: &[Outcome]) -> Result<()> {
    const COUNT: Sql = sql!(
        "insert into stage_outcomes as o (stage_id, closed_on, closed, won)
         select h.stage_id, h.closed_on, sum(h.sign), coalesce(sum(h.sign) filter (where h.won), 0) from (
           select distinct n.deal, m.stage_id, n.closed_on, n.won, n.sign
           from unnest($1::uuid[], $2::int8[], $3::date[], $4::bool[], $5::int4[]) as n(deal, version, closed_on, won, sign)
           join deal_history m on m.deal_id = n.deal and m.version <= n.version
           join pipeline_stages s on s.id = m.stage_id) h
         group by h.stage_id, h.closed_on order by h.stage_id, h.closed_on
         on conflict (stage_id, closed_on) do update set closed = o.closed + excluded.closed, won = o.won + excluded.won"
    );
    if outcomes.is_empty() {
        return Ok(());
    }
    let deals: Vec<DealId> = outcomes.iter().map(|o| o.deal).collect();
    let versions: Vec<i64> = outcomes.iter().map(|o| o.version).collect();
    let days: Vec<NaiveDate> = outcomes.iter().map(|o| o.closed_on).collect();
    let won: Vec<bool> = outcomes.iter().map(|o| o.won).collect();
    let signs: Vec<i32> = outcomes.iter().map(|o| o.sign).collect();
    tx.exec(COUNT, &[&deals, &versions, &days, &won, &signs]).await.map(|_| ())
}

const HISTORY: ListSpec = ListSpec {
    select: "select h.version, h.kind, h.pipeline_id as pipeline, h.stage_id as stage, \
        (select s.name from pipeline_stages s where s.id = h.stage_id) as stage_name, h.status, h.amount, h.currency, h.expected_close, \
        h.owner_id as owner, h.rule_id as rule, (select r.name from assignment_rules r where r.id = h.rule_id) as rule_name, h.rule_mode, \
        h.rule_open, h.stage_since, h.actor_kind, case when h.actor_kind = 'user' then h.actor_id end as actor, h.occurred_at from deal_history h",
    id: "h.id",
    always: "",
    fields: &[
        Field { name: "version", sql: "h.version", kind: FieldKind::Int, sort: Some("h.version") },
        Field { name: "kind", sql: "h.kind", kind: FieldKind::Text, sort: None },
        Field { name: "occurred_at", sql: "h.occurred_at", kind: FieldKind::Time, sort: None },
    ],
    default_sort: "-version",
};

/// What a deal was after each change.
pub(in crate::deals) async fn history(tx: &mut Tx, id: DealId, query: &ListQuery) -> Result<Page<DealChange>> {
    tx.list(&HISTORY, query, &[Clause("h.deal_id = ?", &id, Type::UUID)]).await
}
