//! Every statement on retention, and what is read of other modules' tables for it.
use super::model::{Place, Retention};
use chrono::{DateTime, TimeDelta, Utc};
use contacts::ContactId;
use kernel::{Result, Tx, db::Sql, row, sql};

/// Whoever could not be erased is tried again after so long.
const PATIENCE: TimeDelta = TimeDelta::days(30);

/// Contacts that one look takes in, as its statement says: a plan that is kept would not know a bound that it is given.
const LOOK: usize = 1000;

/// What is in force.
pub(super) async fn find(tx: &mut Tx) -> Result<Retention> {
    const FIND: Sql = sql!("select r.contact_days, r.updated_at, r.version from retention r where r.key = 1");
    let found = tx.opt(FIND, &[]).await?;
    Ok(found.unwrap_or(Retention { contact_days: None, updated_at: None, version: 0 }))
}

/// The same; whoever changes it at the same time waits.
pub(super) async fn find_for_update(tx: &mut Tx) -> Result<Retention> {
    tx.lock("retention").await?;
    find(tx).await
}

/// Says how long contacts are kept.
pub(super) async fn put(tx: &mut Tx, contact_days: Option<i32>) -> Result<Retention> {
    const PUT: Sql = sql!(
        "insert into retention as r (key, contact_days, updated_at) values (1, $1, $2)
         on conflict on constraint retention_pkey do update set contact_days = $1, updated_at = $2, step = 0, version = r.version + 1
         returning r.contact_days, r.updated_at, r.version"
    );
    let now = tx.now();
    tx.row(PUT, &[&contact_days, &now]).await
}

/// Takes the step of a round: of this version, and this one, or whichever comes next for a job that knew no steps. None when something
/// else was said since, or when a job comes again whose step was taken.
pub(super) async fn take_step(tx: &mut Tx, version: i64, step: Option<i64>) -> Result<Option<Step>> {
    const TAKE: Sql = sql!(
        "update retention r set step = r.step + 1
         where r.key = 1 and r.version = $1 and ($2::bigint is null or r.step = $2)
         returning r.contact_days, r.step as next"
    );
    tx.opt(TAKE, &[&version, &step]).await
}

/// Whether erasures that were asked for lately still wait.
pub(super) async fn is_busy(tx: &mut Tx) -> Result<bool> {
    const IS_BUSY: Sql = sql!(
        "select exists (select from data_requests r where r.created_at > $1 and r.kind = 'erasure' and r.state = 'queued')"
    );
    let lately = tx.now() - TimeDelta::hours(1);
    tx.value(IS_BUSY, &[&lately]).await
}

row! {
    /// A step that was taken.
    pub(super) struct Step {
        /// After how many days contacts are erased; none when none is any more.
        pub contact_days: Option<i32>,
        /// The step that comes next.
        pub next: i64,
    }
}

row! {
    /// A contact with whom nobody was in touch for long.
    pub(super) struct Quiet {
        pub contact: ContactId,
        /// Since when.
        pub since: DateTime<Utc>,
        /// Whether nothing else happened either, and nothing speaks for keeping it.
        pub is_over: bool,
    }
}

impl Quiet {
    pub fn place(&self) -> Place {
        Place { since: self.since, contact: self.contact }
    }
}

/// The next contacts with whom nobody was in touch since then, the quietest first, along their index; and whether there may be more.
/// What else speaks for one is asked of those alone, so a look costs the same however many there are.
pub(super) async fn look(tx: &mut Tx, since: DateTime<Utc>, after: Option<Place>) -> Result<(Vec<Quiet>, bool)> {
    const LOOK_ON: Sql = sql!(
        "with next as materialized (
           select c.id, coalesce(c.last_contact_at, c.created_at) as since,
             c.created_at < $1 and c.updated_at < $1 and c.hold_reason is null as is_free
           from contacts c
           where c.deleted_at is null and coalesce(c.last_contact_at, c.created_at) < $1
             and (coalesce(c.last_contact_at, c.created_at), c.id)
               > (coalesce($3::timestamptz, '-infinity'), coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'))
           order by coalesce(c.last_contact_at, c.created_at), c.id limit 1000)
         select n.id as contact, n.since, n.is_free
           and not exists (select from events e where e.contact_id = n.id and e.occurred_at >= $1 and e.actor_kind <> 'system')
           and not exists (select from deal_contacts l join deals d on d.id = l.deal_id
             where l.contact_id = n.id and d.status = 'open' and d.deleted_at is null)
           and not exists (select from tasks t where t.contact_id = n.id and t.status = 'open' and t.deleted_at is null)
           and not exists (select from data_requests r where r.contact_id = n.id and r.kind = 'erasure' and r.created_at > $2) as is_over
         from next n order by n.since, n.id"
    );
    let lately = tx.now() - PATIENCE;
    let (at, contact) = after.map(|place| (place.since, place.contact)).unzip();
    let found: Vec<Quiet> = tx.rows(LOOK_ON, &[&since, &lately, &at, &contact]).await?;
    let is_more = found.len() == LOOK;
    Ok((found, is_more))
}
