//! The shape of a schema as lines of text, and their hash: two schemas are alike exactly when their lines are.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Serialize;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::name::TenantName;
use crate::schema::{build_sql, replay_sql};
use crate::sets::{Sets, Step, append_only, checksum, hex};

/// Everything that makes a schema what it is: tables, columns, constraints, indexes, sequences, views, functions,
/// triggers, policies, types, comments, owners, rights. The schema's own name is cut out, since it is the one thing
/// that differs; positions are counted without dropped columns, since these leave gaps.
///
/// Runs with an empty search path, so that every name is spelled the same for every schema.
const LINES: &str = r"
with spaces as (
  select oid, nspname, nspowner, nspacl from pg_catalog.pg_namespace where nspname = any ($1::text[])
), relations as (
  select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relpersistence, c.reloptions, c.relrowsecurity,
    c.relforcerowsecurity, c.relreplident, s.nspname, c.relnamespace
  from spaces s join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.refobjid = s.oid
      and d.classid = 'pg_catalog.pg_class'::regclass
    join pg_catalog.pg_class c on c.oid = d.objid
), lines as (
  select nspname, pg_catalog.concat_ws('|', 'relation', relname, relkind, relpersistence, reloptions, relrowsecurity,
    relforcerowsecurity, relreplident, pg_catalog.obj_description(oid, 'pg_class')) as line
  from relations where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'column', r.relname,
    pg_catalog.row_number() over (partition by a.attrelid order by a.attnum), a.attname,
    pg_catalog.format_type(a.atttypid, a.atttypmod), coalesce(o.collname, '-'), a.attnotnull, a.attidentity, a.attgenerated,
    coalesce(pg_catalog.replace(pg_catalog.pg_get_expr(d.adbin, d.adrelid, true), r.nspname || '.', ''), '-'),
    a.attstorage, a.attcompression, pg_catalog.col_description(r.oid, a.attnum))
  from relations r
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_catalog.pg_collation o on o.oid = a.attcollation
  where r.relkind in ('r', 'p', 'v', 'm', 'f')
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'constraint', r.relname, k.conname, k.contype, k.convalidated,
    pg_catalog.replace(pg_catalog.pg_get_constraintdef(k.oid, true), r.nspname || '.', ''))
  from relations r join pg_catalog.pg_constraint k on k.conrelid = r.oid where k.contype <> 'n'
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'index', x.relname, i.indisvalid, i.indisready,
    i.indisclustered, i.indisreplident, x.reloptions,
    pg_catalog.replace(pg_catalog.pg_get_indexdef(i.indexrelid, 0, true), r.nspname || '.', ''))
  from relations r join pg_catalog.pg_index i on i.indrelid = r.oid join pg_catalog.pg_class x on x.oid = i.indexrelid
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'sequence', r.relname, q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmax,
    q.seqmin, q.seqcache, q.seqcycle, (select pg_catalog.concat_ws('.', c.relname, a.attname) from pg_catalog.pg_depend p
      join pg_catalog.pg_class c on c.oid = p.refobjid
      join pg_catalog.pg_attribute a on a.attrelid = p.refobjid and a.attnum = p.refobjsubid
      where p.classid = 'pg_catalog.pg_class'::regclass and p.objid = r.oid and p.deptype in ('a', 'i') and p.refclassid = 'pg_catalog.pg_class'::regclass limit 1))
  from relations r join pg_catalog.pg_sequence q on q.seqrelid = r.oid
  union all
  select nspname, pg_catalog.concat_ws('|', 'view', relname, pg_catalog.replace(pg_catalog.pg_get_viewdef(oid, true), nspname || '.', ''))
  from relations where relkind in ('v', 'm')
  union all
  select s.nspname, pg_catalog.concat_ws('|', 'function', pg_catalog.replace(pg_catalog.pg_get_functiondef(f.oid), s.nspname || '.', ''))
  from spaces s join pg_catalog.pg_proc f on f.pronamespace = s.oid where f.prokind in ('f', 'p')
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'trigger', r.relname, t.tgname, t.tgenabled,
    pg_catalog.replace(pg_catalog.pg_get_triggerdef(t.oid, true), r.nspname || '.', ''))
  from relations r join pg_catalog.pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'policy', r.relname, p.polname, p.polcmd, p.polpermissive,
    pg_catalog.pg_get_expr(p.polqual, p.polrelid, true), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid, true))
  from relations r join pg_catalog.pg_policy p on p.polrelid = r.oid
  union all
  select s.nspname, pg_catalog.concat_ws('|', 'type', t.typname, t.typtype)
  from spaces s join pg_catalog.pg_type t on t.typnamespace = s.oid
  where t.typtype in ('d', 'e', 'r') or (t.typtype = 'c' and exists (select from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'owner', r.relname, pg_catalog.pg_get_userbyid(r.relowner))
  from relations r where r.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'right', r.relname,
    case when g.rolname = r.nspname then 'tenant' else coalesce(g.rolname, 'public') end, e.privilege_type, e.is_grantable)
  from relations r cross join lateral pg_catalog.aclexplode(r.relacl) e left join pg_catalog.pg_roles g on g.oid = e.grantee
  where e.grantee <> r.relowner
  union all
  select r.nspname, pg_catalog.concat_ws('|', 'column right', r.relname, a.attname,
    case when g.rolname = r.nspname then 'tenant' else coalesce(g.rolname, 'public') end, e.privilege_type)
  from relations r join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attacl is not null and not a.attisdropped
    cross join lateral pg_catalog.aclexplode(a.attacl) e left join pg_catalog.pg_roles g on g.oid = e.grantee
  union all
  select s.nspname, pg_catalog.concat_ws('|', 'schema right',
    case when g.rolname = s.nspname then 'tenant' else coalesce(g.rolname, 'public') end, e.privilege_type)
  from spaces s cross join lateral pg_catalog.aclexplode(s.nspacl) e left join pg_catalog.pg_roles g on g.oid = e.grantee
  where e.grantee <> s.nspowner
)";

/// The lines of one schema, sorted.
///
/// # Errors
/// The connection is lost.
pub async fn lines(client: &Client, name: &TenantName) -> Result<Vec<String>> {
    let rows = client
        .query(&format!("{LINES} select line from lines order by line collate \"C\""), &[&vec![name.as_str()]])
        .await
        .context("reading the catalogue")?;
    Ok(rows.into_iter().map(|row| row.get(0)).collect())
}

async fn lines_in(transaction: &Transaction<'_>, name: &TenantName) -> Result<Vec<String>> {
    transaction.batch_execute("set local search_path = ''").await?;
    lines(transaction.client(), name).await
}

/// One hash per schema, computed by the server, so that a scan of the fleet moves a few bytes per tenant.
///
/// # Errors
/// The connection is lost.
pub async fn fingerprints(client: &Client, names: &[&str]) -> Result<BTreeMap<String, String>> {
    let rows = client
        .query(
            &format!(
                "{LINES} select nspname::text, pg_catalog.sha256(pg_catalog.convert_to(
                   pg_catalog.string_agg(line, E'\\n' order by line collate \"C\"), 'UTF8')) from lines group by nspname"
            ),
            &[&names],
        )
        .await
        .context("reading the catalogue")?;
    Ok(rows.into_iter().map(|row| (row.get(0), hex(&row.get::<_, Vec<u8>>(1)))).collect())
}

/// The fingerprint of these lines, as [`fingerprints`] computes it.
#[must_use]
pub fn fingerprint(lines: &[String]) -> String {
    use sha2::{Digest as _, Sha256};
    hex(&Sha256::digest(lines.join("\n")))
}

/// How a reference schema is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// By the migration files, one after the other.
    Files,
    /// As provisioning does: from the baseline when it is current.
    Provisioned,
}

/// The lines a tenant schema of these files must have. The reference is built in a transaction that is rolled back.
///
/// # Errors
/// A file fails.
pub async fn reference(client: &mut Client, sets: &Sets, source: Source) -> Result<Vec<String>> {
    let transaction = client.transaction().await?;
    let name = scratch(&transaction, sets).await?;
    let sql = match source {
        Source::Files => replay_sql(&sets.tenant, &name, &append_only(&sets.tenant))?,
        Source::Provisioned => build_sql(sets, &name)?,
    };
    transaction.batch_execute(&sql).await.context("building the reference schema")?;
    let lines = lines_in(&transaction, &name).await?;
    transaction.rollback().await?;
    Ok(lines)
}

/// A role of its own that no committed state ever sees. On a database that was never migrated, what tenant schemas
/// use of `shared` is made for the length of the transaction too.
pub(crate) async fn scratch(transaction: &Transaction<'_>, sets: &Sets) -> Result<TenantName> {
    let name = TenantName::of(Uuid::new_v4());
    let row = transaction
        .query_one("select to_regclass('ops.refinery_schema_history') is null and to_regclass('ops.jobs') is null", &[])
        .await?;
    if row.get(0) {
        for step in &sets.ops {
            transaction.batch_execute(step.sql()).await.context("building the ops schema")?;
        }
    }
    transaction
        .batch_execute(&format!("set local statement_timeout = '5min'; create role {name} nologin"))
        .await
        .context("creating a scratch role")?;
    Ok(name)
}

/// A schema that is not what its version says.
#[derive(Clone, Debug, Serialize)]
pub struct Drift {
    /// Id of the tenant.
    pub tenant: Uuid,
    /// Name of its schema.
    pub schema: String,
    /// Version it should be.
    pub version: i32,
    /// Lines it lacks.
    pub missing: Vec<String>,
    /// Lines it has in addition.
    pub unexpected: Vec<String>,
}

/// Schemas compared per statement: enough to be quick, few enough to hold no snapshot for long.
const CHUNK: usize = 200;

/// Compares every tenant schema with what its files make of an empty one. Returns how many were compared, and those
/// that differ.
///
/// # Errors
/// A file fails on an empty schema, or the connection is lost.
pub async fn drift(client: &mut Client, sets: &Sets) -> Result<(usize, Vec<Drift>)> {
    let rows = client
        .query(
            "select id, schema_name, schema_version from control.tenants
             where state not in ('warming', 'deleting', 'deleted', 'restoring') order by schema_version, id",
            &[],
        )
        .await?;
    let mut groups: BTreeMap<i32, Vec<(Uuid, String)>> = BTreeMap::new();
    for row in &rows {
        groups.entry(row.get(2)).or_default().push((row.get(0), row.get(1)));
    }
    let mut found = Vec::new();
    for (version, tenants) in groups {
        let expected = reference(client, &at_version(sets, version), Source::Files).await?;
        let print = fingerprint(&expected);
        client.batch_execute("set search_path = ''").await?;
        for chunk in tenants.chunks(CHUNK) {
            let names: Vec<&str> = chunk.iter().map(|(_, name)| name.as_str()).collect();
            let prints = fingerprints(client, &names).await?;
            for (tenant, schema) in chunk.iter().filter(|(_, name)| prints.get(name) != Some(&print)) {
                let actual = lines(client, &TenantName::parse(schema)?).await?;
                let only = |these: &[String], those: &[String]| {
                    these.iter().filter(|line| !those.contains(line)).cloned().collect::<Vec<_>>()
                };
                found.push(Drift {
                    tenant: *tenant,
                    schema: schema.clone(),
                    version,
                    missing: only(&expected, &actual),
                    unexpected: only(&actual, &expected),
                });
            }
        }
    }
    Ok((rows.len(), found))
}

/// The files as they were at a version.
pub(crate) fn at_version(sets: &Sets, version: i32) -> Sets {
    let steps: Vec<Step> = sets.tenant.iter().filter(|step| step.version() <= version).cloned().collect();
    debug_assert!(steps.len() == sets.tenant.len() || checksum(&steps) != checksum(&sets.tenant));
    Sets { tenant: steps, ..sets.clone() }
}
