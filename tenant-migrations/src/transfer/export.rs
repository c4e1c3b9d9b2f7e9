//! Out: one snapshot, one COPY per table.

use std::collections::BTreeSet;
use std::path::Path;
use std::pin::pin;

use anyhow::{Context as _, Result, bail};
use futures_util::TryStreamExt as _;
use tokio_postgres::{Client, IsolationLevel, Transaction};
use uuid::Uuid;

use super::archive::Writer;
use super::{FORMAT, Manifest, NOT_CARRIED, Part, Sequence, Table};
use crate::name::TenantName;
use crate::pg::identifier;
use crate::schema::HISTORY;
use crate::sets::checksum;
use crate::{Sets, catalog};

/// Writes everything that belongs to the tenant into a new file. All of it is from one moment, however long it takes,
/// and nobody waits for it.
///
/// # Errors
/// There is no such tenant with a schema; the file exists; the disk is full.
pub async fn export(client: &mut Client, sets: &Sets, tenant: Uuid, path: &Path) -> Result<Manifest> {
    let transaction =
        client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start().await?;
    // Also fixes how times and numbers are written, whatever the login's settings are.
    transaction
        .batch_execute(
            "set local search_path = ''; set local statement_timeout = 0; set local timezone = 'UTC';
             set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601'; set local extra_float_digits = 3",
        )
        .await?;
    let mut manifest = header(&transaction, sets, tenant).await?;
    let mut sources = vec![source(&transaction, Part::Control, "tenants", &format!("id = '{tenant}'")).await?];
    sources.extend(control(&transaction, tenant).await?);
    sources.extend(schema(&transaction, &manifest.schema).await?);
    sources.extend(ops(&transaction, &manifest.schema).await?);
    let unfinished = path.with_extension("part");
    let mut archive = Writer::create(&unfinished)?;
    for source in sources {
        manifest.tables.push(write(&transaction, &mut archive, source).await?);
    }
    manifest.sequences = sequences(&transaction, &manifest.schema).await?;
    archive.begin("manifest.json")?;
    archive.write(&serde_json::to_vec_pretty(&manifest)?)?;
    archive.end()?;
    archive.finish()?;
    transaction.rollback().await?;
    if path.exists() {
        bail!("{} exists; the archive is in {}", path.display(), unfinished.display());
    }
    std::fs::rename(&unfinished, path).with_context(|| format!("naming {}", path.display()))?;
    Ok(manifest)
}

async fn header(transaction: &Transaction<'_>, sets: &Sets, tenant: Uuid) -> Result<Manifest> {
    let row = transaction
        .query_opt(
            "select t.schema_name, t.schema_version, t.state, to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),
               to_regnamespace(t.schema_name) is not null
             from control.tenants t where t.id = $1",
            &[&tenant],
        )
        .await?;
    let Some(row) = row else { bail!("there is no tenant {tenant}") };
    let state: String = row.get(2);
    if !row.get::<_, bool>(4) || ["warming", "deleting", "deleted", "restoring"].contains(&state.as_str()) {
        bail!("the tenant {tenant} is {state}: there is nothing whole to export");
    }
    let version: i32 = row.get(1);
    if version > sets.tenant_version() {
        bail!("the tenant is at V{version}, this program knows V{} only: use a newer release", sets.tenant_version());
    }
    Ok(Manifest {
        format: FORMAT,
        tenant,
        schema: TenantName::parse(row.get(0))?.to_string(),
        version,
        checksum: checksum(&catalog::at_version(sets, version).tenant),
        state,
        exported_at: row.get(3),
        tables: Vec::new(),
        sequences: Vec::new(),
    })
}

/// A table and the rows of it that are wanted.
struct Source {
    part: Part,
    table: String,
    columns: Vec<String>,
    select: String,
}

async fn source(transaction: &Transaction<'_>, part: Part, table: &str, filter: &str) -> Result<Source> {
    let schema = if part == Part::Ops { "ops" } else { "control" };
    source_in(transaction, part, schema, table, filter).await
}

async fn source_in(
    transaction: &Transaction<'_>,
    part: Part,
    schema: &str,
    table: &str,
    filter: &str,
) -> Result<Source> {
    let name = format!("{}.{}", identifier(schema), identifier(table));
    let rows = transaction
        .query(
            "select attname::text, coalesce(array_position(i.indkey::int2[], attnum), 0) from pg_catalog.pg_attribute a
               left join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary
             where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum",
            &[&name],
        )
        .await?;
    let columns: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    // The order of the key, so that the same rows make the same bytes.
    let mut key: Vec<(i32, &String)> =
        rows.iter().zip(&columns).map(|(row, column)| (row.get::<_, i32>(1), column)).collect();
    if key.iter().any(|(position, _)| *position > 0) {
        key.retain(|(position, _)| *position > 0);
    }
    key.sort();
    let order = key.iter().map(|(_, column)| identifier(column)).collect::<Vec<_>>().join(", ");
    let list = columns.iter().map(|column| identifier(column)).collect::<Vec<_>>().join(", ");
    let select = format!("select {list} from {name} as source where {filter} order by {order}");
    Ok(Source { part, table: table.to_owned(), columns, select })
}

/// Foreign keys within `control`: table, its columns, the table they point to, its columns.
struct Link {
    from: String,
    columns: Vec<String>,
    to: String,
    targets: Vec<String>,
}

async fn control(transaction: &Transaction<'_>, tenant: Uuid) -> Result<Vec<Source>> {
    let skipped: Vec<&str> = NOT_CARRIED.to_vec();
    let rows = transaction
        .query(
            "select c.relname::text from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
             where c.relnamespace = 'control'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id'
               and not a.attisdropped and a.atttypid = 'uuid'::regtype and c.relname <> all ($1::text[]) order by c.relname",
            &[&skipped],
        )
        .await?;
    let owned: BTreeSet<String> = rows.into_iter().map(|row| row.get(0)).collect();
    let rows = transaction
        .query(
            "select f.relname::text, t.relname::text,
               (select array_agg(a.attname::text order by o.n) from unnest(k.conkey) with ordinality o(num, n)
                  join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = o.num),
               (select array_agg(a.attname::text order by o.n) from unnest(k.confkey) with ordinality o(num, n)
                  join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = o.num)
             from pg_catalog.pg_constraint k join pg_catalog.pg_class f on f.oid = k.conrelid
               join pg_catalog.pg_class t on t.oid = k.confrelid
             where k.contype = 'f' and f.relnamespace = 'control'::regnamespace and t.relnamespace = 'control'::regnamespace
               and f.oid <> t.oid order by 1, 2, k.conname",
            &[],
        )
        .await?;
    let links: Vec<Link> = rows
        .into_iter()
        .map(|row| Link { from: row.get(0), to: row.get(1), columns: row.get(2), targets: row.get(3) })
        .filter(|link| owned.contains(&link.from) || link.from == "tenants")
        .collect();
    let mut sources = Vec::new();
    let targets: BTreeSet<&str> = links.iter().map(|link| link.to.as_str()).filter(|to| *to != "tenants").collect();
    for target in targets {
        let pointing = links.iter().filter(|link| link.to == target).map(|link| {
            let join = link.columns.iter().zip(&link.targets);
            let join = join.map(|(from, to)| format!("f.{} = source.{}", identifier(from), identifier(to)));
            let own = if link.from == "tenants" { "id" } else { "tenant_id" };
            format!(
                "exists (select from control.{} f where f.{own} = '{tenant}' and {})",
                identifier(&link.from),
                join.collect::<Vec<_>>().join(" and ")
            )
        });
        let mut filter = format!("({})", pointing.collect::<Vec<_>>().join(" or "));
        if owned.contains(target) {
            filter.push_str(&format!(" and tenant_id is distinct from '{tenant}'"));
        }
        sources.push(source(transaction, Part::Shared, target, &filter).await?);
    }
    for table in in_order(&owned, &links) {
        sources.push(source(transaction, Part::Control, &table, &format!("tenant_id = '{tenant}'")).await?);
    }
    Ok(sources)
}

/// Tables such that each comes after those it points to.
fn in_order(tables: &BTreeSet<String>, links: &[Link]) -> Vec<String> {
    let mut ordered: Vec<String> = Vec::new();
    let mut left: Vec<&String> = tables.iter().collect();
    while !left.is_empty() {
        let waits = |table: &&String| links.iter().any(|link| &&link.from == table && left.contains(&&link.to));
        let next = left.iter().position(|table| !waits(table)).unwrap_or(0);
        ordered.push(left.remove(next).clone());
    }
    ordered
}

async fn schema(transaction: &Transaction<'_>, schema: &str) -> Result<Vec<Source>> {
    let rows = transaction
        .query(
            "select relname::text from pg_catalog.pg_class where relnamespace = $1::text::regnamespace and relkind = 'r'
               and relname <> $2::text order by relname",
            &[&schema, &HISTORY],
        )
        .await?;
    let mut sources = Vec::new();
    for row in rows {
        sources.push(source_in(transaction, Part::Tenant, schema, row.get(0), "true").await?);
    }
    Ok(sources)
}

async fn ops(transaction: &Transaction<'_>, role: &str) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for table in ops_tables(transaction.client()).await? {
        sources.push(source(transaction, Part::Ops, &table, &format!("tenant = '{role}'")).await?);
    }
    Ok(sources)
}

/// Tables of `ops` whose rows belong to tenants.
pub(crate) async fn ops_tables(client: &Client) -> Result<Vec<String>> {
    let rows = client
        .query(
            "select c.relname::text from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
             where c.relnamespace = 'ops'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
               and a.attname = 'tenant' and not a.attisdropped order by 1",
            &[],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.get(0)).collect())
}

async fn write(transaction: &Transaction<'_>, archive: &mut Writer, source: Source) -> Result<Table> {
    let mut table = Table {
        part: source.part,
        table: source.table,
        columns: source.columns,
        rows: 0,
        bytes: 0,
        sha256: String::new(),
    };
    archive.begin(&table.entry())?;
    let stream = transaction
        .copy_out(&format!("copy ({}) to stdout", source.select))
        .await
        .with_context(|| format!("copying {}", table.entry()))?;
    let mut stream = pin!(stream);
    while let Some(piece) = stream.try_next().await? {
        // In the text format a line feed ends a row and nothing else.
        table.rows += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
        archive.write(&piece)?;
    }
    (table.bytes, table.sha256) = archive.end()?;
    Ok(table)
}

async fn sequences(transaction: &Transaction<'_>, schema: &str) -> Result<Vec<Sequence>> {
    let rows = transaction
        .query(
            "select relname::text from pg_catalog.pg_class where relnamespace = $1::text::regnamespace and relkind = 'S' order by 1",
            &[&schema],
        )
        .await?;
    let mut sequences = Vec::new();
    for row in rows {
        let name: String = row.get(0);
        let sql = format!("select last_value, is_called from {}.{}", identifier(schema), identifier(&name));
        let position = transaction.query_one(&sql, &[]).await?;
        sequences.push(Sequence { name, value: position.get(0), called: position.get(1) });
    }
    Ok(sequences)
}
