//! Every statement on deals, their contacts and their history.
pub mod custom;
pub(super) mod extra;
mod history;
pub(crate) mod many;
pub(super) mod sheet;
pub(super) mod words;

pub(crate) use history::{Outcome, count};
pub(super) use history::{history, keep};

use super::{
    attribution::Attribution,
    draft::{Draft, Ending},
    items::DealItem,
    model::{Deal, DealId, DealRole, in_home},
};
use crate::exchange_rates::today;
use crate::pipelines::{PipelineId, StageId, StageRow};
use chrono::{DateTime, NaiveDate, Utc};
use contacts::{ContactId, Owners};
use fields::RecordKind;
use kernel::{
    Error, Result, Ruled, Tx,
    db::{Clause, Clauses, Field, FieldKind, KeyedField, ListQuery, ListSpec, Sql, word_patterns},
    http::Page,
    row, sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// What is read of a deal, of the table `deals d`.
macro_rules! columns {
    () => {
        "d.id, d.title, d.pipeline_id as pipeline, d.stage_id as stage, d.status, d.reason, d.reason_note, d.amount, d.currency, \
         null::bigint as home_amount, ''::text as home_currency, \
         array(select jsonb_build_object('name', i.name, 'quantity', i.quantity, 'unit_price', i.unit_price, 'discount', i.discount, \
           'total', i.total, 'billing', i.billing, 'starts_on', i.starts_on, 'ends_on', i.ends_on) from deal_items i where i.deal_id = d.id order by i.position) as items, \
         d.company_id as company, (select co.name from companies co where co.id = d.company_id and co.deleted_at is null) as company_name, \
         d.expected_close, d.starts_on, d.ends_on, d.owner_id as owner, d.source, d.first_source, d.first_campaign, d.last_source, d.last_campaign, \
         d.description, d.next_step, d.next_step_on, d.custom, \
         array(select jsonb_build_object('contact', dc.contact_id, 'name', c.display_name, 'role', dc.role) from deal_contacts dc \
           join contacts c on c.id = dc.contact_id where dc.deal_id = d.id and c.deleted_at is null order by dc.position, dc.contact_id) as contacts, \
         d.stage_since, d.touched_at, \
         d.touched_at + make_interval(days => (select p.quiet_days::int from pipelines p where p.id = d.pipeline_id)) as quiet_at, \
         d.closed_at, d.closed_on, d.created_at, d.updated_at, d.deleted_at, d.version"
    };
}
pub(crate) use columns;

/// What deals are filtered and sorted by, on lists, boards and forecasts.
pub(crate) const FIELDS: &[Field] = &[
    Field { name: "title", sql: "d.name_key", kind: FieldKind::Folded, sort: Some("d.name_key") },
    Field { name: "pipeline", sql: "d.pipeline_id", kind: FieldKind::Id("pip"), sort: None },
    Field { name: "stage", sql: "d.stage_id", kind: FieldKind::Id("stg"), sort: None },
    Field { name: "place", sql: "d.rank", kind: FieldKind::Text, sort: Some("d.rank") },
    Field { name: "status", sql: "d.status", kind: FieldKind::Text, sort: None },
    Field { name: "reason", sql: "d.reason", kind: FieldKind::Text, sort: None },
    Field { name: "amount", sql: "d.amount", kind: FieldKind::Int, sort: Some("d.amount") },
    Field { name: "currency", sql: "d.currency", kind: FieldKind::Text, sort: None },
    Field {
        name: "expected_close",
        sql: "d.expected_close",
        kind: FieldKind::Date,
        sort: Some("coalesce(d.expected_close, date '9999-12-31')"),
    },
    Field { name: "owner", sql: "d.owner_id", kind: FieldKind::Id("usr"), sort: None },
    Field { name: "company", sql: "d.company_id", kind: FieldKind::Id("com"), sort: None },
    Field { name: "source", sql: "d.source", kind: FieldKind::Text, sort: None },
    Field { name: "first_source", sql: "d.first_source", kind: FieldKind::Text, sort: None },
    Field { name: "first_campaign", sql: "d.first_campaign", kind: FieldKind::Text, sort: None },
    Field { name: "last_source", sql: "d.last_source", kind: FieldKind::Text, sort: None },
    Field { name: "last_campaign", sql: "d.last_campaign", kind: FieldKind::Text, sort: None },
    Field { name: "next_step_on", sql: "d.next_step_on", kind: FieldKind::Date, sort: None },
    Field { name: "stage_since", sql: "d.stage_since", kind: FieldKind::Time, sort: Some("d.stage_since") },
    Field { name: "touched_at", sql: "d.touched_at", kind: FieldKind::Time, sort: None },
    Field { name: "starts_on", sql: "d.starts_on", kind: FieldKind::Date, sort: None },
    Field { name: "ends_on", sql: "d.ends_on", kind: FieldKind::Date, sort: None },
    Field { name: "closed_on", sql: "d.closed_on", kind: FieldKind::Date, sort: None },
    Field { name: "closed_at", sql: "d.closed_at", kind: FieldKind::Time, sort: None },
    Field { name: "created_at", sql: "d.created_at", kind: FieldKind::Time, sort: Some("d.created_at") },
    Field { name: "updated_at", sql: "d.updated_at", kind: FieldKind::Time, sort: Some("d.updated_at") },
    Field { name: "deleted_at", sql: "d.deleted_at", kind: FieldKind::Time, sort: Some("d.deleted_at") },
];

/// Deals that are not deleted.
pub(super) const LIST: ListSpec = ListSpec {
    select: concat!("select ", columns!(), " from deals d"),
    id: "d.id",
    always: "d.deleted_at is null",
    fields: FIELDS,
    default_sort: "-created_at",
};

/// Deals that can still be restored.
pub(super) const DELETED: ListSpec =
    ListSpec { always: "d.deleted_at is not null", default_sort: "-deleted_at", ..LIST };

/// Deals that hold a word, or whose company or contacts do.
pub(crate) const WORDS: &str = "d.search like fold(?)";

/// Holds for deals in reach.
pub(crate) fn reach_clause(owners: &Owners) -> Option<Clause<'_>> {
    owners.as_ref().map(|owners| Clause("d.owner_id = any(?)", owners, Type::UUID_ARRAY))
}

/// What narrows a list of deals besides its filters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Narrow {
    /// Words that each deal or one of its contacts holds.
    pub words: String,
    /// A contact that is on each.
    pub contact: Option<ContactId>,
    /// A stage to which each came: it was in this one or a later one of its pipeline, or was won.
    pub reached: Option<StageId>,
    /// A stage in which each was.
    pub was_in: Option<StageId>,
}

/// One page of deals in reach.
pub(super) async fn list(
    tx: &mut Tx,
    spec: &ListSpec,
    query: &ListQuery,
    narrow: &Narrow,
    owners: &Owners,
) -> Result<Page<Deal>> {
    asked(tx, query, narrow, owners, async |tx, keyed, query, clauses| {
        let mut page: Page<Deal> = tx.list_narrow(spec, keyed, &[], query, clauses).await?;
        in_home(tx, &mut page.items).await?;
        Ok(page)
    })
    .await
}

/// What is asked for, as conditions.
async fn asked<T>(
    tx: &mut Tx,
    query: &ListQuery,
    narrow: &Narrow,
    owners: &Owners,
    read: impl AsyncFnOnce(&mut Tx, &[KeyedField], &ListQuery, Clauses<'_>) -> Result<T>,
) -> Result<T> {
    let patterns = word_patterns(&narrow.words);
    let mut clauses: Vec<Clause<'_>> = patterns.iter().map(|p| Clause(WORDS, p, Type::TEXT)).collect();
    clauses.extend(reach_clause(owners));
    const ON: &str = "exists (select from deal_contacts dc where dc.deal_id = d.id and dc.contact_id = ?)";
    const REACHED: &str = "exists (select from pipeline_stages t where t.id = ? and t.pipeline_id = d.pipeline_id and (d.status = 'won' \
        or exists (select from pipeline_stages s where s.id = d.stage_id and s.position >= t.position) \
        or exists (select from deal_history h join pipeline_stages s on s.id = h.stage_id \
          where h.deal_id = d.id and h.pipeline_id = t.pipeline_id and s.position >= t.position)))";
    const WAS_IN: &str = "exists (select from deal_history h where h.deal_id = d.id and h.stage_id = ?)";
    clauses.extend(narrow.contact.as_ref().map(|contact| Clause(ON, contact, Type::UUID)));
    clauses.extend(narrow.reached.as_ref().map(|stage| Clause(REACHED, stage, Type::UUID)));
    clauses.extend(narrow.was_in.as_ref().map(|stage| Clause(WAS_IN, stage, Type::UUID)));
    let mut query = query.clone();
    let made = query.take_rules(tx, Ruled::Deals).await?;
    let keyed = fields::find_by(tx, RecordKind::Deal, &query).await?;
    read(tx, &keyed.fields, &keyed.query, Clauses { said: &clauses, made: &made }).await
}

/// The deal, if it is in reach.
pub(super) async fn find(tx: &mut Tx, id: DealId, owners: &Owners) -> Result<Deal> {
    const FIND: Sql = sql!(
        "select d.id, d.title, d.pipeline_id as pipeline, d.stage_id as stage, d.status, d.reason, d.reason_note, d.amount, d.currency,
           null::bigint as home_amount, ''::text as home_currency,
           array(select jsonb_build_object('name', i.name, 'quantity', i.quantity, 'unit_price', i.unit_price, 'discount', i.discount,
             'total', i.total, 'billing', i.billing, 'starts_on', i.starts_on, 'ends_on', i.ends_on) from deal_items i where i.deal_id = d.id order by i.position) as items,
           d.company_id as company, (select co.name from companies co where co.id = d.company_id and co.deleted_at is null) as company_name,
           d.expected_close, d.starts_on, d.ends_on, d.owner_id as owner, d.source, d.first_source, d.first_campaign, d.last_source, d.last_campaign,
           d.description, d.next_step, d.next_step_on, d.custom,
           array(select jsonb_build_object('contact', dc.contact_id, 'name', c.display_name, 'role', dc.role) from deal_contacts dc
             join contacts c on c.id = dc.contact_id where dc.deal_id = d.id and c.deleted_at is null order by dc.position, dc.contact_id) as contacts,
           d.stage_since, d.touched_at,
           d.touched_at + make_interval(days => (select p.quiet_days::int from pipelines p where p.id = d.pipeline_id)) as quiet_at,
           d.closed_at, d.closed_on, d.created_at, d.updated_at, d.deleted_at, d.version
         from deals d where d.id = $1 and d.deleted_at is null and ($2::uuid[] is null or d.owner_id = any($2))"
    );
    let mut deal: Deal = tx.row(FIND, &[&id, owners]).await?;
    in_home(tx, std::slice::from_mut(&mut deal)).await?;
    Ok(deal)
}

/// Fails with 404 when the deal is not in reach: for what is about a deal.
pub async fn require(tx: &mut Tx, id: DealId, owners: &Owners) -> Result<()> {
    const REQUIRE: Sql = sql!(
        "select d.version from deals d where d.id = $1 and d.deleted_at is null and ($2::uuid[] is null or d.owner_id = any($2))"
    );
    tx.value::<i64>(REQUIRE, &[&id, owners]).await.map(|_| ())
}

/// The same, and holds the deal until the end of the transaction: for what starts or cancels something of it. Cards may
/// meanwhile be read, and what belongs to the deal added.
pub async fn hold(tx: &mut Tx, id: DealId, owners: &Owners) -> Result<()> {
    const HOLD: Sql = sql!(
        "select d.version from deals d where d.id = $1 and d.deleted_at is null and ($2::uuid[] is null or d.owner_id = any($2)) for no key update"
    );
    tx.value::<i64>(HOLD, &[&id, owners]).await.map(|_| ())
}

/// The deal, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, id: DealId, owners: &Owners) -> Result<Deal> {
    const LOCK: Sql = sql!(
        "select d.version from deals d where d.id = $1 and d.deleted_at is null and ($2::uuid[] is null or d.owner_id = any($2)) for update"
    );
    tx.value::<i64>(LOCK, &[&id, owners]).await?;
    find(tx, id, owners).await
}

row! {
    /// Where a deal stood, deleted or not.
    #[derive(Debug, Clone)]
    pub(super) struct Standing {
        /// Its stage.
        pub stage: StageId,
        /// Its pipeline.
        pub pipeline: PipelineId,
        /// Its place.
        pub rank: String,
    }
}

/// Where a deal in reach stands or stood: a deleted one, or one that is not.
pub(super) async fn standing(tx: &mut Tx, id: DealId, deleted: bool, owners: &Owners) -> Result<Standing> {
    const STANDING: Sql = sql!(
        "select d.stage_id as stage, d.pipeline_id as pipeline, d.rank from deals d
         where d.id = $1 and (d.deleted_at is not null) = $2 and ($3::uuid[] is null or d.owner_id = any($3))"
    );
    tx.row(STANDING, &[&id, &deleted, owners]).await
}

row! {
    /// The places around a new one.
    #[derive(Debug, Clone)]
    pub(super) struct Gap {
        /// Above.
        pub low: Option<String>,
        /// Below.
        pub high: Option<String>,
    }
}

/// The places between which a card goes, in a stage whose places are locked. A neighbour that is not there counts as
/// none.
pub(super) async fn gap(
    tx: &mut Tx,
    stage: &StageRow,
    id: DealId,
    after: Option<DealId>,
    before: Option<DealId>,
) -> Result<Gap> {
    const GAP: Sql = sql!(
        "with a as (select d.rank from deals d where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null and d.id = $3 and d.id <> $2),
           b as (select d.rank from deals d where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null and d.id = $4 and d.id <> $2
             and not exists (select from a))
         select coalesce((select a.rank from a),
             (select max(d.rank) from deals d, b where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null and d.id <> $2 and d.rank < b.rank)) as low,
           coalesce((select b.rank from b),
             (select min(d.rank) from deals d where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null and d.id <> $2
               and (not exists (select from a) or d.rank > (select a.rank from a)))) as high"
    );
    tx.row(GAP, &[&stage.id, &id, &after, &before]).await
}

/// Places of a stage and the cards that have them, from the top.
pub(super) async fn places(tx: &mut Tx, stage: &StageRow) -> Result<(Vec<DealId>, Option<String>)> {
    const PLACES: Sql = sql!(
        "select d.id from deals d where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null order by d.rank"
    );
    const LAST: Sql =
        sql!("select max(d.rank) from deals d where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null");
    let ids = tx.values(PLACES, &[&stage.id]).await?;
    Ok((ids, tx.value::<Option<String>>(LAST, &[&stage.id]).await?))
}

/// Gives cards of a stage new places, which nobody had.
pub(super) async fn spread(tx: &mut Tx, stage: &StageRow, ids: &[DealId], ranks: &[String]) -> Result<()> {
    const SPREAD: Sql = sql!(
        "update deals d set rank = n.rank from unnest($2::uuid[], $3::text[]) as n(id, rank)
         where d.id = n.id and d.stage_id = $1 and d.status = 'open' and d.deleted_at is null"
    );
    tx.exec(SPREAD, &[&stage.id, &ids, &ranks]).await.map(|_| ())
}

/// Whether another open card of the stage has this place.
pub(super) async fn holder(tx: &mut Tx, stage: &StageRow, id: DealId, rank: &str) -> Result<Option<DealId>> {
    const HOLDER: Sql = sql!(
        "select d.id from deals d where d.stage_id = $1 and d.rank = $3 and d.status = 'open' and d.deleted_at is null and d.id <> $2"
    );
    tx.value_opt(HOLDER, &[&stage.id, &id, &rank]).await
}

/// A new deal.
pub(super) async fn insert(
    tx: &mut Tx,
    id: DealId,
    stage: &StageRow,
    rank: &str,
    draft: &Draft,
    from: &Attribution,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into deals (id, title, pipeline_id, stage_id, rank, amount, currency, expected_close, owner_id, source, description, next_step,
           next_step_on, name_key, search, stage_since, touched_at, created_at, updated_at, company_id, custom, starts_on, ends_on,
           first_source, first_campaign, last_source, last_campaign)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, fold($2), '', $14, $14, $14, $14, $15, $16, $17, $18, $19, $20, $21, $22)"
    );
    let now = tx.now();
    let Draft { title, amount, currency, expected_close, owner, source, description, next_step, next_step_on, .. } =
        draft;
    tx.exec_one(
        INSERT,
        &[
            &id,
            title,
            &stage.pipeline,
            &stage.id,
            &rank,
            amount,
            currency,
            expected_close,
            owner,
            source,
            description,
            next_step,
            next_step_on,
            &now,
            &draft.company,
            &draft.custom,
            &draft.starts_on,
            &draft.ends_on,
            &from.first.source,
            &from.first.campaign,
            &from.last.source,
            &from.last.campaign,
        ],
    )
    .await?;
    put_items(tx, id, &draft.items).await?;
    put_contacts(tx, id, &draft.contacts).await?;
    words::refresh(tx, &[id.0]).await
}

/// Writes a locked deal, without stage and status.
pub(super) async fn update(tx: &mut Tx, id: DealId, draft: &Draft) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update deals set title = $2, amount = $3, currency = $4, expected_close = $5, owner_id = $6, source = $7, description = $8,
           next_step = $9, next_step_on = $10, name_key = fold($2), touched_at = $11, updated_at = $11, company_id = $12,
           custom = $13, starts_on = $14, ends_on = $15, version = version + 1 where id = $1"
    );
    let now = tx.now();
    let Draft { title, amount, currency, expected_close, owner, source, description, next_step, next_step_on, .. } =
        draft;
    let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] = &[
        &id,
        title,
        amount,
        currency,
        expected_close,
        owner,
        source,
        description,
        next_step,
        next_step_on,
        &now,
        &draft.company,
        &draft.custom,
        &draft.starts_on,
        &draft.ends_on,
    ];
    tx.exec_one(UPDATE, values).await?;
    words::refresh(tx, &[id.0]).await
}

/// Puts these contacts on a locked deal, and no others. Whoever is deleted or merged keeps his place, which nobody sees: he may come back.
pub(super) async fn put_contacts(tx: &mut Tx, id: DealId, contacts: &[(ContactId, DealRole)]) -> Result<()> {
    const CLEAR: Sql = sql!(
        "delete from deal_contacts dc where dc.deal_id = $1 and dc.contact_id <> all($2)
           and not exists (select from contacts c where c.id = dc.contact_id and c.deleted_at is not null)"
    );
    const PUT: Sql = sql!(
        "insert into deal_contacts (deal_id, position, contact_id, role)
         select $1, n.n - 1, n.contact, n.role from unnest($2::uuid[], $3::text[]) with ordinality as n(contact, role, n)
         on conflict (deal_id, contact_id) do update set position = excluded.position, role = excluded.role"
    );
    let ids: Vec<ContactId> = contacts.iter().map(|(contact, _)| *contact).collect();
    let roles: Vec<&str> = contacts.iter().map(|(_, role)| role.as_str()).collect();
    tx.exec(CLEAR, &[&id, &ids]).await?;
    if !ids.is_empty() {
        tx.exec(PUT, &[&id, &ids, &roles]).await?;
    }
    Ok(())
}

/// Puts these lines on a locked deal, and no others.
pub(super) async fn put_items(tx: &mut Tx, id: DealId, items: &[DealItem]) -> Result<()> {
    const CLEAR: Sql = sql!("delete from deal_items where deal_id = $1");
    const PUT: Sql = sql!(
        "insert into deal_items (deal_id, position, name, quantity, unit_price, discount, total, billing, starts_on, ends_on)
         select $1, n.n - 1, n.name, n.quantity, n.unit_price, n.discount, n.total, n.billing, n.starts_on, n.ends_on
         from unnest($2::text[], $3::int8[], $4::int8[], $5::int4[], $6::int8[], $7::text[], $8::date[], $9::date[])
           with ordinality as n(name, quantity, unit_price, discount, total, billing, starts_on, ends_on, n)"
    );
    tx.exec(CLEAR, &[&id]).await?;
    if items.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    let column = |of: fn(&DealItem) -> i64| items.iter().map(of).collect::<Vec<i64>>();
    let (quantities, prices, totals) = (column(|i| i.quantity), column(|i| i.unit_price), column(|i| i.total));
    let discounts: Vec<i32> = items.iter().map(|item| item.discount).collect();
    let billings: Vec<&str> = items.iter().map(|item| item.billing.as_str()).collect();
    let starts: Vec<Option<NaiveDate>> = items.iter().map(|item| item.starts_on).collect();
    let ends: Vec<Option<NaiveDate>> = items.iter().map(|item| item.ends_on).collect();
    tx.exec(PUT, &[&id, &names, &quantities, &prices, &discounts, &totals, &billings, &starts, &ends]).await.map(|_| ())
}

/// Gives a locked deal its stage and place.
pub(super) async fn place(tx: &mut Tx, id: DealId, stage: &StageRow, rank: &str) -> Result<()> {
    const PLACE: Sql = sql!(
        "update deals set pipeline_id = $2, stage_id = $3, rank = $4, stage_since = case when stage_id = $3 then stage_since else $5 end,
           touched_at = $5, updated_at = $5, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(PLACE, &[&id, &stage.pipeline, &stage.id, &rank, &now]).await
}

/// Closes a locked deal.
pub(super) async fn close(tx: &mut Tx, id: DealId, ending: &Ending) -> Result<()> {
    const CLOSE: Sql = sql!(
        "update deals set status = $2, reason = $3, reason_note = $4, closed_at = $5, closed_on = $6, touched_at = $5, updated_at = $5,
           version = version + 1 where id = $1"
    );
    let (now, today) = (tx.now(), today(tx));
    tx.exec_one(CLOSE, &[&id, &ending.status.as_str(), &ending.reason, &ending.note, &now, &today]).await
}

/// Opens a locked deal again, at a place in a stage.
pub(super) async fn reopen(tx: &mut Tx, id: DealId, stage: &StageRow, rank: &str) -> Result<()> {
    const REOPEN: Sql = sql!(
        "update deals set status = 'open', reason = null, reason_note = null, closed_at = null, closed_on = null, pipeline_id = $2, stage_id = $3, rank = $4,
           stage_since = case when stage_id = $3 then stage_since else $5 end, touched_at = $5, updated_at = $5, version = version + 1
         where id = $1"
    );
    let now = tx.now();
    tx.exec_one(REOPEN, &[&id, &stage.pipeline, &stage.id, &rank, &now]).await
}

/// Marks a locked deal as deleted.
pub(super) async fn delete(tx: &mut Tx, id: DealId) -> Result<()> {
    const DELETE: Sql = sql!("update deals set deleted_at = $2, updated_at = $2, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await
}

/// Takes a deletion back, at a place in a stage.
pub(super) async fn restore(tx: &mut Tx, id: DealId, stage: &StageRow, rank: &str, owners: &Owners) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update deals set deleted_at = null, pipeline_id = $2, stage_id = $3, rank = $4, updated_at = $5, version = version + 1
         where id = $1 and deleted_at is not null and ($6::uuid[] is null or owner_id = any($6))"
    );
    let now = tx.now();
    tx.exec_one(RESTORE, &[&id, &stage.pipeline, &stage.id, &rank, &now, owners]).await
}

/// Removes a deal that has been deleted at this moment; gives whether it was there. Its history stays.
pub(super) async fn purge(tx: &mut Tx, id: DealId, deleted_at: DateTime<Utc>) -> Result<bool> {
    const PURGE: Sql = sql!("delete from deals where id = $1 and deleted_at = $2");
    Ok(tx.exec(PURGE, &[&id, &deleted_at]).await? == 1)
}

/// Something was done about a deal: while it is open it is no longer quiet; see `touch`.
pub(super) async fn touch_one(tx: &mut Tx, deal: DealId, at: DateTime<Utc>) -> Result<()> {
    const TOUCH: Sql = sql!(
        "update deals set touched_at = $2 where id in (
           select d.id from deals d where d.id = $1 and d.status = 'open' and d.deleted_at is null and d.touched_at < $2 for update skip locked)"
    );
    tx.exec(TOUCH, &[&deal, &at]).await.map(|_| ())
}

/// Something was done with a contact: its open deals are no longer quiet. Those that somebody is changing right now are
/// touched by that, so nobody waits.
pub(super) async fn touch(tx: &mut Tx, contact: Uuid, at: DateTime<Utc>) -> Result<()> {
    const TOUCH: Sql = sql!(
        "update deals set touched_at = $2 where id in (
           select d.id from deals d join deal_contacts dc on dc.deal_id = d.id
           where dc.contact_id = $1 and d.status = 'open' and d.deleted_at is null and d.touched_at < $2 for update of d skip locked)"
    );
    tx.exec(TOUCH, &[&contact, &at]).await.map(|_| ())
}

/// Every deal a contact is on, deleted or not.
pub(super) async fn of_contact(tx: &mut Tx, contact: ContactId) -> Result<Vec<Deal>> {
    const ANY: ListSpec = ListSpec { always: "", ..LIST };
    const ON: &str = "exists (select from deal_contacts dc where dc.deal_id = d.id and dc.contact_id = ?)";
    let mut query = ListQuery { limit: Some(200), sort: Some("created_at".into()), ..ListQuery::default() };
    let mut all = vec![];
    loop {
        let page: Page<Deal> = tx.list(&ANY, &query, &[Clause(ON, &contact, Type::UUID)]).await?;
        all.extend(page.items);
        match page.next_cursor {
            Some(next) => query.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

/// Takes a contact off every deal. What people wrote about deals that nobody else is on, or that mention one of these
/// texts, is removed; figures stay. Gives how many places were given up, and the deals whose words were removed.
pub(super) async fn forget(tx: &mut Tx, contact: ContactId, mentions: &[String]) -> Result<(u64, Vec<DealId>)> {
    const WORDLESS: Sql = sql!(
        "update deals d set title = '[erased]', description = null, next_step = null, reason_note = null, source = null, first_source = null,
           first_campaign = null, last_source = null, last_campaign = null, custom = '{}',
           reason = case when d.status in ('lost', 'abandoned') then '[erased]' end,
           name_key = fold('[erased]'), updated_at = $3, version = version + 1
         where (exists (select from deal_contacts dc where dc.deal_id = d.id and dc.contact_id = $1)
             and not exists (select from deal_contacts o where o.deal_id = d.id and o.contact_id <> $1))
           or exists (select from unnest($2::text[]) as m(mention) where position(lower(m.mention) in
             lower(concat_ws(' ', d.title, d.description, d.next_step, d.reason, d.reason_note, d.source, d.custom::text))) > 0)
         returning d.id"
    );
    const LINES: Sql = sql!(
        "update deal_items i set name = '[erased]' where i.deal_id = any($1)
           or exists (select from unnest($2::text[]) as m(mention) where position(lower(m.mention) in lower(i.name)) > 0)"
    );
    const OFF: Sql = sql!("delete from deal_contacts where contact_id = $1 returning deal_id");
    let now = tx.now();
    let wordless: Vec<DealId> = tx.values(WORDLESS, &[&contact, &mentions, &now]).await?;
    tx.exec(LINES, &[&wordless, &mentions]).await?;
    let mut found: Vec<Uuid> = tx.values(OFF, &[&contact]).await?;
    let places = found.len() as u64;
    found.extend(wordless.iter().map(|deal| deal.0));
    words::refresh(tx, &found).await?;
    Ok((places, wordless))
}

/// Refuses a contact that is not in reach.
pub(super) fn contact_unknown(i: usize) -> Error {
    Error::invalid(format!("/contacts/{i}/contact"), "contact_unknown", "There is no such contact.")
}
