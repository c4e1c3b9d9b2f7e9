//! The control and ops sets, applied by refinery itself.

use anyhow::{Context as _, Result};
use refinery::Runner;
use tokio_postgres::Client;

use crate::pg::{Session, literal};
use crate::sets::{Sets, Step, append_only, read_only};

/// Applies what is missing of the control set and of the ops set, then the grants. Returns the names of the applied files.
///
/// The caller holds the run lock: refinery has none of its own.
///
/// # Errors
/// A statement fails, or an applied file was edited afterwards (divergent) or is missing.
pub async fn migrate(session: &mut Session, sets: &Sets) -> Result<Vec<String>> {
    let mut applied = Vec::new();
    for (set, steps) in [("control", &sets.control), ("ops", &sets.ops)] {
        if up_to_date(session, set, steps).await? {
            continue;
        }
        session.batch_execute("set lock_timeout = '5s'; set statement_timeout = '10min'").await?;
        let migrations: Vec<_> = steps.iter().map(|step| step.migration().clone()).collect();
        let mut runner = Runner::new(&migrations).set_abort_divergent(true).set_abort_missing(true);
        runner.set_migration_table_name(format!("{}.refinery_schema_history", set));
        let client: &mut Client = session;
        let report = runner.run_async(client).await.with_context(|| format!("migrating the {} set", set))?;
        for migration in report.applied_migrations() {
            applied.push(format!("{}/{migration}", set));
        }
    }
    // Always, since a run may have been killed between the last file and the grants.
    grants(session, sets).await?;
    Ok(applied)
}

/// Two reads instead of refinery's four transactions: a run with nothing to do has to be quick.
async fn up_to_date(client: &Client, set: &str, steps: &[Step]) -> Result<bool> {
    let table = format!("{}.refinery_schema_history", set);
    let row = client.query_one("select to_regclass($1) is not null", &[&table]).await?;
    if !row.get::<_, bool>(0) {
        return Ok(false);
    }
    let rows = client.query(&format!("select version, name, checksum from {table} order by version"), &[]).await?;
    Ok(rows.len() == steps.len()
        && rows.iter().zip(steps).all(|(row, step)| {
            row.get::<_, i32>(0) == step.version()
                && row.get::<_, &str>(1) == step.name()
                && row.get::<_, &str>(2) == step.checksum().to_string()
        }))
}

/// What the logins may do in `control` and `edge`. The ops files grant for themselves, since each table has its
/// own row rules.
async fn grants(client: &Client, sets: &Sets) -> Result<()> {
    let list = |tables: Vec<&str>| tables.into_iter().map(literal).collect::<Vec<_>>().join(", ");
    let guarded = list(append_only(&sets.control));
    let sealed = list(read_only(&sets.control));
    client
        .batch_execute(&format!(
            "do $grants$
             declare
               item record;
               login text;
               rights text;
             begin
               foreach login in array array['upzento_control', 'upzento_admin'] loop
                 for item in select c.oid, c.relname, c.relkind, c.relname = any (array[{guarded}]::text[]) as guarded,
                   c.relname = any (array[{sealed}, 'refinery_schema_history']) as sealed
                   from pg_catalog.pg_class c
                   where c.relnamespace = 'control'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
                 loop
                   if item.relkind = 'S' then
                     if not has_sequence_privilege(login, item.oid, 'usage') then
                       execute format('grant usage, select on sequence control.%I to %I', item.relname, login);
                     end if;
                   elsif item.sealed then
                     if not has_table_privilege(login, item.oid, 'select') then
                       execute format('grant select on control.%I to %I', item.relname, login);
                     end if;
                   elsif not has_table_privilege(login, item.oid, 'insert') then
                     rights := case when item.guarded then 'select, insert' else 'select, insert, update, delete' end;
                     execute format('grant %s on control.%I to %I', rights, item.relname, login);
                   end if;
                 end loop;
               end loop;
               for item in select c.oid, c.relname from pg_catalog.pg_class c
                 where c.relnamespace = 'edge'::regnamespace and c.relkind = 'v'
               loop
                 if not has_table_privilege('upzento_edge', item.oid, 'select') then
                   execute format('grant select on edge.%I to upzento_edge', item.relname);
                 end if;
               end loop;
               if not has_table_privilege('upzento_admin', 'ops.refinery_schema_history', 'select') then
                 grant select on ops.refinery_schema_history to upzento_admin;
               end if;
             end
             $grants$"
        ))
        .await
        .context("granting the control plane")
}
