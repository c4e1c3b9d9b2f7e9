//! In: one transaction, so that a tenant is there whole or not at all.

use std::collections::BTreeMap;
use std::path::Path;
use std::pin::pin;

use anyhow::{Context as _, Result, bail};
use futures_util::SinkExt as _;
use tokio_postgres::{Client, Transaction};

use super::archive::Reader;
use super::{FORMAT, Manifest, Part, Table};
use crate::name::TenantName;
use crate::pg::{identifier, literal};
use crate::provision::Provision;
use crate::schema::{HISTORY, replay_sql};
use crate::sets::{Sets, append_only, checksum};
use crate::{catalog, pg};

/// Loads an archive into a migrated database that does not have the tenant. The tenant keeps its id, its names and
/// its state; when it comes from an older version, `migrate up` brings it forward.
///
/// Rows that name another tenant which this database does not have (a transfer between agencies, the agency of a
/// client) lose that name, or stay out where it is indispensable; the answer counts the latter by table.
///
/// # Errors
/// The archive is damaged; the tenant or its slug exists; the migrations of its version are not those of this
/// program; a row violates a constraint. Nothing is left behind then.
pub async fn import(client: &mut Client, sets: &Sets, path: &Path, options: Provision) -> Result<Imported> {
    let mut archive = Reader::open(path)?;
    let manifest: Manifest =
        serde_json::from_slice(&archive.whole("manifest.json")?).context("the manifest is damaged")?;
    verify(&mut archive, &manifest, sets)?;
    let name = TenantName::parse(&manifest.schema)?;
    let files = catalog::at_version(sets, manifest.version);
    let server = pg::server_version(client).await?;
    let transaction = client.transaction().await?;
    transaction
        .batch_execute(
            "set local statement_timeout = 0; set local search_path = ''; set local timezone = 'UTC';
             set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601'",
        )
        .await?;
    refuse_existing(&transaction, &manifest).await?;
    role(&transaction, &name, server, options).await?;
    build(&transaction, &files, &name).await?;
    let mut left_out = BTreeMap::new();
    for table in manifest.tables.iter().filter(|table| table.part != Part::Tenant) {
        let rows = load_shared(&transaction, &mut archive, table).await?;
        if rows > 0 {
            left_out.insert(table.table.clone(), rows);
        }
    }
    load_schema(&transaction, &mut archive, &manifest, &name).await?;
    finish(&transaction, &manifest, &files).await?;
    transaction.commit().await?;
    Ok(Imported { manifest, left_out })
}

/// What was imported.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The manifest of the archive.
    pub manifest: Manifest,
    /// Rows that stayed out because they need a tenant that is not here, by table.
    pub left_out: BTreeMap<String, u64>,
}

fn verify(archive: &mut Reader, manifest: &Manifest, sets: &Sets) -> Result<()> {
    if manifest.format != FORMAT {
        bail!("the archive has format {}, this program reads {FORMAT}", manifest.format);
    }
    if TenantName::of(manifest.tenant).as_str() != manifest.schema {
        bail!("the manifest is damaged: {} is not the schema of {}", manifest.schema, manifest.tenant);
    }
    for table in &manifest.tables {
        if archive.sha256(&table.entry())? != table.sha256 {
            bail!("the archive is damaged: {} has another checksum than the manifest says", table.entry());
        }
    }
    if manifest.version > sets.tenant_version() {
        bail!("the tenant is at V{}, this program knows V{} only", manifest.version, sets.tenant_version());
    }
    if checksum(&catalog::at_version(sets, manifest.version).tenant) != manifest.checksum {
        bail!("the tenant was built by other migrations up to V{} than this program has", manifest.version);
    }
    Ok(())
}

async fn refuse_existing(transaction: &Transaction<'_>, manifest: &Manifest) -> Result<()> {
    let row = transaction.query_opt("select state from control.tenants where id = $1", &[&manifest.tenant]).await?;
    match row {
        Some(row) => bail!("the tenant {} exists here and is {}", manifest.tenant, row.get::<_, &str>(0)),
        None => Ok(()),
    }
}

/// Roles belong to the cluster: another database of it may have brought the role already.
async fn role(transaction: &Transaction<'_>, name: &TenantName, server: i32, options: Provision) -> Result<()> {
    let row = transaction
        .query_one("select exists (select from pg_catalog.pg_roles where rolname = $1::text)", &[&name.as_str()])
        .await?;
    if !row.get::<_, bool>(0) {
        let login = if options.tenant_role_login { "login" } else { "nologin" };
        transaction.batch_execute(&format!("create role {name} {login}")).await?;
    }
    let how = if server >= 160_000 { " with inherit false, set true" } else { "" };
    transaction
        .batch_execute(&format!("grant upzento_tenant to {name}; grant {name} to upzento_app{how}"))
        .await
        .context("creating the tenant's role")
}

async fn build(transaction: &Transaction<'_>, files: &Sets, name: &TenantName) -> Result<()> {
    let sql = replay_sql(&files.tenant, name, &append_only(&files.tenant))?;
    transaction.batch_execute(&sql).await.with_context(|| format!("building {name}"))?;
    let tables = tables(transaction, name).await?;
    if !tables.is_empty() {
        // Rows that the migrations insert are in the archive too, as the tenant left them.
        let list = tables.iter().map(|table| format!("{name}.{}", identifier(table))).collect::<Vec<_>>().join(", ");
        transaction.batch_execute(&format!("truncate {list}")).await?;
    }
    transaction.batch_execute("set local search_path = ''").await?;
    Ok(())
}

async fn tables(transaction: &Transaction<'_>, name: &TenantName) -> Result<Vec<String>> {
    let rows = transaction
        .query(
            "select relname::text from pg_catalog.pg_class where relnamespace = $1::text::regnamespace and relkind = 'r'
               and relname <> $2::text order by relname",
            &[&name.as_str(), &HISTORY],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.get(0)).collect())
}

/// Rows of shared schemas go through a temporary table: what others have already stays as it is, and the tenant's own
/// row is not open to anybody before the end.
async fn load_shared(transaction: &Transaction<'_>, archive: &mut Reader, table: &Table) -> Result<u64> {
    let schema = if table.part == Part::Ops { "ops" } else { "control" };
    let target = format!("{schema}.{}", identifier(&table.table));
    let list = columns(table);
    transaction
        .batch_execute(&format!(
            "create temporary table incoming on commit drop as select {list} from {target} with no data"
        ))
        .await
        .with_context(|| format!("{target} has not the columns of the archive"))?;
    copy(transaction, archive, table, "pg_temp.incoming").await?;
    let left_out = cut_loose(transaction, &target).await?;
    if table.part == Part::Control && table.table == "tenants" {
        transaction.batch_execute("update pg_temp.incoming set state = 'restoring', epoch = epoch + 1").await?;
    }
    let keep = if table.part == Part::Shared { " on conflict do nothing" } else { "" };
    let inserted = transaction
        .execute(
            &format!("insert into {target} ({list}) overriding system value select {list} from pg_temp.incoming{keep}"),
            &[],
        )
        .await
        .with_context(|| format!("loading {}", table.entry()))?;
    if keep.is_empty() && inserted + left_out != table.rows {
        bail!("{inserted} rows of {} were loaded, the manifest says {}", table.entry(), table.rows);
    }
    transaction.batch_execute("drop table pg_temp.incoming").await?;
    Ok(left_out)
}

/// Takes out what names other tenants that are not here. Returns how many rows went.
async fn cut_loose(transaction: &Transaction<'_>, target: &str) -> Result<u64> {
    let links = transaction
        .query(
            "select quote_ident(a.attname), a.attnotnull from pg_catalog.pg_constraint k
               join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
             where k.contype = 'f' and k.conrelid = $1::text::regclass and k.confrelid = 'control.tenants'::regclass
               and cardinality(k.conkey) = 1 and a.attname <> 'tenant_id'",
            &[&target],
        )
        .await?;
    let mut left_out = 0;
    for link in links {
        let column: String = link.get(0);
        let absent =
            format!("i.{column} is not null and not exists (select from control.tenants t where t.id = i.{column})");
        if link.get(1) {
            left_out += transaction.execute(&format!("delete from pg_temp.incoming i where {absent}"), &[]).await?;
        } else {
            transaction.execute(&format!("update pg_temp.incoming i set {column} = null where {absent}"), &[]).await?;
        }
    }
    Ok(left_out)
}

fn columns(table: &Table) -> String {
    table.columns.iter().map(|column| identifier(column)).collect::<Vec<_>>().join(", ")
}

async fn load_schema(
    transaction: &Transaction<'_>,
    archive: &mut Reader,
    manifest: &Manifest,
    name: &TenantName,
) -> Result<()> {
    let mine: Vec<&Table> = manifest.tables.iter().filter(|table| table.part == Part::Tenant).collect();
    let mut expected: Vec<&str> = mine.iter().map(|table| table.table.as_str()).collect();
    expected.sort_unstable();
    let mut present = tables(transaction, name).await?;
    present.sort_unstable();
    if expected != present {
        bail!("the archive has other tables than V{}: {expected:?}, {present:?}", manifest.version);
    }
    // Tables may point to each other in circles: links go first and come back when all rows are there.
    let rows = transaction
        .query(
            "select format('alter table %s drop constraint %I', conrelid::regclass, conname),
               format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
             from pg_catalog.pg_constraint where connamespace = $1::text::regnamespace and contype = 'f' order by oid",
            &[&name.as_str()],
        )
        .await?;
    for row in &rows {
        transaction.batch_execute(row.get(0)).await?;
    }
    for table in mine {
        copy(transaction, archive, table, &format!("{name}.{}", identifier(&table.table))).await?;
    }
    for row in &rows {
        transaction.batch_execute(row.get(1)).await.context("a row points to one that is not in the archive")?;
    }
    for sequence in &manifest.sequences {
        transaction
            .execute(
                "select setval($1::text::regclass, $2, $3)",
                &[&format!("{name}.{}", identifier(&sequence.name)), &sequence.value, &sequence.called],
            )
            .await?;
    }
    Ok(())
}

async fn copy(transaction: &Transaction<'_>, archive: &mut Reader, table: &Table, target: &str) -> Result<()> {
    let sink = transaction
        .copy_in(&format!("copy {target} ({}) from stdin", columns(table)))
        .await
        .with_context(|| format!("loading {}", table.entry()))?;
    let mut sink = pin!(sink);
    for piece in archive.pieces(&table.entry())? {
        sink.send(bytes::Bytes::from(piece?)).await?;
    }
    let rows = sink.finish().await.with_context(|| format!("loading {}", table.entry()))?;
    if rows != table.rows {
        bail!("{rows} rows of {} were loaded, the manifest says {}", table.entry(), table.rows);
    }
    Ok(())
}

async fn finish(transaction: &Transaction<'_>, manifest: &Manifest, files: &Sets) -> Result<()> {
    // A tenant caught in the middle of a move was frozen for it.
    let state = if manifest.state == "moving" { "read_only" } else { &manifest.state };
    transaction
        .batch_execute(&format!(
            "insert into control.tenant_schemas (tenant_id, version, checksum, state, started_at, finished_at)
               values ('{id}', {version}, '{sum}', 'current', now(), clock_timestamp());
             update control.tenants set state = {state}, schema_version = {version}, updated_at = now(), version = version + 1
               where id = '{id}'",
            id = manifest.tenant,
            version = manifest.version,
            sum = checksum(&files.tenant),
            state = literal(state)
        ))
        .await
        .context("activating the tenant")
}
