//! Deals by the hundred: what a bulk run chooses, reads and writes.
use super::{
    super::model::{Deal, DealId},
    DELETED, LIST, Narrow, asked,
};
use crate::pipelines::{StageId, StageRow};
use contacts::Owners;
use kernel::{
    Result, Tx,
    db::{Clause, Clauses, ListQuery, ListSpec, Sql},
    http::Page,
    ids::new_uuid_nth,
    row, sql,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Deals of one list: its filters, what narrows it, and whether those are meant that were deleted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// What narrows it.
    pub narrow: Narrow,
    /// `field:op:value`.
    pub filter: Vec<String>,
    /// Deals that were deleted, instead of the others.
    pub deleted: bool,
    /// Deals that are not meant.
    pub excluded: Vec<DealId>,
}

impl Asked {
    fn spec(&self) -> &'static ListSpec {
        if self.deleted { &DELETED } else { &LIST }
    }

    fn query(&self) -> ListQuery {
        ListQuery { filter: self.filter.clone(), ..ListQuery::default() }
    }
}

/// How many deals in reach are asked for, counted no further than `most`.
pub(crate) async fn count(tx: &mut Tx, wish: &Asked, owners: &Owners, most: u32) -> Result<i64> {
    asked(tx, &wish.query(), &wish.narrow, owners, async |tx, keyed, query, clauses| {
        tx.count_chosen(wish.spec(), keyed, query, clauses, most).await
    })
    .await
}

/// Notes the deals in reach that are asked for as rows of `run`, at most `most`; how many.
pub(crate) async fn note(tx: &mut Tx, run: Uuid, wish: &Asked, owners: &Owners, most: u32) -> Result<i64> {
    const INTO: &str = "insert into deal_bulk_run_rows (run_id, place, deal_id)";
    asked(tx, &wish.query(), &wish.narrow, owners, async |tx, keyed, query, clauses| {
        let but = Clause("d.id <> all(?)", &wish.excluded, Type::UUID_ARRAY);
        let said = [clauses.said, &[but]].concat();
        tx.note_chosen(INTO, run, wish.spec(), keyed, query, Clauses { said: &said, ..clauses }, most).await
    })
    .await
}

/// Deals of these ids, locked until the end of the transaction, all in one order; deleted ones or the others, as far as they are
/// in reach.
pub(crate) async fn lock(tx: &mut Tx, ids: &[DealId], deleted: bool, owners: &Owners) -> Result<Vec<Deal>> {
    const LOCK: Sql = sql!(
        "select d.id from deals d where d.id = any($1) and (d.deleted_at is not null) = $2
           and ($3::uuid[] is null or d.owner_id = any($3)) order by d.id for update"
    );
    const ANY: ListSpec = ListSpec { always: "", default_sort: "created_at", ..LIST };
    let there: Vec<DealId> = tx.values(LOCK, &[&ids, &deleted, owners]).await?;
    let mut all = vec![];
    // A statement of its own: it sees what others did until the locks were had.
    for some in there.chunks(200) {
        let query = ListQuery { limit: Some(200), ..ListQuery::default() };
        let some = some.to_vec();
        let page: Page<Deal> = tx.list(&ANY, &query, &[Clause("d.id = any(?)", &some, Type::UUID_ARRAY)]).await?;
        all.extend(page.items);
    }
    all.sort_unstable_by_key(|deal| deal.id);
    Ok(all)
}

row! {
    struct Home { was: StageId, stage: StageId }
}

/// Where cards of these stages come back to: the stage itself, or the first one of its pipeline when it was taken away.
pub(crate) async fn homes(tx: &mut Tx, stages: &[StageId]) -> Result<HashMap<StageId, StageId>> {
    const HOMES: Sql = sql!(
        "select s.id as was, case when s.removed_at is null then s.id else (
             select f.id from pipeline_stages f where f.pipeline_id = s.pipeline_id and f.removed_at is null order by f.position, f.id limit 1)
           end as stage
         from pipeline_stages s where s.id = any($1)
           and (s.removed_at is null or exists (select from pipeline_stages o where o.pipeline_id = s.pipeline_id and o.removed_at is null))"
    );
    let rows: Vec<Home> = tx.rows(HOMES, &[&stages]).await?;
    Ok(rows.into_iter().map(|home| (home.was, home.stage)).collect())
}

row! {
    struct Held { id: DealId, stage: StageId, rank: String }
}

/// Where deals stand or stood: stage and place.
pub(crate) async fn places_of(tx: &mut Tx, ids: &[DealId]) -> Result<HashMap<DealId, (StageId, String)>> {
    const PLACES: Sql = sql!("select d.id, d.stage_id as stage, d.rank from deals d where d.id = any($1)");
    let rows: Vec<Held> = tx.rows(PLACES, &[&ids]).await?;
    Ok(rows.into_iter().map(|held| (held.id, (held.stage, held.rank))).collect())
}

/// Places that open cards of a stage have, of those that are asked for, and the highest of all; the stage's places are locked.
pub(crate) async fn taken(tx: &mut Tx, stage: StageId, wanted: &[&str]) -> Result<(Vec<String>, Option<String>)> {
    const TAKEN: Sql = sql!(
        "select d.rank from deals d where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null and d.rank = any($2)"
    );
    const TOP: Sql =
        sql!("select min(d.rank) from deals d where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null");
    let taken = if wanted.is_empty() { vec![] } else { tx.values(TAKEN, &[&stage, &wanted]).await? };
    Ok((taken, tx.value::<Option<String>>(TOP, &[&stage]).await?))
}

/// Writes owner, day, custom values, stage, place, end and deletion of locked deals; without a place they keep theirs.
pub(crate) async fn update(tx: &mut Tx, deals: &[(&Deal, Option<&str>)]) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update deals d set owner_id = n.owner_id, expected_close = n.expected_close, custom = n.custom, pipeline_id = n.pipeline_id,
           stage_id = n.stage_id, rank = coalesce(n.rank, d.rank), stage_since = n.stage_since, status = n.status, reason = n.reason,
           reason_note = n.reason_note, closed_at = n.closed_at, closed_on = n.closed_on, deleted_at = n.deleted_at, touched_at = n.touched_at,
           updated_at = $2, version = d.version + 1
         from jsonb_populate_recordset(null::deals, $1) n where d.id = n.id"
    );
    let row = |(deal, rank): &(&Deal, Option<&str>)| {
        json!({
            "id": deal.id.0, "owner_id": deal.owner.map(|owner| owner.0), "expected_close": deal.expected_close, "custom": deal.custom,
            "pipeline_id": deal.pipeline.0, "stage_id": deal.stage.0, "rank": rank, "stage_since": deal.stage_since,
            "status": deal.status.as_str(), "reason": deal.reason, "reason_note": deal.reason_note, "closed_at": deal.closed_at,
            "closed_on": deal.closed_on, "deleted_at": deal.deleted_at, "touched_at": deal.touched_at,
        })
    };
    if deals.is_empty() {
        return Ok(());
    }
    let (rows, now): (Value, _) = (deals.iter().map(row).collect(), tx.now());
    tx.exec(UPDATE, &[&rows, &now]).await.map(|_| ())
}

/// Writes a line of history for each of these deals, what it is now; see [`super::keep`].
pub(crate) async fn keep(tx: &mut Tx, lines: &[(DealId, &str)]) -> Result<()> {
    const KEEP: Sql = sql!(
        "insert into deal_history (id, deal_id, version, kind, pipeline_id, stage_id, status, amount, currency, expected_close, owner_id,
           is_deleted, stage_since, actor_kind, actor_id, occurred_at)
         select n.id, d.id, d.version, n.kind, d.pipeline_id, d.stage_id, d.status, d.amount, d.currency, d.expected_close, d.owner_id,
           d.deleted_at is not null, d.stage_since, $4, $5, greatest($6, (select max(h.occurred_at) from deal_history h where h.deal_id = d.id))
         from unnest($1::uuid[], $2::uuid[], $3::text[]) as n(id, deal, kind) join deals d on d.id = n.deal"
    );
    if lines.is_empty() {
        return Ok(());
    }
    let (now, actor) = (tx.now(), tx.context().actor);
    let ids: Vec<Uuid> = (0..).zip(lines).map(|(n, _)| new_uuid_nth(now, n)).collect();
    let deals: Vec<DealId> = lines.iter().map(|(deal, _)| *deal).collect();
    let kinds: Vec<&str> = lines.iter().map(|(_, kind)| *kind).collect();
    tx.exec(KEEP, &[&ids, &deals, &kinds, &actor.kind.as_str(), &actor.id, &now]).await?;
    super::history::stand(tx, &deals).await
}

/// Every stage of these ids that was not taken away.
pub(crate) async fn stages(tx: &mut Tx, ids: &[StageId]) -> Result<HashMap<StageId, StageRow>> {
    let mut found = HashMap::new();
    for id in ids {
        if let Some(stage) = crate::pipelines::stage(tx, Some(*id), None).await? {
            found.insert(*id, stage);
        }
    }
    Ok(found)
}
