//! The statement behind health: what the log and the company's own rows say.
use super::model::{CompanyFacts, Facts, Healthy, RHYTHM_DAYS, TOUCHES};
use crate::companies::CompanyId;
use chrono::TimeDelta;
use contacts::Owners;
use kernel::{Result, Tx, db::Sql, sql};

/// What is known of a company in reach. What a private note is about stays its author's; that one exists counts for nobody.
pub async fn facts(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<Facts> {
    const FACTS: Sql = sql!(
        "with staff as (
           select x.contact_id, x.roles, x.is_primary from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null
           where x.company_id = $1),
         touches as (
           select e.occurred_at from staff s join events e on e.contact_id = s.contact_id
           where e.kind = any($3) and e.occurred_at <= $4 and e.payload -> 'private' is distinct from 'true'
           union all select e.occurred_at from events e where e.payload ->> 'company' = $8 and e.kind = any($3)
             and e.occurred_at <= $4 and e.payload -> 'private' is distinct from 'true'
             and not exists (select from staff s where s.contact_id = e.contact_id))
         select c.status, c.renews_on, c.cancel_by, ($4::timestamptz at time zone $7)::date as today,
           (select count(*) from staff) as people,
           (select count(*) from staff s where 'decision_maker' = any(s.roles)) as deciders,
           (select count(*) from staff s where s.is_primary) as firsts,
           (select max(t.occurred_at) from touches t) as last_touch,
           (select count(*) from touches t where t.occurred_at > $5) as recent,
           (select count(*) from touches t where t.occurred_at > $6 and t.occurred_at <= $5) as before
         from companies c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))"
    );
    let (now, zone) = (tx.now(), tx.tenant().zone.clone());
    let wire = id.to_string();
    let since = now - TimeDelta::days(RHYTHM_DAYS);
    let before = now - TimeDelta::days(2 * RHYTHM_DAYS);
    tx.row(FACTS, &[&id, owners, &TOUCHES, &now, &since, &before, &zone, &wire]).await
}

/// The same of every company in reach whose relationship has not ended.
pub(crate) async fn all(tx: &mut Tx, reach: &Owners, only: &Owners) -> Result<Vec<Healthy>> {
    const ALL: Sql = sql!(
        "select c.id, c.name, c.status, c.renews_on, c.cancel_by, ($3::timestamptz at time zone $6)::date as today, p.people, p.deciders, p.firsts,
           t.last_touch, t.recent, t.before
         from companies c
         cross join lateral (
           select count(*) as people, count(*) filter (where 'decision_maker' = any(x.roles)) as deciders, count(*) filter (where x.is_primary) as firsts
           from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null where x.company_id = c.id) p
         cross join lateral (
           select max(e.occurred_at) as last_touch, count(*) filter (where e.occurred_at > $4) as recent,
             count(*) filter (where e.occurred_at > $5 and e.occurred_at <= $4) as before
           from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null join events e on e.contact_id = x.contact_id
           where x.company_id = c.id and e.kind = any($2) and e.occurred_at <= $3 and e.payload -> 'private' is distinct from 'true') t
         where c.deleted_at is null and c.status not in ('former', 'blacklisted')
           and ($1::uuid[] is null or c.owner_id = any($1)) and ($7::uuid[] is null or c.owner_id = any($7))
         order by c.name_key, c.id"
    );
    let (now, zone) = (tx.now(), tx.tenant().zone.clone());
    let since = now - TimeDelta::days(RHYTHM_DAYS);
    let before = now - TimeDelta::days(2 * RHYTHM_DAYS);
    let rows: Vec<CompanyFacts> = tx.rows(ALL, &[reach, &TOUCHES, &now, &since, &before, &zone, only]).await?;
    Ok(rows.into_iter().map(|row| Healthy::of(row, now)).collect())
}
