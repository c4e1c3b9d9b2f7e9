//! Every statement on groups. They are no rows: open pairs that share a company hang together, and a group is found by walking
//! along them from the surest pair.
use super::model::{CompanyDuplicateGroup, GroupedCompany, GroupedPair, SHOWN};
use crate::{companies::CompanyId, company_duplicates::CompanyDuplicateId};
use contacts::Owners;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use poem_openapi::Object;
use std::collections::{BTreeSet, HashMap};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Open pairs of companies that are both there.
const PAIRS: ListSpec = ListSpec {
    select: "select d.id, d.one_id as one, d.other_id as other, d.confidence \
        from company_duplicates d join companies x on x.id = d.one_id join companies y on y.id = d.other_id",
    id: "d.id",
    always: "d.state = 'open' and x.deleted_at is null and y.deleted_at is null",
    fields: &[Field { name: "confidence", sql: "d.confidence", kind: FieldKind::Int, sort: Some("d.confidence") }],
    default_sort: "-confidence",
};

/// Holds for a pair with both companies in reach than which no other one is surer, as far as one comes along pairs in reach. Whoever
/// hangs together by the hundred is walked through no further than a hundred. The walk names both companies of its pair: so the
/// database walks once for each pair that is there, and not while it still joins them.
const SUREST: &str = "((?::uuid[] is null or x.owner_id = any(?) and y.owner_id = any(?)) and not exists (
   with recursive walk(id) as (
     select d.one_id where (x.id, y.id) = (d.one_id, d.other_id)
     union
     select c.id from walk w cross join lateral (
       select e.other_id as id from company_duplicates e where e.one_id = w.id and e.state = 'open'
       union all
       select e.one_id from company_duplicates e where e.other_id = w.id and e.state = 'open') n
     join companies c on c.id = n.id and c.deleted_at is null and (?::uuid[] is null or c.owner_id = any(?)))
   select from (select w.id from walk w limit 100) m
   join company_duplicates o on o.one_id = m.id and o.state = 'open'
   join companies c on c.id = o.other_id and c.deleted_at is null and (?::uuid[] is null or c.owner_id = any(?))
   where (o.confidence, o.id) > (d.confidence, d.id)))";

/// Passes by the pairs of companies that very many others may be, but for the surest of each: one walk for each such pair is too much.
const BUT_HUBS: &str = "(d.one_id <> all(?) or d.id = any(?))";

row! {
    /// A pair that stands for its group.
    #[derive(Object, Debug, Clone)]
    struct Head {
        id: CompanyDuplicateId,
        one: CompanyId,
        other: CompanyId,
        confidence: i16,
    }
}

/// One page of groups of companies in reach, the surest first.
pub async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<CompanyDuplicateGroup>> {
    let hubs = hubs(tx, owners).await?;
    let clauses = [Clause(BUT_HUBS, &hubs, Type::UUID_ARRAY), Clause(SUREST, owners, Type::UUID_ARRAY)];
    let page: Page<Head> = tx.list(&PAIRS, query, &clauses).await?;
    let mut members = companies(tx, &page.items, owners).await?;
    let ids: Vec<Uuid> = members.values().flatten().map(|company| company.company.0).collect();
    let pairs = pairs(tx, &ids).await?;
    let group = |head: Head| {
        let companies = members.remove(&head.one).unwrap_or_default();
        let within: BTreeSet<CompanyId> = companies.iter().map(|company| company.company).collect();
        let pairs = pairs.iter().filter(|pair| within.contains(&pair.one) && within.contains(&pair.other));
        CompanyDuplicateGroup { id: head.id, confidence: head.confidence, pairs: pairs.cloned().collect(), companies }
    };
    Ok(Page { items: page.items.into_iter().map(group).collect(), next_cursor: page.next_cursor })
}

/// Companies that come first in more than a hundred open pairs, and the surest pair in reach of each: only that one may stand for a
/// group. One list of both, as ids of companies and of pairs are never equal.
async fn hubs(tx: &mut Tx, owners: &Owners) -> Result<Vec<Uuid>> {
    const HUBS: Sql = sql!(
        "with hubs as materialized (
           select d.one_id as id from company_duplicates d where d.state = 'open' group by d.one_id having count(*) > 100)
         select h.id from hubs h
         union all
         select s.id from hubs h join companies x on x.id = h.id and x.deleted_at is null and ($1::uuid[] is null or x.owner_id = any($1))
         cross join lateral (
           select o.id from company_duplicates o
           join companies y on y.id = o.other_id and y.deleted_at is null and ($1::uuid[] is null or y.owner_id = any($1))
           where o.one_id = h.id and o.state = 'open' order by o.confidence desc, o.id desc limit 1) s"
    );
    tx.values(HUBS, &[owners]).await
}

/// The companies of groups by the first one of their surest pair, which is among them, the oldest first.
async fn companies(tx: &mut Tx, heads: &[Head], owners: &Owners) -> Result<HashMap<CompanyId, Vec<GroupedCompany>>> {
    row! { struct Member { start: CompanyId, company: CompanyId } }
    const MEMBERS: Sql = sql!(
        "select s.one as start, m.id as company from unnest($1::uuid[], $2::uuid[]) as s(one, other) cross join lateral (
           with recursive walk(id) as (
             select v.id from (values (s.one), (s.other)) as v(id)
             union
             select c.id from walk w cross join lateral (
               select e.other_id as id from company_duplicates e where e.one_id = w.id and e.state = 'open'
               union all
               select e.one_id from company_duplicates e where e.other_id = w.id and e.state = 'open') n
             join companies c on c.id = n.id and c.deleted_at is null and ($3::uuid[] is null or c.owner_id = any($3)))
           select w.id from walk w limit $4) m"
    );
    const COMPANIES: Sql = sql!(
        "select c.id as company, c.name, c.website, c.email, c.phone, c.address ->> 'city' as city, c.created_at, c.version
         from companies c where c.id = any($1) order by c.created_at, c.id"
    );
    let shown = i64::try_from(SHOWN).unwrap_or(i64::MAX);
    let (ones, others): (Vec<_>, Vec<_>) = heads.iter().map(|head| (head.one, head.other)).unzip();
    let members: Vec<Member> = tx.rows(MEMBERS, &[&ones, &others, owners, &shown]).await?;
    let ids: Vec<CompanyId> = members.iter().map(|member| member.company).collect();
    // Where very many hang together, two groups may reach the same company.
    let mut starts: HashMap<CompanyId, Vec<CompanyId>> = HashMap::new();
    for Member { start, company } in members {
        starts.entry(company).or_default().push(start);
    }
    let mut groups: HashMap<CompanyId, Vec<GroupedCompany>> = HashMap::new();
    for company in tx.rows::<GroupedCompany>(COMPANIES, &[&ids]).await? {
        for start in starts.get(&company.company).into_iter().flatten() {
            groups.entry(*start).or_default().push(company.clone());
        }
    }
    Ok(groups)
}

/// The open pairs among companies, the surest first.
async fn pairs(tx: &mut Tx, companies: &[Uuid]) -> Result<Vec<GroupedPair>> {
    const PAIRS: Sql = sql!(
        "select d.id, d.one_id as one, d.other_id as other, d.reasons, d.confidence, d.version from company_duplicates d
         where d.state = 'open' and d.one_id = any($1) and d.other_id = any($1) order by d.confidence desc, d.id desc"
    );
    tx.rows(PAIRS, &[&companies]).await
}
