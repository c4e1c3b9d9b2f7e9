use super::model::{Counts, Health};
use kernel::{ControlTx, Result, sql};

pub async fn get(tx: &mut ControlTx) -> Result<Health> {
    let now = tx.now();
    let sql = sql!(
        "select (select count(*) from control.tenants where state = 'active' and kind = 'agency') as agencies,
           (select count(*) from control.tenants where state = 'active' and kind = 'client') as clients,
           (select count(*) from control.tenants where state = 'ready') as ready_schemas,
           (select count(*) from control.tenant_schemas where state = 'failed') as failed_schemas,
           (select coalesce(max(version), 0) from control.fleet) as schema_version,
           (select count(*) from ops.jobs where state = 'queued' and run_at <= $1) as jobs_due,
           (select min(run_at) from ops.jobs where state = 'queued' and run_at <= $1) as oldest_due_at,
           (select count(*) from ops.jobs where state = 'dead') as dead_jobs,
           (select count(*) from ops.outbox) as events_waiting,
           (select min(created_at) from ops.outbox) as oldest_event_at,
           (select count(*) from ops.mails where state in ('queued', 'sending')) as mails_waiting,
           (select min(created_at) from ops.mails where state in ('queued', 'sending')) as oldest_mail_at,
           (select count(*) from pg_locks where not granted and waitstart < now() - interval '5 seconds') as lock_waits,
           (select count(*) from pg_stat_activity where datname = current_database()) as connections,
           pg_database_size(current_database()) as database_bytes"
    );
    let counts: Counts = tx.row(sql, &[&now]).await?;
    Ok(Health::of(counts, now))
}
