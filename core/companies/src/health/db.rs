//! The statement behind health: what the log and the company's own rows say.
use super::model::{Facts, RHYTHM_DAYS, TOUCHES};
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
           where e.kind = any($3) and e.occurred_at <= $4 and e.payload -> 'private' is distinct from 'true')
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
    let since = now - TimeDelta::days(RHYTHM_DAYS);
    let before = now - TimeDelta::days(2 * RHYTHM_DAYS);
    tx.row(FACTS, &[&id, owners, &TOUCHES, &now, &since, &before, &zone]).await
}
