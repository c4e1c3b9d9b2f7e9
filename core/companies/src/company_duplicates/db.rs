//! Every statement on pairs.
use super::model::{CompanyDuplicateId, CompanyPair, CompanyPairState};
use crate::{companies::CompanyId, company_merges::CompanyMergeId};
use contacts::Owners;
use kernel::{
    Error, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    duplicates::Shift,
    http::Page,
    row, sql,
};
use std::collections::BTreeSet;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Pairs of companies that are both there.
const LIST: ListSpec = ListSpec {
    select: "select d.id, \
        jsonb_build_object('company', x.id, 'name', x.name, 'website', x.website, 'email', x.email, 'phone', x.phone, 'city', x.address ->> 'city') as one, \
        jsonb_build_object('company', y.id, 'name', y.name, 'website', y.website, 'email', y.email, 'phone', y.phone, 'city', y.address ->> 'city') as other, \
        d.reasons, d.confidence, d.state, d.decided_by, d.decided_at, d.created_at, d.updated_at, d.version \
        from company_duplicates d join companies x on x.id = d.one_id join companies y on y.id = d.other_id",
    id: "d.id",
    always: "x.deleted_at is null and y.deleted_at is null",
    fields: &[
        Field { name: "state", sql: "d.state", kind: FieldKind::Text, sort: None },
        Field { name: "reason", sql: "d.reasons", kind: FieldKind::TextArray, sort: None },
        Field { name: "confidence", sql: "d.confidence", kind: FieldKind::Int, sort: Some("d.confidence") },
        Field { name: "created_at", sql: "d.created_at", kind: FieldKind::Time, sort: Some("d.created_at") },
    ],
    default_sort: "-confidence",
};

/// One page of pairs of which both companies are in reach; of one company when it is named.
pub async fn list(
    tx: &mut Tx,
    query: &ListQuery,
    company: Option<CompanyId>,
    owners: &Owners,
) -> Result<Page<CompanyPair>> {
    let mut clauses = reach(owners);
    if let Some(company) = &company {
        clauses.push(Clause("(d.one_id = ? or d.other_id = ?)", company, Type::UUID));
    }
    tx.list(&LIST, query, &clauses).await
}

fn reach(owners: &Owners) -> Vec<Clause<'_>> {
    const BOTH: &str = "(x.owner_id = any(?) and y.owner_id = any(?))";
    owners.iter().map(|owners| Clause(BOTH, owners, Type::UUID_ARRAY)).collect()
}

/// The pair, if both companies are in reach.
pub async fn find(tx: &mut Tx, id: CompanyDuplicateId, owners: &Owners) -> Result<CompanyPair> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = reach(owners);
    clauses.push(Clause("d.id = ?", &id, Type::UUID));
    let page: Page<CompanyPair> = tx.list(&LIST, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// Locks a pair until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: CompanyDuplicateId) -> Result<()> {
    tx.value::<i64>(sql!("select version from company_duplicates where id = $1 for update"), &[&id]).await.map(|_| ())
}

/// Writes what somebody said about a locked pair.
pub async fn decide(tx: &mut Tx, id: CompanyDuplicateId, state: CompanyPairState) -> Result<()> {
    const DECIDE: Sql = sql!(
        "update company_duplicates set state = $2, decided_by = $3, decided_at = $4, merge_id = null, updated_at = $5, version = version + 1 where id = $1"
    );
    let (now, dismissed) = (tx.now(), state == CompanyPairState::Dismissed);
    let by = tx.context().actor.id.filter(|_| dismissed);
    tx.exec_one(DECIDE, &[&id, &state.as_str(), &by, &dismissed.then_some(now), &now]).await
}

row! {
    /// Two companies and what they have in common, which may be nothing any more.
    pub struct Pair {
        pub one: CompanyId,
        pub other: CompanyId,
        pub reasons: Vec<String>,
    }
}

/// What a company may be, and the pairs it is in already. It is compared with the oldest few that have the same key, however
/// many there are. Companies of one family share a website and are none the less several.
pub async fn alike(tx: &mut Tx, id: Uuid) -> Result<Vec<Pair>> {
    const ALIKE: Sql = sql!(
        "with s as materialized (select c.id, c.tax_key, lower(c.email) as email, c.phone, c.site_key, c.mail_key, c.alike_key from companies c
           where c.id = $1 and c.deleted_at is null),
         p as (
           select s.id as a, o.id as b from s cross join lateral (
             select x.id from companies x where x.tax_key = s.tax_key and x.deleted_at is null and x.id <> s.id order by x.id limit 20) o
           union
           select s.id, o.id from s cross join lateral (
             select x.id from companies x where lower(x.email) = s.email and x.email is not null and x.deleted_at is null and x.id <> s.id order by x.id limit 20) o
           union
           select s.id, o.id from s cross join lateral (
             select x.id from companies x where x.phone = s.phone and x.deleted_at is null and x.id <> s.id order by x.id limit 20) o
           union
           select s.id, o.id from s cross join (select s.site_key as key from s union select s.mail_key from s) k cross join lateral (
             select x.id from companies x where x.site_key = k.key and x.deleted_at is null and x.id <> s.id order by x.id limit 20) o
           union
           select s.id, o.id from s cross join (select s.site_key as key from s union select s.mail_key from s) k cross join lateral (
             select x.id from companies x where x.mail_key = k.key and x.deleted_at is null and x.id <> s.id order by x.id limit 20) o
           union
           select s.id, o.id from s cross join lateral (
             select x.id from companies x where x.alike_key = s.alike_key and x.deleted_at is null and x.id <> s.id order by x.id limit 20) o
           union
           select d.one_id, d.other_id from company_duplicates d where d.one_id = $1
           union
           select d.one_id, d.other_id from company_duplicates d where d.other_id = $1),
         q as (select distinct least(p.a, p.b) as one, greatest(p.a, p.b) as other from p)
         select q.one, q.other, array_remove(array[
           case when x.tax_key = y.tax_key then 'tax_id' end,
           case when lower(x.email) = lower(y.email) then 'email' end,
           case when x.phone = y.phone then 'phone' end,
           case when (x.site_key in (y.site_key, y.mail_key) or x.mail_key in (y.site_key, y.mail_key))
             and x.parent_id is distinct from y.id and y.parent_id is distinct from x.id and (x.parent_id = y.parent_id) is not true then 'website' end,
           case when x.alike_key = y.alike_key then 'name' end], null) as reasons
         from q join companies x on x.id = q.one join companies y on y.id = q.other
         where x.deleted_at is null and y.deleted_at is null order by q.one, q.other"
    );
    tx.rows(ALIKE, &[&id]).await
}

/// The next companies in the order of their ids, deleted ones left out.
pub(crate) async fn after(tx: &mut Tx, position: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    const AFTER: Sql = sql!(
        "select id from companies where deleted_at is null and ($1::uuid is null or id > $1) order by id limit $2"
    );
    tx.values(AFTER, &[&position, &limit]).await
}

/// Keeps pairs with their reasons and takes open ones away that have none any more; what somebody decided stays. Gives those that
/// came and went.
pub async fn put(tx: &mut Tx, pairs: &[Pair]) -> Result<Shift> {
    // In the order in which everybody locks companies, so that nobody waits in a circle; who is gone by now is left out.
    const HOLD: Sql = sql!("select id from companies where id = any($1) order by id for key share");
    const DROP: Sql = sql!(
        "delete from company_duplicates d using unnest($1::uuid[], $2::uuid[], $3::text[]) as n(one_id, other_id, reasons)
         where d.one_id = n.one_id and d.other_id = n.other_id and d.state = 'open' and n.reasons = '' returning d.id"
    );
    const PUT: Sql = sql!(
        "with put as (
           insert into company_duplicates (id, one_id, other_id, reasons, created_at, updated_at)
           select gen_random_uuid(), n.one_id, n.other_id, string_to_array(n.reasons, ','), $4, $4
           from unnest($1::uuid[], $2::uuid[], $3::text[]) as n(one_id, other_id, reasons) where n.reasons <> ''
           order by n.one_id, n.other_id
           on conflict (one_id, other_id) do update set reasons = excluded.reasons, updated_at = excluded.updated_at,
             version = company_duplicates.version + 1
           where company_duplicates.state = 'open' and company_duplicates.reasons <> excluded.reasons
           returning id, xmax = 0 as is_new)
         select put.id from put where put.is_new"
    );
    let named: Vec<CompanyId> = pairs.iter().flat_map(|pair| [pair.one, pair.other]).collect();
    let there: BTreeSet<CompanyId> = tx.values::<CompanyId>(HOLD, &[&named]).await?.into_iter().collect();
    let pairs: Vec<&Pair> = pairs.iter().filter(|p| there.contains(&p.one) && there.contains(&p.other)).collect();
    let ones: Vec<CompanyId> = pairs.iter().map(|pair| pair.one).collect();
    let others: Vec<CompanyId> = pairs.iter().map(|pair| pair.other).collect();
    let reasons: Vec<String> = pairs.iter().map(|pair| pair.reasons.join(",")).collect();
    let now = tx.now();
    let gone = tx.values(DROP, &[&ones, &others, &reasons]).await?;
    let found = tx.values(PUT, &[&ones, &others, &reasons, &now]).await?;
    Ok(Shift { found, gone })
}

/// What was said about companies that go holds for the kept one too, as long as the merge stands.
pub(crate) async fn carry(tx: &mut Tx, merge: CompanyMergeId, kept: CompanyId, merged: &[CompanyId]) -> Result<()> {
    const CARRY: Sql = sql!(
        "insert into company_duplicates (id, one_id, other_id, reasons, state, merge_id, decided_by, decided_at, created_at, updated_at)
         select gen_random_uuid(), least(p.other, $2::uuid), greatest(p.other, $2::uuid), p.reasons, 'dismissed', $1, p.decided_by, p.decided_at, $4, $4
         from (select case when d.one_id = any($3) then d.other_id else d.one_id end as other, d.reasons, d.decided_by, d.decided_at
               from company_duplicates d where d.state = 'dismissed' and (d.one_id = any($3) or d.other_id = any($3))) p
         where p.other <> $2 and p.other <> all($3) on conflict (one_id, other_id) do nothing"
    );
    let now = tx.now();
    tx.exec(CARRY, &[&merge, &kept, &merged, &now]).await.map(|_| ())
}

/// Takes back what a merge carried over.
pub(crate) async fn uncarry(tx: &mut Tx, merge: CompanyMergeId) -> Result<()> {
    tx.exec(sql!("delete from company_duplicates where merge_id = $1"), &[&merge]).await.map(|_| ())
}
