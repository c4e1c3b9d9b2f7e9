//! Every statement on health: what the company's own rows and those of its people say, and what is kept of it. One company and
//! many are asked with the same pieces, so a page, a list and a report never disagree.
use super::{
    kept::{Healthy, Kept},
    model::{CompanyHealth, Facts, RHYTHM_DAYS},
};
use crate::companies::CompanyId;
use chrono::{DateTime, TimeDelta, Utc};
use contacts::Owners;
use kernel::{
    Error, Result, Tx,
    db::{Composed, Sql},
    ids, row, sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// How a company in reach is doing, and whether that is what is kept.
pub(super) async fn one(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<(CompanyHealth, bool)> {
    const IS_KEPT: Sql = sql!("select c.health = $2 and c.health_found = $3 from companies c where c.id = $1");
    let mut asked = asked(tx);
    asked.add("c.id = ").bind(id.0, Type::UUID);
    within(&mut asked, owners);
    let found: Vec<Facts> = tx.composed_rows(&asked).await?;
    let facts = found.first().ok_or_else(Error::not_found)?;
    let kept = Kept::of(facts);
    let is_kept = tx.value_opt::<bool>(IS_KEPT, &[&id, &kept.health, &kept.found]).await?;
    Ok((CompanyHealth::of(facts), is_kept.unwrap_or(true)))
}

/// What is known of companies that are not deleted.
pub(super) async fn facts(tx: &mut Tx, ids: &[CompanyId]) -> Result<Vec<Facts>> {
    let mut asked = asked(tx);
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    asked.add("c.id = any(").bind(ids, Type::UUID_ARRAY).add(")");
    tx.composed_rows(&asked).await
}

/// What is known of companies that are there; the caller says of which. A touch counts from when it happened, so what is
/// planned does not count yet, and what was logged with one of its people about the company counts once. What a private note
/// is about stays its author's; that one exists counts for nobody.
fn asked(tx: &Tx) -> Composed {
    let here = tx.here();
    let begin = |days: i64| here.begin(here.today() - TimeDelta::days(days - 1));
    let mut s = Composed::new("with asked as materialized (select ");
    s.bind(tx.now(), Type::TIMESTAMPTZ).add("::timestamptz as now, ").bind(tx.tenant().zone.clone(), Type::TEXT);
    s.add("::text as zone, ").bind(here.today(), Type::DATE).add("::date as today, ");
    s.bind(begin(RHYTHM_DAYS), Type::TIMESTAMPTZ).add("::timestamptz as since, ");
    s.bind(begin(2 * RHYTHM_DAYS), Type::TIMESTAMPTZ).add(
        "::timestamptz as before)
         select c.id, c.status, c.renews_on, c.cancel_by, q.today, p.people, p.deciders, p.firsts,
           (t.touched_at at time zone q.zone)::date as touched_on, t.recent, (t.recent_from at time zone q.zone)::date as recent_from,
           t.before, (t.before_from at time zone q.zone)::date as before_from, t.planned_at
         from companies c cross join asked q
         cross join lateral (
           select count(*) as people, count(*) filter (where 'decision_maker' = any(x.roles)) as deciders, count(*) filter (where x.is_primary) as firsts
           from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null where x.company_id = c.id) p
         cross join lateral (
           select max(h.at) filter (where h.at <= q.now) as touched_at, min(h.at) filter (where h.at > q.now) as planned_at,
             count(*) filter (where h.at >= q.since and h.at <= q.now) as recent, min(h.at) filter (where h.at >= q.since and h.at <= q.now) as recent_from,
             count(*) filter (where h.at >= q.before and h.at < q.since) as before, min(h.at) filter (where h.at >= q.before and h.at < q.since) as before_from
           from (
             select a.id, a.occurred_at as at from activities a where a.company_id = c.id
             union select n.id, n.created_at from notes n where n.company_id = c.id and not n.is_private
             union select w.id, w.at from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null
               cross join lateral (
                 select a.id, a.occurred_at as at from activities a where a.contact_id = x.contact_id
                 union all select n.id, n.created_at from notes n where n.contact_id = x.contact_id and not n.is_private
                 union all select f.id, f.accepted_at from submissions f where f.contact_id = x.contact_id and f.accepted_at is not null) w
               where x.company_id = c.id) h) t
         where c.deleted_at is null and ",
    );
    s
}

/// Leaves out whatever belongs to other members.
fn within(s: &mut Composed, owners: &Owners) {
    if let Some(owners) = owners {
        s.add(" and c.owner_id = any(").bind(owners.clone(), Type::UUID_ARRAY).add(")");
    }
}

/// Writes what is counted of held companies, where it is another. Their versions stay: nothing that anybody edits has changed.
pub(super) async fn keep(tx: &mut Tx, kept: &[Kept]) -> Result<()> {
    const KEEP: Sql = sql!(
        "with counted as (
           select n.id, n.health, string_to_array(n.found, ' ') as found, n.next
           from unnest($1::uuid[], $2::integer[], $3::text[], $4::timestamptz[]) as n(id, health, found, next))
         update companies c set health = n.health, health_found = n.found, health_next = n.next from counted n
         where c.id = n.id and (c.health, c.health_found, c.health_next) is distinct from (n.health, n.found, n.next)"
    );
    let ids: Vec<CompanyId> = kept.iter().map(|one| one.id).collect();
    let health: Vec<i32> = kept.iter().map(|one| one.health).collect();
    let found: Vec<String> = kept.iter().map(|one| one.found.join(" ")).collect();
    let here = tx.here();
    let next = |one: &Kept| one.changes_on.map(|day| here.begin(day)).into_iter().chain(one.planned_at).min();
    let next: Vec<Option<DateTime<Utc>>> = kept.iter().map(next).collect();
    tx.exec(KEEP, &[&ids, &health, &found, &next]).await.map(drop)
}

/// Notes that something happened with companies.
pub(super) async fn note(tx: &mut Tx, companies: &[CompanyId]) -> Result<()> {
    const NOTE: Sql =
        sql!("insert into health_dirty (company_id) select distinct n.id from unnest($1::uuid[]) as n(id)");
    tx.exec(NOTE, &[&companies]).await.map(drop)
}

/// The same for those whose people these contacts are, or became part of; how many there are.
pub(super) async fn note_people(tx: &mut Tx, contacts: &[Uuid]) -> Result<u64> {
    const NOTE: Sql = sql!(
        "insert into health_dirty (company_id) select distinct x.company_id from company_contacts x
         where x.contact_id in (
           select n.id from unnest($1::uuid[]) as n(id) union all select k.merged_into from contacts k where k.id = any($1) and k.merged_into is not null)"
    );
    tx.exec(NOTE, &[&contacts]).await
}

row! {
    /// Whom something was about that is gone for good.
    pub struct Told {
        pub contact: Option<Uuid>,
        pub company: Option<Uuid>,
        /// The same in a payload.
        pub named: Option<String>,
    }
}

/// Whom events tell of that were about a record, or about a contact that became part of it.
pub(super) async fn told(tx: &mut Tx, subject: &str, id: Uuid) -> Result<Vec<Told>> {
    const OF_CONTACT: Sql = sql!(
        "select distinct null::uuid as contact, case e.subject when 'companies' then e.subject_id end as company, e.payload ->> 'company' as named
         from events e
         where e.contact_id in (select $1::uuid union all select m.subject_id from events m where m.contact_id = $1 and m.kind = 'contact.merged')
           and (e.subject = 'companies' or e.payload ->> 'company' is not null)"
    );
    const OF_COMPANY: Sql = sql!(
        "select distinct e.contact_id as contact, null::uuid as company, null::text as named from events e
         where e.payload ->> 'company' = $1 and e.contact_id is not null"
    );
    const OF_DEAL: Sql = sql!(
        "select distinct e.contact_id as contact, null::uuid as company, null::text as named from events e
         where e.payload ->> 'deal' = $1 and e.contact_id is not null"
    );
    const OF_SUBMISSION: Sql = sql!(
        "select distinct e.contact_id as contact, null::uuid as company, null::text as named from events e
         where e.subject = 'submissions' and e.subject_id = $1 and e.contact_id is not null"
    );
    match subject {
        "contacts" => tx.rows(OF_CONTACT, &[&id]).await,
        "companies" => tx.rows(OF_COMPANY, &[&CompanyId(id).to_string()]).await,
        "deals" => tx.rows(OF_DEAL, &[&format!("dea_{}", ids::encode(id))]).await,
        _ => tx.rows(OF_SUBMISSION, &[&id]).await,
    }
}

/// Takes some of the companies that something happened to: whatever happens to them from now on is noted again.
pub(super) async fn take(tx: &mut Tx, limit: i64) -> Result<Vec<CompanyId>> {
    // By place: a plan made while the table was empty would read all of it for every batch.
    const TAKE: Sql = sql!(
        "delete from health_dirty d where d.ctid = any(array(select k.ctid from health_dirty k limit $1 for update skip locked)) returning d.company_id"
    );
    let mut taken: Vec<CompanyId> = tx.values(TAKE, &[&limit]).await?;
    taken.sort_unstable();
    taken.dedup();
    Ok(taken)
}

/// Companies that are due, the longest overdue first.
pub(super) async fn due(tx: &mut Tx, limit: i64) -> Result<Vec<CompanyId>> {
    const DUE: Sql =
        sql!("select c.id from companies c where c.health_next <= $1 order by c.health_next, c.id limit $2");
    let now = tx.now();
    tx.values(DUE, &[&now, &limit]).await
}

/// When the next one is.
pub(super) async fn next(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.value(sql!("select min(c.health_next) from companies c where c.health_next is not null"), &[]).await
}

/// The next companies in the order of their ids.
pub(super) async fn page(tx: &mut Tx, after: Option<CompanyId>, limit: i64) -> Result<Vec<CompanyId>> {
    const PAGE: Sql = sql!("select c.id from companies c where $1::uuid is null or c.id > $1 order by c.id limit $2");
    tx.values(PAGE, &[&after, &limit]).await
}

/// How many companies in reach there are of each band, and of each finding about a part (`touch.silent`); `only` those of these
/// owners. Whose relationship has ended counts nowhere.
pub async fn figures(tx: &mut Tx, reach: &Owners, only: &Owners) -> Result<Vec<(String, i64)>> {
    row! { struct Figure { word: String, count: i64 } }
    let mut asked = Composed::new(
        "select f.word, count(*) as count from companies c cross join unnest(c.health_found) as f(word) where c.deleted_at is null",
    );
    within(&mut asked, reach);
    within(&mut asked, only);
    asked.add(" group by f.word");
    let figures: Vec<Figure> = tx.composed_rows(&asked).await?;
    Ok(figures.into_iter().map(|figure| (figure.word, figure.count)).collect())
}

/// Those of them with the lowest scores, the lowest first and the oldest company of equal ones: the order of an index.
pub async fn least(tx: &mut Tx, reach: &Owners, only: &Owners, most: i64) -> Result<Vec<Healthy>> {
    let mut asked = Composed::new(
        "select c.id, c.name, c.health as score, c.health_found as found from companies c where c.deleted_at is null and c.health <= 100",
    );
    within(&mut asked, reach);
    within(&mut asked, only);
    asked.add(" order by c.health, c.id limit ").bind(most, Type::INT8);
    tx.composed_rows(&asked).await
}
