//! Every statement on merges and their ledger.
use super::model::{CompanyMerge, CompanyMergeId};
use crate::companies::{CompanyId, Draft};
use contacts::Owners;
use kernel::{
    Error, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Reference, Returned, Sql},
    http::Page,
    jsonb, row, sql,
};
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

jsonb!(Draft);

/// The companies' own columns that name a company: those below one that goes are below the kept one, and whoever was merged into
/// it is part of the kept one.
pub(crate) const REFERENCES: [Reference; 2] =
    [Reference::new("companies", "parent_id", &["id"]), Reference::new("companies", "merged_into", &["id"])];

/// Merges of companies in reach.
const LIST: ListSpec = ListSpec {
    select: "select m.id, m.kept_id as kept, k.name as kept_name, \
        array(select jsonb_build_object('company', g.merged_id, 'name', c.name) from company_merge_members g \
          join companies c on c.id = g.merged_id where g.merge_id = m.id order by g.position) as merged, \
        m.state, m.fields, m.moved, (m.state = 'done' and k.deleted_at is null and not exists (select from company_merges n where n.kept_id = m.kept_id \
          and n.state = 'done' and (n.created_at, n.id) > (m.created_at, m.id))) as can_undo, \
        m.actor_kind, m.actor_id as actor, m.created_at, m.undone_by, m.undone_at, m.kept_edits, m.missing, m.edited, m.version \
        from company_merges m join companies k on k.id = m.kept_id",
    id: "m.id",
    always: "",
    fields: &[
        Field { name: "kept", sql: "m.kept_id", kind: FieldKind::Id("com"), sort: None },
        Field { name: "state", sql: "m.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "m.created_at", kind: FieldKind::Time, sort: Some("m.created_at") },
    ],
    default_sort: "-created_at",
};

/// One page of merges of companies in reach.
pub async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<CompanyMerge>> {
    tx.list(&LIST, query, &reach(owners)).await
}

fn reach(owners: &Owners) -> Vec<Clause<'_>> {
    owners.iter().map(|owners| Clause("k.owner_id = any(?)", owners, Type::UUID_ARRAY)).collect()
}

/// The merge, if its kept company is in reach.
pub async fn find(tx: &mut Tx, id: CompanyMergeId, owners: &Owners) -> Result<CompanyMerge> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = reach(owners);
    clauses.push(Clause("m.id = ?", &id, Type::UUID));
    let page: Page<CompanyMerge> = tx.list(&LIST, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// What a statement found of a company; otherwise 404, which says what it was merged into when that is in reach.
pub(crate) async fn there<T>(tx: &mut Tx, found: Option<T>, id: CompanyId, owners: &Owners) -> Result<T> {
    const INTO: Sql = sql!(
        "select k.id from companies c join companies k on k.id = c.merged_into
         where c.id = $1 and k.deleted_at is null and ($2::uuid[] is null or k.owner_id = any($2))"
    );
    if let Some(found) = found {
        return Ok(found);
    }
    match tx.value_opt::<CompanyId>(INTO, &[&id, owners]).await? {
        Some(kept) => Err(Error::merged(kept.to_string())),
        None => Err(Error::not_found()),
    }
}

/// Companies that became part of this one.
pub async fn merged_into(tx: &mut Tx, id: CompanyId) -> Result<Vec<CompanyId>> {
    tx.values(sql!("select id from companies where merged_into = $1 order by id"), &[&id]).await
}

/// Locks companies, all in one order, after what is locked before them: deals, then contacts.
pub async fn lock(tx: &mut Tx, ids: &[CompanyId]) -> Result<()> {
    const LOCK: Sql = sql!("select id from companies where id = any($1) order by id for update");
    let app = tx.app().clone();
    // Modules stand in the order in which they may call each other; locks are taken from the last to the first.
    let references = app.modules.iter().rev().flat_map(|module| module.company_references);
    for first in references.filter_map(|reference| reference.first) {
        tx.exec(first, &[&ids]).await?;
    }
    tx.exec(LOCK, &[&ids]).await.map(|_| ())
}

/// Whether a company is one of these or below one of them; deleted ones count.
pub async fn is_within(tx: &mut Tx, company: CompanyId, ids: &[CompanyId]) -> Result<bool> {
    const WITHIN: Sql = sql!(
        "with recursive above as (
           select c.id, c.parent_id from companies c where c.id = $1
           union
           select p.id, p.parent_id from above a join companies p on p.id = a.parent_id)
         select exists (select from above a where a.id = any($2))"
    );
    tx.value(WITHIN, &[&company, &ids]).await
}

/// Whether one of these is above itself.
pub async fn is_circular(tx: &mut Tx, ids: &[CompanyId]) -> Result<bool> {
    const CIRCULAR: Sql = sql!(
        "with recursive above as (
           select c.id as start, c.parent_id as id from companies c where c.id = any($1)
           union
           select a.start, p.parent_id from above a join companies p on p.id = a.id)
         select exists (select from above a where a.start = a.id)"
    );
    tx.value(CIRCULAR, &[&ids]).await
}

/// A new merge, with its locked companies as they are.
pub async fn insert(
    tx: &mut Tx,
    id: CompanyMergeId,
    kept: CompanyId,
    merged: &[CompanyId],
    (before, after): (&Draft, &Draft),
    fields: &[String],
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into company_merges (id, kept_id, fields, before, draft_before, draft_after, actor_kind, actor_id, created_at)
         select $1, c.id, $3, jsonb_build_object('company', to_jsonb(c)), $4, $5, $6, $7, $8
         from companies c where c.id = $2"
    );
    const MEMBERS: Sql = sql!(
        "insert into company_merge_members (merge_id, merged_id, position, before)
         select $1, c.id, (m.n - 1)::smallint, jsonb_build_object('company', to_jsonb(c))
         from unnest($2::uuid[]) with ordinality as m(id, n) join companies c on c.id = m.id"
    );
    let context = tx.context().clone();
    let actor = context.actor;
    tx.exec_one(INSERT, &[&id, &kept, &fields, before, after, &actor.kind.as_str(), &actor.id, &context.now]).await?;
    tx.exec(MEMBERS, &[&id, &merged]).await.map(|_| ())
}

/// Notes links that lead to the kept company now, and views that name it.
pub async fn note_links(
    tx: &mut Tx,
    (id, merged): (CompanyMergeId, CompanyId),
    (links, views): (&[fields::Relinked], &Value),
    (from, to): (&str, &str),
) -> Result<()> {
    const LINKS: Sql = sql!(
        "insert into company_merge_rows (merge_id, merged_id, table_name, column_name, step, key, before, after)
         select $1, $2, 'custom_field_values', 'text_key', 1, jsonb_build_object('record_id', l.record_id, 'field_id', l.field_id),
           to_jsonb($5::text), to_jsonb($6::text)
         from unnest($3::uuid[], $4::uuid[]) as l(record_id, field_id) on conflict do nothing"
    );
    const VIEWS: Sql = sql!(
        "insert into company_merge_rows (merge_id, merged_id, table_name, column_name, step, key, before, after)
         select $1, $2, 'saved_views', 'filter', 1, jsonb_build_object('id', v.id), v.before, v.after
         from jsonb_to_recordset($3) as v(id uuid, before jsonb, after jsonb) on conflict do nothing"
    );
    let (records, fields): (Vec<Uuid>, Vec<Uuid>) = links.iter().map(|link| (link.record, link.field)).unzip();
    tx.exec(LINKS, &[&id, &merged, &records, &fields, &from, &to]).await?;
    tx.exec(VIEWS, &[&id, &merged, views]).await.map(|_| ())
}

/// Links that a merge let lead to the kept company.
pub async fn links(tx: &mut Tx, id: CompanyMergeId, merged: CompanyId) -> Result<Vec<fields::Relinked>> {
    const LINKS: Sql = sql!(
        "select (r.key ->> 'record_id')::uuid as record, (r.key ->> 'field_id')::uuid as field from company_merge_rows r
         where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values'"
    );
    tx.rows(LINKS, &[&id, &merged]).await
}

/// Views that a merge let name the kept company, with their filters before and after.
pub async fn views(tx: &mut Tx, id: CompanyMergeId, merged: CompanyId) -> Result<Value> {
    const VIEWS: Sql = sql!(
        "select coalesce(jsonb_agg(jsonb_build_object('id', r.key -> 'id', 'before', r.before, 'after', r.after)), '[]') from company_merge_rows r
         where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'saved_views'"
    );
    tx.value(VIEWS, &[&id, &merged]).await
}

/// Lets locked companies be part of the kept one. All versions jump, so that none that was read before or between is ever met
/// again.
pub async fn fold(tx: &mut Tx, kept: CompanyId, merged: &[CompanyId], jump: i64) -> Result<()> {
    const GONE: Sql = sql!(
        "update companies set deleted_at = $3, updated_at = $3, merged_into = $2, version = version + $4 where id = any($1)"
    );
    const KEPT: Sql = sql!("update companies set version = version + $2, updated_at = $3 where id = $1");
    let now = tx.now();
    tx.exec(GONE, &[&merged, &kept, &now, &jump]).await?;
    tx.exec_one(KEPT, &[&kept, &jump, &now]).await
}

/// Notes how many rows moved; later ones add to it.
pub async fn add_moved(tx: &mut Tx, id: CompanyMergeId, moved: u64) -> Result<()> {
    const ADD: Sql = sql!("update company_merges set moved = moved + $2 where id = $1");
    tx.exec_one(ADD, &[&id, &moved.cast_signed()]).await
}

row! {
    /// A merge to be undone.
    pub struct Standing {
        pub kept: CompanyId,
        pub state: String,
        pub draft_before: Draft,
        pub draft_after: Draft,
        pub has_later: bool,
    }
}

/// A merge, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: CompanyMergeId) -> Result<Standing> {
    const LOCK: Sql = sql!("select id from company_merges where id = $1 for update");
    const FIND: Sql = sql!(
        "select m.kept_id as kept, m.state, m.draft_before, m.draft_after,
           exists (select from company_merges n where n.kept_id = m.kept_id and n.state = 'done' and (n.created_at, n.id) > (m.created_at, m.id)) as has_later
         from company_merges m where m.id = $1"
    );
    tx.value::<Uuid>(LOCK, &[&id]).await?;
    tx.row(FIND, &[&id]).await
}

/// The companies that went, in their order.
pub async fn members(tx: &mut Tx, id: CompanyMergeId) -> Result<Vec<CompanyId>> {
    const MEMBERS: Sql =
        sql!("select g.merged_id from company_merge_members g where g.merge_id = $1 order by g.position");
    tx.values(MEMBERS, &[&id]).await
}

row! {
    /// How a company stands that a merge is to be undone for.
    pub struct Kept {
        pub is_deleted: bool,
        pub is_merged: bool,
    }
}

/// How a locked company stands.
pub async fn standing(tx: &mut Tx, id: CompanyId) -> Result<Kept> {
    const STANDING: Sql = sql!(
        "select deleted_at is not null as is_deleted, merged_into is not null as is_merged from companies where id = $1"
    );
    tx.row(STANDING, &[&id]).await
}

/// The company above, unless it was removed for good since.
pub async fn standing_parent(tx: &mut Tx, parent: Option<CompanyId>) -> Result<Option<CompanyId>> {
    tx.value_opt(sql!("select id from companies where id = $1"), &[&parent]).await
}

/// Makes the companies that went be there again, as they were. What followed a definition meanwhile is another version.
pub async fn bring_back(tx: &mut Tx, id: CompanyMergeId) -> Result<()> {
    const BACK: Sql = sql!(
        "update companies c set deleted_at = null, merged_into = null, updated_at = b.updated_at,
           version = b.version + (c.custom <> coalesce(b.custom, '{}'))::int
         from company_merge_members g cross join lateral jsonb_populate_record(null::companies, g.before -> 'company') b
         where g.merge_id = $1 and c.id = g.merged_id"
    );
    tx.exec(BACK, &[&id]).await.map(|_| ())
}

/// Makes the kept company what it was. What it is worth is as it was too, until it is counted anew.
pub async fn restore(tx: &mut Tx, id: CompanyMergeId) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update companies c set name = b.name, legal_name = b.legal_name, industry = b.industry, size = b.size, website = b.website, profiles = b.profiles,
           email = b.email, phone = b.phone, address = b.address, tax_id = b.tax_id, description = b.description, status = b.status, tier = b.tier,
           parent_id = (select p.id from companies p where p.id = b.parent_id), owner_id = b.owner_id, annual_value = b.annual_value, monthly_revenue = b.monthly_revenue, currency = b.currency,
           client_since = b.client_since, renews_on = b.renews_on, cancel_by = b.cancel_by, name_key = b.name_key, domain = b.domain,
           tax_key = b.tax_key, search = b.search, lifetime_value = b.lifetime_value, contract_value = b.contract_value,
           recurring_revenue = b.recurring_revenue, value_currency = b.value_currency, value_missing = b.value_missing, value_next = b.value_next,
           custom = coalesce(b.custom, '{}'), updated_at = b.updated_at, version = b.version
         from company_merges m cross join lateral jsonb_populate_record(null::companies, m.before -> 'company') b
         where m.id = $1 and c.id = m.kept_id"
    );
    tx.exec_one(RESTORE, &[&id]).await
}

/// Notes that a merge was undone.
pub async fn finish_undo(tx: &mut Tx, id: CompanyMergeId, edits: &[String], done: Returned) -> Result<()> {
    const UNDONE: Sql = sql!(
        "update company_merges set state = 'undone', undone_at = $2, undone_by = $3, kept_edits = $4, missing = $5, edited = $6, version = version + 1
         where id = $1"
    );
    const FORGET: Sql = sql!("delete from company_merge_rows where merge_id = $1");
    let context = tx.context().clone();
    let by = context.actor.id;
    let (missing, edited) = (done.missing.cast_signed(), done.edited.cast_signed());
    tx.exec_one(UNDONE, &[&id, &context.now, &by, &edits, &missing, &edited]).await?;
    tx.exec(FORGET, &[&id]).await.map(|_| ())
}

row! {
    /// What was removed of merges.
    pub struct Forgotten {
        pub merges: i64,
        pub members: i64,
        pub rows: i64,
    }
}

/// Removes merges that keep one of these texts, with what was kept for an undo.
pub async fn forget(tx: &mut Tx, mentions: &[String]) -> Result<Forgotten> {
    const FORGET: Sql = sql!(
        "with ids as (select m.id from company_merges m where exists (select from unnest($1::text[]) as t(mention)
             where position(lower(t.mention) in lower(concat_ws(' ', m.before::text, m.draft_after::text))) > 0)
           union select g.merge_id from company_merge_members g where exists (select from unnest($1::text[]) as t(mention)
             where position(lower(t.mention) in lower(g.before::text)) > 0)),
         counted as (select (select count(*) from company_merge_members g where g.merge_id in (select id from ids)) as members,
           (select count(*) from company_merge_rows r where r.merge_id in (select id from ids)) as rows),
         gone as (delete from company_merges where id in (select id from ids) returning id)
         select (select count(*) from gone) as merges, members, rows from counted"
    );
    // A view that mentions one is not the same any more, so it would not be put back.
    const VIEWS: Sql = sql!(
        "delete from company_merge_rows r where r.table_name = 'saved_views' and exists (select from unnest($1::text[]) as t(mention)
           where position(lower(t.mention) in lower(concat_ws(' ', r.before::text, r.after::text))) > 0)"
    );
    let forgotten = tx.row(FORGET, &[&mentions]).await?;
    tx.exec(VIEWS, &[&mentions]).await?;
    Ok(forgotten)
}
