//! Every statement on retention, and what is read of other modules' tables for it.
use super::model::Retention;
use chrono::{DateTime, TimeDelta, Utc};
use contacts::ContactId;
use kernel::{Result, Tx, db::Sql, sql};

/// Whoever could not be erased is tried again after so long.
const PATIENCE: TimeDelta = TimeDelta::days(30);

/// What is in force.
pub(super) async fn find(tx: &mut Tx) -> Result<Retention> {
    const FIND: Sql = sql!("select r.contact_days, r.updated_at, r.version from retention r where r.key = 1");
    let found = tx.opt(FIND, &[]).await?;
    Ok(found.unwrap_or(Retention { contact_days: None, updated_at: None, version: 0 }))
}

/// The same; whoever changes it at the same time waits.
pub(super) async fn find_for_update(tx: &mut Tx) -> Result<Retention> {
    const LOCK: Sql =
        sql!("select pg_advisory_xact_lock(hashtextextended('retention', hashtextextended($1::text, 0)))");
    let tenant = tx.tenant().id.to_string();
    tx.exec(LOCK, &[&tenant]).await?;
    find(tx).await
}

/// Says how long contacts are kept.
pub(super) async fn put(tx: &mut Tx, contact_days: Option<i32>) -> Result<Retention> {
    const PUT: Sql = sql!(
        "insert into retention as r (key, contact_days, updated_at) values (1, $1, $2)
         on conflict on constraint retention_pkey do update set contact_days = $1, updated_at = $2, version = r.version + 1
         returning r.contact_days, r.updated_at, r.version"
    );
    let now = tx.now();
    tx.row(PUT, &[&contact_days, &now]).await
}

/// Some of the contacts with whom nothing has happened since then, the quietest first; at most so many.
pub(super) async fn quiet(tx: &mut Tx, since: DateTime<Utc>, most: i64) -> Result<Vec<ContactId>> {
    const QUIET: Sql = sql!(
        "select c.id from contacts c
         where c.deleted_at is null and coalesce(c.last_contact_at, c.created_at) < $1 and c.created_at < $1 and c.updated_at < $1
           and c.hold_reason is null
           and not exists (select from events e where e.contact_id = c.id and e.occurred_at >= $1 and e.actor_kind <> 'system')
           and not exists (select from deal_contacts l join deals d on d.id = l.deal_id
             where l.contact_id = c.id and d.status = 'open' and d.deleted_at is null)
           and not exists (select from tasks t where t.contact_id = c.id and t.status = 'open' and t.deleted_at is null)
           and not exists (select from data_requests r where r.contact_id = c.id and r.kind = 'erasure' and r.created_at > $2)
         order by coalesce(c.last_contact_at, c.created_at), c.id limit $3"
    );
    let lately = tx.now() - PATIENCE;
    tx.values(QUIET, &[&since, &lately, &most]).await
}

/// How many there are.
pub(super) async fn count_quiet(tx: &mut Tx, since: DateTime<Utc>) -> Result<i64> {
    const COUNT: Sql = sql!(
        "select count(*) from contacts c
         where c.deleted_at is null and coalesce(c.last_contact_at, c.created_at) < $1 and c.created_at < $1 and c.updated_at < $1
           and c.hold_reason is null
           and not exists (select from events e where e.contact_id = c.id and e.occurred_at >= $1 and e.actor_kind <> 'system')
           and not exists (select from deal_contacts l join deals d on d.id = l.deal_id
             where l.contact_id = c.id and d.status = 'open' and d.deleted_at is null)
           and not exists (select from tasks t where t.contact_id = c.id and t.status = 'open' and t.deleted_at is null)
           and not exists (select from data_requests r where r.contact_id = c.id and r.kind = 'erasure' and r.created_at > $2)"
    );
    let lately = tx.now() - PATIENCE;
    tx.value(COUNT, &[&since, &lately]).await
}
