//! What an import of contacts reads and writes of occasions: many at a time.
use crate::occasions::{dates::Kept, model::OccasionId};
use contacts::Owners;
use kernel::{Result, Tx, db::Sql, row, sql};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Those of the contacts whose occasions may be written.
pub async fn reached(tx: &mut Tx, contacts: &[Uuid], owners: &Owners) -> Result<Vec<Uuid>> {
    const REACHED: Sql =
        sql!("select c.id from contacts c where c.id = any($1) and ($2::uuid[] is null or c.owner_id = any($2))");
    tx.values(REACHED, &[&contacts, owners]).await
}

row! {
    /// A day that is known of a contact.
    pub struct Known {
        pub id: OccasionId,
        pub contact: Uuid,
        pub kind: String,
        pub anchor: String,
        pub year: Option<i32>,
        /// All of it.
        pub row: Value,
    }
}

/// What is known of contacts, the oldest first; with `locks` it stays so until the end of the transaction.
pub async fn known(tx: &mut Tx, contacts: &[Uuid], locks: bool) -> Result<Vec<Known>> {
    const KNOWN: Sql = sql!(
        "select o.id, u.id as contact, o.kind, o.anchor, o.year, to_jsonb(o) - 'contact_id' as row
         from unnest($1::uuid[]) as u(id) join occasions o on o.contact_id = u.id where o.deleted_at is null order by o.created_at, o.id"
    );
    const LOCKED: Sql = sql!(
        "select o.id, u.id as contact, o.kind, o.anchor, o.year, to_jsonb(o) - 'contact_id' as row
         from unnest($1::uuid[]) as u(id) join occasions o on o.contact_id = u.id where o.deleted_at is null order by o.created_at, o.id for update of o"
    );
    tx.rows(if locks { LOCKED } else { KNOWN }, &[&contacts]).await
}

/// A day of every year as an import brings it.
#[derive(Serialize)]
pub struct Brought {
    id: Uuid,
    contact_id: Uuid,
    kind: &'static str,
    year: Option<i32>,
    month: i16,
    day: Option<i16>,
    anchor: String,
}

impl Brought {
    /// Of a date.
    pub fn of(id: Uuid, contact: Uuid, kind: &'static str, kept: &Kept, anchor: String) -> Self {
        Brought { id, contact_id: contact, kind, year: kept.year, month: kept.month, day: kept.day, anchor }
    }
}

/// New days, and locked ones that are others now; versions of those jump. Whatever else is said about them stays.
pub async fn bring(tx: &mut Tx, new: &[Brought], changed: &[Brought], jump: i64) -> Result<()> {
    const NEW: Sql = sql!(
        "insert into occasions (id, contact_id, kind, date_kind, year, month, day, anchor, created_at, updated_at)
         select n.id, n.contact_id, n.kind, 'yearly', n.year, n.month, n.day, n.anchor, $2, $2
         from jsonb_populate_recordset(null::occasions, $1) n"
    );
    const CHANGED: Sql = sql!(
        "update occasions o set date_kind = 'yearly', year = n.year, month = n.month, day = n.day, nth = null, weekday = null,
           leap_policy = case when o.anchor = n.anchor then o.leap_policy end, anchor = n.anchor, updated_at = $2, version = o.version + $3
         from jsonb_populate_recordset(null::occasions, $1) n where o.id = n.id"
    );
    let now = tx.now();
    if !new.is_empty() {
        tx.exec(NEW, &[&json!(new), &now]).await?;
    }
    if !changed.is_empty() {
        tx.exec(CHANGED, &[&json!(changed), &now, &jump]).await?;
    }
    Ok(())
}

/// Removes days that are as an import made them, and gives back what changed ones were; gives those that somebody has changed
/// since.
pub async fn take_back(tx: &mut Tx, traces: &[&Value], jump: i64) -> Result<Vec<OccasionId>> {
    const TAKE: Sql = sql!(
        "with said as (
           select (o.value ->> 'id')::uuid as id, o.value -> 'before' as before from unnest($1::jsonb[]) as t(trace) cross join jsonb_array_elements(t.trace) o),
         gone as (
           delete from occasions o using said s where o.id = s.id and s.before is null and o.version = 1 returning o.id),
         back as (
           update occasions o set date_kind = b.date_kind, year = b.year, month = b.month, day = b.day, nth = b.nth, weekday = b.weekday,
             leap_policy = b.leap_policy, anchor = b.anchor, updated_at = b.updated_at, version = b.version
           from said s, jsonb_populate_record(null::occasions, s.before) b
           where o.id = s.id and s.before is not null and o.version = b.version + $2 returning o.id)
         select o.id from said s join occasions o on o.id = s.id
         where o.id not in (select g.id from gone g) and o.id not in (select b.id from back b)"
    );
    tx.values(TAKE, &[&traces, &jump]).await
}
