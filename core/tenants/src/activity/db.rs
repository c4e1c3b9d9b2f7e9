//! Statements on what was counted.
use super::model::{Head, KEPT_DAYS, KINDS, LatestRow, PART_HOURS, PartRow, RoleRow, Window};
use chrono::TimeDelta;
use kernel::{ControlTx, Result, Tx, sql};
use uuid::Uuid;

/// Up to where the tenant is counted. Whoever counts holds this row until he is done.
pub(crate) async fn lock(tx: &mut Tx) -> Result<Option<Head>> {
    tx.opt(sql!("select seq, contacts_seq from ops.activity_heads where tenant = current_user for update"), &[]).await
}

/// Makes the row that [`lock`] takes; of two that come at once, one makes it.
pub(crate) async fn begin(tx: &mut Tx) -> Result<u64> {
    tx.exec(sql!("insert into ops.activity_heads (tenant) values (current_user) on conflict do nothing"), &[]).await
}

/// Counts everything behind a place in the log. Whoever came with a file counts when all of it is in. A released answer is
/// submitted a second time and counts as the answer it was; that there is a private note is nobody's business.
pub(crate) async fn count(tx: &mut Tx, after: i64) -> Result<u64> {
    let since = tx.now() - TimeDelta::days(KEPT_DAYS);
    tx.exec(
        sql!(
            "with fresh as (
               select e.kind, e.occurred_at, e.subject_id,
                 case when e.kind = 'contact_import.finished' and e.payload ->> 'error' is null
                   then coalesce((e.payload ->> 'created')::bigint, 0) else 0 end as imported
               from event_log l join events e on e.id = l.event_id
               where l.seq > $1 and e.kind = any($2) and e.occurred_at >= $3
                 and not (e.kind = 'note.created' and e.payload -> 'private' = 'true')
             ), counted as (
               insert into ops.activity_slots as s (tenant, slot, events, contacts, answers)
               select current_user, date_bin('15 minutes', f.occurred_at, 'epoch'::timestamptz) as slot, count(*),
                 count(*) filter (where f.kind = 'contact.created') + sum(f.imported),
                 count(*) filter (where f.kind = 'form.quarantined' or f.kind = 'form.submitted' and not exists (
                   select 1 from events k where k.subject = 'submissions' and k.subject_id = f.subject_id and k.kind = 'form.quarantined'))
               from fresh f group by 2
               on conflict (tenant, slot) do update set events = s.events + excluded.events,
                 contacts = s.contacts + excluded.contacts, answers = s.answers + excluded.answers
             ), old as (
               delete from ops.activity_slots where tenant = current_user and slot < date_bin('15 minutes', $3, 'epoch'::timestamptz)
             )
             update ops.activity_heads h set seq = (select coalesce(max(l.seq), 0) from event_log l),
               last_at = greatest(h.last_at, (select max(f.occurred_at) from fresh f))
             where h.tenant = current_user"
        ),
        &[&after, &KINDS.as_slice(), &since],
    )
    .await
}

/// Forgets what was counted.
pub(crate) async fn forget(tx: &mut Tx) -> Result<()> {
    tx.exec(sql!("delete from ops.activity_slots where tenant = current_user"), &[]).await?;
    tx.exec(
        sql!("update ops.activity_heads set seq = 0, last_at = null, contacts_seq = 0 where tenant = current_user"),
        &[],
    )
    .await
    .map(|_| ())
}

/// Writes down how many contacts there are by now.
pub(crate) async fn set_contacts(tx: &mut Tx, contacts: i64) -> Result<()> {
    tx.exec_one(
        sql!(
            "update ops.activity_heads set contacts = $1, contacts_seq = (select coalesce(max(l.seq), 0) from event_log l)
             where tenant = current_user"
        ),
        &[&contacts],
    )
    .await
}

/// What the shared tables call these tenants.
pub(crate) async fn roles(tx: &mut ControlTx, ids: &[Uuid]) -> Result<Vec<RoleRow>> {
    tx.rows(sql!("select id, role_name from control.tenants where id = any($1)"), &[&ids]).await
}

/// What happened at these tenants since the window began, by parts.
pub(crate) async fn parts(tx: &mut ControlTx, roles: &[String], window: &Window) -> Result<Vec<PartRow>> {
    let seconds = (PART_HOURS * 3600) as f64;
    tx.rows(
        sql!(
            "select s.tenant, (case when s.slot < $2 then -1 else floor(extract(epoch from s.slot - $2) / $4::float8) end)::int as part,
               sum(s.events)::bigint as events, sum(s.contacts)::bigint as contacts, sum(s.answers)::bigint as answers
             from ops.activity_slots s where s.tenant = any($1) and s.slot >= $3 group by s.tenant, 2"
        ),
        &[&roles, &window.since, &window.before, &seconds],
    )
    .await
}

/// The latest of these tenants.
pub(crate) async fn latest(tx: &mut ControlTx, roles: &[String]) -> Result<Vec<LatestRow>> {
    tx.rows(sql!("select tenant, last_at, contacts from ops.activity_heads where tenant = any($1)"), &[&roles]).await
}
