//! Every statement on pairs, keys and what waits to be compared.
use super::{
    evidence::Evidence,
    model::{ContactDuplicate, ContactDuplicateId, DuplicateState},
};
use crate::{
    contact_merges::ContactMergeId,
    contacts::{ContactId, Owners},
};
use kernel::{
    Error, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    ids::new_uuid_nth,
    row, sql,
};
use std::collections::BTreeSet;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Pairs of contacts that are both there.
pub const LIST: ListSpec = ListSpec {
    select: "select d.id, \
        jsonb_build_object('contact', x.id, 'name', x.display_name, 'email', x.email, 'phone', (select coalesce(p.e164, p.number) from contact_phones p where p.contact_id = x.id and p.position = 0), 'company_name', x.company_name, 'city', x.address ->> 'city') as one, \
        jsonb_build_object('contact', y.id, 'name', y.display_name, 'email', y.email, 'phone', (select coalesce(p.e164, p.number) from contact_phones p where p.contact_id = y.id and p.position = 0), 'company_name', y.company_name, 'city', y.address ->> 'city') as other, \
        d.reasons, d.confidence, d.state, d.decided_by, d.decided_at, d.created_at, d.updated_at, d.version \
        from contact_duplicates d join contacts x on x.id = d.one_id join contacts y on y.id = d.other_id",
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

/// One page of pairs of which both contacts are in reach; of one contact when it is named.
pub async fn list(
    tx: &mut Tx,
    query: &ListQuery,
    contact: Option<ContactId>,
    owners: &Owners,
) -> Result<Page<ContactDuplicate>> {
    let mut clauses = reach(owners);
    if let Some(contact) = &contact {
        clauses.push(Clause("(d.one_id = ? or d.other_id = ?)", contact, Type::UUID));
    }
    tx.list(&LIST, query, &clauses).await
}

fn reach(owners: &Owners) -> Vec<Clause<'_>> {
    const BOTH: &str = "(x.owner_id = any(?) and y.owner_id = any(?))";
    owners.iter().map(|owners| Clause(BOTH, owners, Type::UUID_ARRAY)).collect()
}

/// The pair, if both contacts are in reach.
pub async fn find(tx: &mut Tx, id: ContactDuplicateId, owners: &Owners) -> Result<ContactDuplicate> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = reach(owners);
    clauses.push(Clause("d.id = ?", &id, Type::UUID));
    let page: Page<ContactDuplicate> = tx.list(&LIST, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// Locks a pair until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: ContactDuplicateId) -> Result<()> {
    tx.value::<i64>(sql!("select version from contact_duplicates where id = $1 for update"), &[&id]).await.map(|_| ())
}

/// Writes what somebody said about a locked pair.
pub async fn decide(tx: &mut Tx, id: ContactDuplicateId, state: DuplicateState) -> Result<()> {
    const DECIDE: Sql = sql!(
        "update contact_duplicates set state = $2, decided_by = $3, decided_at = $4, merge_id = null, updated_at = $5, version = version + 1 where id = $1"
    );
    let (now, dismissed) = (tx.now(), state == DuplicateState::Dismissed);
    let by = tx.context().actor.id.filter(|_| dismissed);
    tx.exec_one(DECIDE, &[&id, &state.as_str(), &by, &dismissed.then_some(now), &now]).await
}

/// Notes that a contact is to be compared; gives whether nobody is on the way yet to do it. Whoever compares takes the row
/// that is locked here only when this transaction has ended, and looks for more after that.
pub async fn note(tx: &mut Tx, contact: Uuid) -> Result<bool> {
    const WAITING: Sql = sql!("select contact_id from contact_duplicate_queue limit 1 for share skip locked");
    const NOTE: Sql = sql!(
        "insert into contact_duplicate_queue (contact_id) select id from contacts where id = $1 and deleted_at is null on conflict do nothing"
    );
    let waiting: Option<Uuid> = tx.value_opt(WAITING, &[]).await?;
    let added = tx.exec(NOTE, &[&contact]).await?;
    Ok(added == 1 && waiting.is_none())
}

/// Takes contacts that wait to be compared.
pub async fn take(tx: &mut Tx, limit: i64) -> Result<Vec<ContactId>> {
    const TAKE: Sql = sql!(
        "delete from contact_duplicate_queue where contact_id in (select contact_id from contact_duplicate_queue order by contact_id limit $1 for update)
         returning contact_id"
    );
    tx.values(TAKE, &[&limit]).await
}

/// The next contacts in the order of their ids, deleted ones left out.
pub async fn after(tx: &mut Tx, position: Option<Uuid>, limit: i64) -> Result<Vec<ContactId>> {
    const AFTER: Sql =
        sql!("select id from contacts where deleted_at is null and ($1::uuid is null or id > $1) order by id limit $2");
    tx.values(AFTER, &[&position, &limit]).await
}

row! {
    /// What keys are made of.
    pub struct Named {
        pub id: ContactId,
        pub display_name: String,
        pub company_name: Option<String>,
        pub city: Option<String>,
    }
}

/// What the keys of contacts are made of.
pub async fn named(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<Named>> {
    const NAMED: Sql = sql!(
        "select id, display_name, company_name, address ->> 'city' as city from contacts where id = any($1) and deleted_at is null"
    );
    tx.rows(NAMED, &[&ids]).await
}

/// Replaces the keys of contacts; the three lists pair up.
pub async fn set_keys(
    tx: &mut Tx,
    ids: &[ContactId],
    (contacts, kinds, keys): (&[ContactId], &[&str], &[String]),
) -> Result<()> {
    const CLEAR: Sql = sql!(
        "delete from contact_duplicate_keys k where k.contact_id = any($1) and not exists (
           select from unnest($2::uuid[], $3::text[], $4::text[]) as n(contact_id, kind, key)
           where n.contact_id = k.contact_id and n.kind = k.kind and n.key = k.key)"
    );
    const ADD: Sql = sql!(
        "insert into contact_duplicate_keys (contact_id, kind, key)
         select n.contact_id, n.kind, n.key from unnest($1::uuid[], $2::text[], $3::text[]) as n(contact_id, kind, key)
         join contacts c on c.id = n.contact_id on conflict do nothing"
    );
    tx.exec(CLEAR, &[&ids, &contacts, &kinds, &keys]).await?;
    tx.exec(ADD, &[&contacts, &kinds, &keys]).await.map(|_| ())
}

row! {
    /// Two contacts and what they have in common.
    pub struct Candidate {
        pub one: ContactId,
        pub other: ContactId,
        pub email: bool,
        pub phone: bool,
        pub name: bool,
        pub similarity: f64,
        pub named: bool,
        pub company: bool,
        pub city: bool,
        pub apart: bool,
    }
}

impl Candidate {
    /// What they have in common.
    pub fn evidence(&self) -> Evidence {
        let Candidate { email, phone, name, similarity, named, company, city, apart, .. } = *self;
        Evidence { email, phone, name, similarity, named, company, city, apart }
    }
}

/// Whom these contacts may be, and the pairs they are in already. Each is compared with the oldest few that are there and have the same
/// address, name or block, looked for among the oldest few hundred: the work grows with the contacts, not with their square.
pub async fn candidates(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<Candidate>> {
    const CANDIDATES: Sql = sql!(
        "with s as materialized (select c.id from contacts c where c.id = any($1) and c.deleted_at is null),
         p as (
           select s.id as a, o.contact_id as b from s join contact_emails e on e.contact_id = s.id cross join lateral (
             select x.contact_id from (select m.contact_id from contact_emails m where m.canonical = e.canonical and m.contact_id <> s.id
               order by m.contact_id limit 500) x join contacts l on l.id = x.contact_id and l.deleted_at is null order by x.contact_id limit 20) o
           union
           select s.id, o.contact_id from s join contact_phones e on e.contact_id = s.id and e.e164 is not null cross join lateral (
             select x.contact_id from (select m.contact_id from contact_phones m where m.canonical = e.canonical and m.contact_id <> s.id
               order by m.contact_id limit 500) x join contacts l on l.id = x.contact_id and l.deleted_at is null order by x.contact_id limit 20) o
           union
           select s.id, o.contact_id from s join contact_duplicate_keys k on k.contact_id = s.id cross join lateral (
             select x.contact_id from (select m.contact_id from contact_duplicate_keys m where m.kind = k.kind and m.key = k.key
               and m.contact_id <> s.id order by m.contact_id limit 500) x join contacts l on l.id = x.contact_id and l.deleted_at is null
             order by x.contact_id limit 30) o
           union
           select d.one_id, d.other_id from contact_duplicates d where d.one_id = any($1)
           union
           select d.one_id, d.other_id from contact_duplicates d where d.other_id = any($1)),
         q as (select distinct least(p.a, p.b) as one, greatest(p.a, p.b) as other from p)
         select q.one, q.other,
           exists (select from contact_emails e join contact_emails f on f.canonical = e.canonical where e.contact_id = q.one and f.contact_id = q.other) as email,
           exists (select from contact_phones e join contact_phones f on f.canonical = e.canonical
             where e.contact_id = q.one and f.contact_id = q.other and e.e164 is not null) as phone,
           coalesce(m.key = n.key, false) as name, similarity(x.name_key, y.name_key)::float8 as similarity,
           m.key is not null and n.key is not null as named,
           coalesce(fold(x.company_name) = fold(y.company_name), false) as company,
           coalesce(fold(x.address ->> 'city') = fold(y.address ->> 'city'), false) as city,
           (x.email is not null and y.email is not null or x.phone is not null and y.phone is not null) as apart
         from q join contacts x on x.id = q.one join contacts y on y.id = q.other
         left join contact_duplicate_keys m on m.contact_id = q.one and m.kind = 'name'
         left join contact_duplicate_keys n on n.contact_id = q.other and n.kind = 'name'
         where x.deleted_at is null and y.deleted_at is null"
    );
    tx.rows(CANDIDATES, &[&ids]).await
}

/// Keeps pairs with their reasons; what somebody decided stays. Gives those that are new.
pub async fn put(tx: &mut Tx, found: &[(ContactId, ContactId, Vec<String>, i16)]) -> Result<Vec<Uuid>> {
    const PUT: Sql = sql!(
        "with put as (
           insert into contact_duplicates (id, one_id, other_id, reasons, confidence, created_at, updated_at)
           select n.id, n.one_id, n.other_id, string_to_array(n.reasons, ','), n.confidence, $6, $6
           from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::smallint[]) as n(id, one_id, other_id, reasons, confidence)
           order by n.one_id, n.other_id
           on conflict (one_id, other_id) do update set reasons = excluded.reasons, confidence = excluded.confidence, updated_at = excluded.updated_at,
             version = contact_duplicates.version + 1
           where contact_duplicates.state = 'open'
             and (contact_duplicates.reasons, contact_duplicates.confidence) is distinct from (excluded.reasons, excluded.confidence)
           returning id, xmax = 0 as is_new)
         select put.id from put where put.is_new"
    );
    // In the order in which everybody locks contacts, so that nobody waits in a circle; who is gone by now is left out.
    const HOLD: Sql = sql!("select id from contacts where id = any($1) order by id for key share");
    let named: Vec<ContactId> = found.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    let there: BTreeSet<ContactId> = tx.values::<ContactId>(HOLD, &[&named]).await?.into_iter().collect();
    let found: Vec<_> = found.iter().filter(|pair| there.contains(&pair.0) && there.contains(&pair.1)).collect();
    let now = tx.now();
    let ids: Vec<Uuid> = (0..found.len()).map(|n| new_uuid_nth(now, u32::try_from(n).unwrap_or(u32::MAX))).collect();
    let ones: Vec<ContactId> = found.iter().map(|pair| pair.0).collect();
    let others: Vec<ContactId> = found.iter().map(|pair| pair.1).collect();
    let reasons: Vec<String> = found.iter().map(|pair| pair.2.join(",")).collect();
    let confidences: Vec<i16> = found.iter().map(|pair| pair.3).collect();
    tx.values(PUT, &[&ids, &ones, &others, &reasons, &confidences, &now]).await
}

/// Removes open pairs that have nothing in common any more, and gives them.
pub async fn drop_pairs(tx: &mut Tx, ones: &[ContactId], others: &[ContactId]) -> Result<Vec<Uuid>> {
    const DROP: Sql = sql!(
        "delete from contact_duplicates d using unnest($1::uuid[], $2::uuid[]) as g(one_id, other_id)
         where d.one_id = g.one_id and d.other_id = g.other_id and d.state = 'open' returning d.id"
    );
    tx.values(DROP, &[&ones, &others]).await
}

/// What was said about contacts that go holds for the kept one too, as long as the merge stands.
pub(crate) async fn carry(tx: &mut Tx, merge: ContactMergeId, kept: ContactId, merged: &[ContactId]) -> Result<()> {
    const CARRY: Sql = sql!(
        "insert into contact_duplicates (id, one_id, other_id, reasons, confidence, state, merge_id, decided_by, decided_at, created_at, updated_at)
         select gen_random_uuid(), least(p.other, $2::uuid), greatest(p.other, $2::uuid), p.reasons, p.confidence, 'dismissed', $1, p.decided_by, p.decided_at, $4, $4
         from (select case when d.one_id = any($3) then d.other_id else d.one_id end as other, d.reasons, d.confidence, d.decided_by, d.decided_at
               from contact_duplicates d where d.state = 'dismissed' and (d.one_id = any($3) or d.other_id = any($3))) p
         where p.other <> $2 and p.other <> all($3) on conflict (one_id, other_id) do nothing"
    );
    let now = tx.now();
    tx.exec(CARRY, &[&merge, &kept, &merged, &now]).await.map(|_| ())
}

/// Takes back what a merge carried over.
pub(crate) async fn uncarry(tx: &mut Tx, merge: ContactMergeId) -> Result<()> {
    tx.exec(sql!("delete from contact_duplicates where merge_id = $1"), &[&merge]).await.map(|_| ())
}
