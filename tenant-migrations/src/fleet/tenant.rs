//! One tenant: read its history, apply what is missing, record it, all under a lock of its own.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use super::statements::{self, split};
use super::{Options, Work};
use crate::pg::{self, literal};
use crate::schema::{Applied, HISTORY, grants_sql, history_rows, members, pending};
use crate::sets::{Sets, Step, append_only, checksum};

/// Brings one tenant to the newest version.
///
/// # Errors
/// A file fails, the history diverges, or locks were not to be had in all attempts.
pub(super) async fn migrate(client: &mut Client, sets: &Sets, options: &Options, work: &Work) -> Result<()> {
    let mut attempt = 0;
    loop {
        let result = attempt_once(client, sets, options, work).await;
        let Err(error) = result else { return Ok(()) };
        // Whatever was open is undone; a broken connection has undone it by itself.
        let _ = client.batch_execute("rollback; select pg_advisory_unlock_all()").await;
        if attempt >= options.retries || !pg::is_transient(&error) || client.is_closed() {
            return Err(error);
        }
        tokio::time::sleep(pause(attempt)).await;
        attempt += 1;
    }
}

/// 50 ms doubling, half of it random, so that workers that met at one lock do not meet there again.
fn pause(attempt: u32) -> Duration {
    let whole = 50_u64 << attempt.min(6);
    let random = u64::from(Uuid::new_v4().as_bytes()[0]);
    Duration::from_millis(whole / 2 + whole * random / 510)
}

async fn attempt_once(client: &mut Client, sets: &Sets, options: &Options, work: &Work) -> Result<()> {
    loop {
        let applied = begin(client, options, work).await?;
        let todo = pending(&sets.tenant, &applied)?;
        let slow = todo.iter().position(Step::is_nontransactional);
        let done = sets.tenant.len() - todo.len();
        match slow {
            None => return finish(client, sets, work, done, todo).await,
            Some(0) => {
                client.batch_execute("rollback").await?;
                run_slow(client, sets, options, work, done).await?;
            }
            Some(until) => apply(client, sets, work, done, &todo[..until], "running").await?,
        }
    }
}

/// Opens the transaction, takes the tenant's lock and reads its history: one round trip.
async fn begin(client: &Client, options: &Options, work: &Work) -> Result<Vec<Applied>> {
    let name = &work.name;
    let messages = client
        .simple_query(&format!(
            "begin; set local lock_timeout = {}; set local statement_timeout = {};
             set local search_path = {name}, shared;
             select pg_advisory_xact_lock(hashtextextended('{name}', 0));
             select version, name, checksum from {name}.{HISTORY} order by version",
            options.lock_timeout.as_millis(),
            options.statement_timeout.as_millis()
        ))
        .await
        .context("reading the history")?;
    let mut applied = Vec::new();
    for message in messages {
        if let SimpleQueryMessage::Row(row) = message
            && row.len() == 3
        {
            applied.push(Applied {
                version: row.get(0).unwrap_or_default().parse()?,
                name: row.get(1).unwrap_or_default().to_owned(),
                checksum: row.get(2).unwrap_or_default().to_owned(),
            });
        }
    }
    Ok(applied)
}

async fn finish(client: &Client, sets: &Sets, work: &Work, done: usize, todo: &[Step]) -> Result<()> {
    apply(client, sets, work, done, todo, "current").await
}

/// The rest of the open transaction in one round trip: files, history, grants, central table, commit.
async fn apply(client: &Client, sets: &Sets, work: &Work, done: usize, todo: &[Step], state: &str) -> Result<()> {
    let mut sql = String::new();
    for step in todo {
        sql.push_str(step.sql());
        // A file may end in a comment or without a semicolon, and may have moved the path.
        sql.push_str("\n;\n");
    }
    sql.push_str(&format!("set local search_path = {}, shared;\n", work.name));
    sql.push_str(&history_rows(todo));
    if !todo.is_empty() {
        sql.push_str(&grants_sql(&work.name, &append_only(&sets.tenant)));
    }
    sql.push_str(&central(work.id, &sets.tenant[..done + todo.len()], state));
    sql.push_str("commit;");
    client.batch_execute(&sql).await.with_context(|| match (todo.first(), todo.last()) {
        (Some(first), Some(last)) if first.version() != last.version() => {
            format!("applying V{} to V{}", first.version(), last.version())
        }
        (Some(only), _) => format!("applying V{}__{}", only.version(), only.name()),
        _ => "recording the version".to_owned(),
    })
}

fn central(id: Uuid, steps: &[Step], state: &str) -> String {
    let version = steps.last().map_or(0, Step::version);
    let sum = checksum(steps);
    format!(
        "set local search_path = '';
         insert into control.tenant_schemas (tenant_id, version, checksum, state, started_at, finished_at)
           values ('{id}', {version}, '{sum}', '{state}', now(), clock_timestamp())
           on conflict (tenant_id) do update set version = {version}, checksum = '{sum}', state = '{state}', error = null,
             attempts = 0, started_at = now(), finished_at = clock_timestamp();
         update control.tenants set schema_version = {version}, updated_at = now(), version = version + 1
           where id = '{id}' and schema_version <> {version};\n"
    )
}

/// A file that cannot run in a transaction: statement by statement, checked, then recorded. Killed in between it is
/// run again from its first statement, which is why each must be repeatable (`if not exists`).
async fn run_slow(client: &Client, sets: &Sets, options: &Options, work: &Work, done: usize) -> Result<()> {
    let name = &work.name;
    let step = &sets.tenant[done];
    client
        .batch_execute(&format!(
            "set lock_timeout = {}; set statement_timeout = {}; set search_path = {name}, shared;
             select pg_advisory_lock(hashtextextended('{name}', 0))",
            options.slow_statement_timeout.as_millis(),
            options.slow_statement_timeout.as_millis()
        ))
        .await?;
    let result = async {
        drop_invalid(client, work).await?;
        for statement in split(step.sql()) {
            statements::check_repeatable(statement)?;
            client
                .batch_execute(statement)
                .await
                .with_context(|| format!("applying V{}__{}", step.version(), step.name()))?;
        }
        let broken = invalid_indexes(client, work).await?;
        if !broken.is_empty() {
            bail!("V{}__{} left invalid indexes: {}", step.version(), step.name(), broken.join(", "));
        }
        client.batch_execute("begin").await?;
        let state = if done + 1 == sets.tenant.len() { "current" } else { "running" };
        record_slow(client, sets, work, done, step, state).await
    }
    .await;
    let reset = client
        .batch_execute("rollback; select pg_advisory_unlock_all(); reset lock_timeout; reset statement_timeout; set search_path = ''")
        .await;
    result?;
    reset.context("releasing the tenant")
}

async fn record_slow(client: &Client, sets: &Sets, work: &Work, done: usize, step: &Step, state: &str) -> Result<()> {
    let sql = format!(
        "{}{}{}commit;",
        history_rows(std::slice::from_ref(step)),
        grants_sql(&work.name, &append_only(&sets.tenant)),
        central(work.id, &sets.tenant[..=done], state)
    );
    client.batch_execute(&sql).await.context("recording the version")
}

async fn invalid_indexes(client: &Client, work: &Work) -> Result<Vec<String>> {
    let sql = format!(
        "select quote_ident(c.relname) from {} t join pg_catalog.pg_index i on i.indrelid = t.oid
           join pg_catalog.pg_class c on c.oid = i.indexrelid where not i.indisvalid order by 1",
        members(&work.name)
    );
    let rows = client.query(&sql, &[]).await?;
    Ok(rows.into_iter().map(|row| row.get(0)).collect())
}

/// What an interrupted or failed concurrent build left behind would satisfy `if not exists`, and never be used.
async fn drop_invalid(client: &Client, work: &Work) -> Result<()> {
    for index in invalid_indexes(client, work).await? {
        client.batch_execute(&format!("drop index concurrently if exists {}.{index}", work.name)).await?;
    }
    Ok(())
}

/// Writes the failure where operators look for it, and into the audit.
pub(super) async fn record_failure(client: &Client, work: &Work, error: &str) -> Result<()> {
    let id = pg::new_ids(client, 1).await?[0];
    let error: String = error.chars().take(2000).collect();
    client
        .batch_execute(&format!(
            "insert into control.tenant_schemas (tenant_id, state, error, attempts, finished_at)
               values ('{tenant}', 'failed', {text}, 1, now())
               on conflict (tenant_id) do update set state = 'failed', error = excluded.error,
                 attempts = control.tenant_schemas.attempts + 1, finished_at = now();
             insert into control.audit_events (id, tenant_id, kind, subject, subject_id, title, payload, actor_kind, occurred_at)
               values ('{id}', '{tenant}', 'schema.migration_failed', 'tenant', '{tenant}', 'Schema migration failed',
                 jsonb_build_object('error', {text}), 'system', now())",
            tenant = work.id,
            text = literal(&error)
        ))
        .await?;
    Ok(())
}
