//! The statement behind health: what the company's own rows and those of its people say. One company and all of them are
//! asked with the same pieces, so a page, a list and a report never disagree.
use super::model::{CompanyFacts, Healthy, RHYTHM_DAYS};
use crate::companies::CompanyId;
use chrono::TimeDelta;
use contacts::Owners;
use kernel::{Error, Result, Tx, db::Composed};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// How a company in reach is doing.
pub(super) async fn one(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<Healthy> {
    let mut asked = asked(tx);
    asked.add("c.id = ").bind(id.0, Type::UUID);
    within(&mut asked, owners);
    let facts: Vec<CompanyFacts> = tx.composed_rows(&asked).await?;
    let now = tx.now();
    facts.into_iter().next().map(|facts| Healthy::of(facts, now)).ok_or_else(Error::not_found)
}

/// The same of every company in reach whose relationship has not ended.
pub(crate) async fn all(tx: &mut Tx, reach: &Owners, only: &Owners) -> Result<Vec<Healthy>> {
    let mut asked = asked(tx);
    asked.add("c.status not in ('former', 'blacklisted')");
    within(&mut asked, reach);
    within(&mut asked, only);
    asked.add(" order by c.name_key, c.id");
    let rows: Vec<CompanyFacts> = tx.composed_rows(&asked).await?;
    let now = tx.now();
    Ok(rows.into_iter().map(|row| Healthy::of(row, now)).collect())
}

/// The same of these companies, of whoever's, as far as their relationship has not ended.
pub(crate) async fn some(tx: &mut Tx, ids: Vec<Uuid>) -> Result<Vec<Healthy>> {
    let mut asked = asked(tx);
    asked.add("c.status not in ('former', 'blacklisted') and c.id = any(").bind(ids, Type::UUID_ARRAY).add(")");
    let rows: Vec<CompanyFacts> = tx.composed_rows(&asked).await?;
    let now = tx.now();
    Ok(rows.into_iter().map(|row| Healthy::of(row, now)).collect())
}

/// What is known of companies that are there; the caller says of which. A touch counts from when it happened, so what is
/// planned does not count yet, and what was logged with one of its people about the company counts once. What a private note
/// is about stays its author's; that one exists counts for nobody.
fn asked(tx: &Tx) -> Composed {
    let now = tx.now();
    let mut s = Composed::new("with asked as materialized (select ");
    s.bind(now, Type::TIMESTAMPTZ).add("::timestamptz as now, ");
    s.bind(now - TimeDelta::days(RHYTHM_DAYS), Type::TIMESTAMPTZ).add("::timestamptz as since, ");
    s.bind(now - TimeDelta::days(2 * RHYTHM_DAYS), Type::TIMESTAMPTZ).add("::timestamptz as before, ");
    s.bind(tx.tenant().zone.clone(), Type::TEXT).add(
        "::text as zone)
         select c.id, c.name, c.status, c.renews_on, c.cancel_by, (q.now at time zone q.zone)::date as today,
           p.people, p.deciders, p.firsts, t.last_touch, t.recent, t.before
         from companies c cross join asked q
         cross join lateral (
           select count(*) as people, count(*) filter (where 'decision_maker' = any(x.roles)) as deciders, count(*) filter (where x.is_primary) as firsts
           from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null where x.company_id = c.id) p
         cross join lateral (
           select max(h.at) as last_touch, count(*) filter (where h.at > q.since) as recent,
             count(*) filter (where h.at > q.before and h.at <= q.since) as before
           from (
             select a.id, a.occurred_at as at from activities a where a.company_id = c.id
             union select n.id, n.created_at from notes n where n.company_id = c.id and not n.is_private
             union select w.id, w.at from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null
               cross join lateral (
                 select a.id, a.occurred_at as at from activities a where a.contact_id = x.contact_id
                 union all select n.id, n.created_at from notes n where n.contact_id = x.contact_id and not n.is_private
                 union all select f.id, f.accepted_at from submissions f where f.contact_id = x.contact_id and f.accepted_at is not null) w
               where x.company_id = c.id) h
           where h.at <= q.now) t
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
