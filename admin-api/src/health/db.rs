use super::{
    model::{Connected, Counts, Health},
    traffic::{Minute, Window},
    uptime::{Hour, Until},
};
use kernel::{ControlTx, Result, sql};

pub async fn get(tx: &mut ControlTx) -> Result<Health> {
    let now = tx.now();
    let sql = sql!(
        "select (select count(*) from control.tenants where state = 'active' and kind = 'agency') as agencies,
           (select count(*) from control.tenants where state = 'active' and kind = 'client') as clients,
           (select count(*) from control.tenants where state in ('read_only', 'suspended')) as stopped,
           (select count(*) from control.tenants where state = 'ready') as ready_schemas,
           (select count(*) from control.tenant_schemas where state = 'failed') as failed_schemas,
           (select count(*) from control.tenant_schemas s where s.state in ('pending', 'running')) as waiting_schemas,
           (select coalesce(max(version), 0) from control.fleet) as schema_version,
           (select count(*) from ops.jobs where state = 'queued' and run_at <= $1) as jobs_due,
           (select min(run_at) from ops.jobs where state = 'queued' and run_at <= $1) as oldest_due_at,
           (select count(*) from ops.jobs where state = 'running') as jobs_running,
           (select count(*) from ops.jobs where state = 'dead') as dead_jobs,
           (select count(*) from ops.outbox) as events_waiting,
           (select min(created_at) from ops.outbox) as oldest_event_at,
           (select count(*) from ops.mails where state in ('queued', 'sending')) as mails_waiting,
           (select min(created_at) from ops.mails where state in ('queued', 'sending')) as oldest_mail_at,
           (select count(*) from ops.mails where state = 'sent' and sent_at > $1 - interval '24 hours') as mails_sent_day,
           (select count(*) from ops.mails where state = 'failed' and created_at > $1 - interval '24 hours') as mails_failed_day,
           exists (select from control.widgets where enabled) as has_widgets,
           (select count(*) from pg_locks where not granted and waitstart < now() - interval '5 seconds') as lock_waits,
           (select count(*) from pg_stat_activity where datname = current_database()) as connections,
           pg_database_size(current_database()) as database_bytes"
    );
    let counts: Counts = tx.row(sql, &[&now]).await?;
    let window = Window::before(now);
    let traffic = window.of(traffic(tx, window).await?);
    let until = Until::before(now);
    let uptime = until.of(&signs(tx, until).await?);
    Ok(Health { traffic, uptime, ..Health::of(counts, &connected(tx).await?, now) })
}

/// Who is connected to the database, by login and by what connections call themselves.
async fn connected(tx: &mut ControlTx) -> Result<Vec<Connected>> {
    let sql = sql!(
        "select coalesce(usename::text, '') as login, coalesce(application_name, '') as name, count(*) as connections
         from pg_stat_activity where datname = current_database() and usename is not null
         group by 1, 2 order by 1, 2"
    );
    tx.rows(sql, &[]).await
}

/// What processes wrote down of the minutes of a window.
async fn traffic(tx: &mut ControlTx, window: Window) -> Result<Vec<Minute>> {
    let sql = sql!(
        "select minute, program, instance, started_at, errors, buckets from ops.traffic
         where minute >= $1 and minute < $2 order by program, minute, instance"
    );
    tx.rows(sql, &[&window.from, &window.to]).await
}

/// In which minutes of the last thirty days programs were there.
async fn signs(tx: &mut ControlTx, until: Until) -> Result<Vec<Hour>> {
    let sql = sql!("select hour, program, minutes from ops.signs_of_life where hour >= $1 order by program, hour");
    tx.rows(sql, &[&until.from()]).await
}
