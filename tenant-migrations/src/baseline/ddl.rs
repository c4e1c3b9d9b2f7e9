//! Reads a schema from the catalogue and writes it down as SQL. What the rules for tenant schemas forbid (triggers,
//! types, inheritance) is an error here, so that it is noticed when the file is written.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, bail};
use tokio_postgres::Transaction;

use crate::name::TenantName;
use crate::pg::{identifier, literal};
use crate::schema::HISTORY;

/// The DDL of a schema in an order that needs no forward references, with unqualified names.
pub(super) async fn schema(transaction: &Transaction<'_>, name: &TenantName) -> Result<String> {
    refuse_unsupported(transaction, name).await?;
    let mut sql = String::new();
    sequences(transaction, name, &mut sql).await?;
    functions(transaction, name, &mut sql).await?;
    tables(transaction, name, &mut sql).await?;
    owned_sequences(transaction, name, &mut sql).await?;
    indexes(transaction, name, &mut sql).await?;
    late_constraints(transaction, name, &mut sql).await?;
    views(transaction, name, &mut sql).await?;
    comments(transaction, name, &mut sql).await?;
    Ok(sql.replace(&format!("{name}."), ""))
}

async fn refuse_unsupported(transaction: &Transaction<'_>, name: &TenantName) -> Result<()> {
    let rows = transaction
        .query(
            "select 'table ' || relname || ' (partitioned, inherited, foreign or unlogged)' from pg_catalog.pg_class c
               where relnamespace = $1::text::regnamespace and (relkind in ('p', 'f', 'm') or relispartition
                 or (relkind = 'r' and relpersistence <> 'p') or exists (select from pg_catalog.pg_inherits where inhrelid = c.oid))
             union all
             select 'trigger ' || tgname from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
               where relnamespace = $1::text::regnamespace and not tgisinternal
             union all
             select 'policy ' || polname from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
               where relnamespace = $1::text::regnamespace
             union all
             select 'type ' || typname from pg_catalog.pg_type t where typnamespace = $1::text::regnamespace
               and (typtype in ('d', 'e', 'r') or exists (select from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
             union all
             select 'function ' || proname || ' (aggregate, window, or with a parsed body: put it into shared)'
               from pg_catalog.pg_proc where pronamespace = $1::text::regnamespace and (prokind not in ('f', 'p') or prosqlbody is not null)",
            &[&name.as_str()],
        )
        .await?;
    match rows.first() {
        Some(row) => bail!("a tenant schema may not have this: {}", row.get::<_, &str>(0)),
        None => Ok(()),
    }
}

async fn sequences(transaction: &Transaction<'_>, name: &TenantName, sql: &mut String) -> Result<()> {
    let rows = transaction
        .query(
            "select format('create sequence %I as %s start %s increment %s minvalue %s maxvalue %s cache %s%s;',
               c.relname, q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,
               case when q.seqcycle then ' cycle' else '' end)
             from pg_catalog.pg_sequence q join pg_catalog.pg_class c on c.oid = q.seqrelid
             where c.relnamespace = $1::text::regnamespace and not exists (select from pg_catalog.pg_depend d
               where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i') order by c.oid",
            &[&name.as_str()],
        )
        .await?;
    for row in rows {
        let _ = writeln!(sql, "{}", row.get::<_, &str>(0));
    }
    Ok(())
}

async fn functions(transaction: &Transaction<'_>, name: &TenantName, sql: &mut String) -> Result<()> {
    let rows = transaction
        .query(
            "select pg_get_functiondef(oid) from pg_catalog.pg_proc where pronamespace = $1::text::regnamespace order by oid",
            &[&name.as_str()],
        )
        .await?;
    if !rows.is_empty() {
        sql.push_str("set local check_function_bodies = off;\n");
    }
    for row in rows {
        let _ = writeln!(sql, "{};", row.get::<_, &str>(0).trim_end());
    }
    Ok(())
}

async fn tables(transaction: &Transaction<'_>, name: &TenantName, sql: &mut String) -> Result<()> {
    let columns = transaction
        .query(
            "select c.oid, c.relname::text, coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''),
               format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
               || case when a.attcollation <> t.typcollation and a.attcollation <> 0
                  then format(' collate %I.%I', n.nspname, o.collname) else '' end
               || case when a.attcompression <> '' then ' compression '
                  || case a.attcompression when 'l' then 'lz4' else 'pglz' end else '' end
               || case when a.attgenerated = 's' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid, true))
                  when a.attgenerated <> '' then format(' generated always as (%s)', pg_get_expr(d.adbin, d.adrelid, true))
                  when a.attidentity = 'a' then ' generated always as identity'
                  when a.attidentity = 'd' then ' generated by default as identity'
                  when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid, true) else '' end
               || case when a.attnotnull then ' not null' else '' end
             from pg_catalog.pg_class c
               join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
               join pg_catalog.pg_type t on t.oid = a.atttypid
               left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
               left join pg_catalog.pg_collation o on o.oid = a.attcollation
               left join pg_catalog.pg_namespace n on n.oid = o.collnamespace
             where c.relnamespace = $1::text::regnamespace and c.relkind = 'r' and c.relname <> $2::text
             order by c.oid, a.attnum",
            &[&name.as_str(), &HISTORY],
        )
        .await?;
    let constraints = transaction
        .query(
            "select conrelid, format('constraint %I %s', conname, pg_get_constraintdef(k.oid, true))
             from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
             where c.relnamespace = $1::text::regnamespace and c.relname <> $2::text and contype in ('p', 'u', 'c', 'x') and convalidated
             order by conrelid, array_position(array['p', 'u', 'x', 'c'], contype::text), k.oid",
            &[&name.as_str(), &HISTORY],
        )
        .await?;
    let mut parts: BTreeMap<u32, (String, String, Vec<String>)> = BTreeMap::new();
    for row in columns {
        let entry = parts.entry(row.get(0)).or_insert_with(|| (row.get(1), row.get(2), Vec::new()));
        entry.2.push(row.get(3));
    }
    for row in constraints {
        if let Some(entry) = parts.get_mut(&row.get(0)) {
            entry.2.push(row.get(1));
        }
    }
    for (table, options, lines) in parts.into_values() {
        let _ = writeln!(sql, "create table {} (\n  {}\n){options};", identifier(&table), lines.join(",\n  "));
    }
    Ok(())
}

async fn owned_sequences(transaction: &Transaction<'_>, name: &TenantName, sql: &mut String) -> Result<()> {
    let rows = transaction
        .query(
            "select format('alter sequence %I owned by %I.%I;', s.relname, c.relname, a.attname)
             from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
               join pg_catalog.pg_class c on c.oid = d.refobjid
               join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
             where s.relnamespace = $1::text::regnamespace and d.classid = 'pg_class'::regclass and d.deptype = 'a' order by s.oid",
            &[&name.as_str()],
        )
        .await?;
    for row in rows {
        let _ = writeln!(sql, "{}", row.get::<_, &str>(0));
    }
    Ok(())
}

async fn indexes(transaction: &Transaction<'_>, name: &TenantName, sql: &mut String) -> Result<()> {
    let rows = transaction
        .query(
            "select pg_get_indexdef(i.indexrelid, 0, true) from pg_catalog.pg_index i
               join pg_catalog.pg_class c on c.oid = i.indrelid
             where c.relnamespace = $1::text::regnamespace and c.relname <> $2::text
               and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
             order by c.oid, i.indexrelid",
            &[&name.as_str(), &HISTORY],
        )
        .await?;
    for row in rows {
        let _ = writeln!(sql, "{};", row.get::<_, &str>(0));
    }
    Ok(())
}

/// Foreign keys, and checks that were left unvalidated: in `create table` they would be valid at once.
async fn late_constraints(transaction: &Transaction<'_>, name: &TenantName, sql: &mut String) -> Result<()> {
    let rows = transaction
        .query(
            "select c.relname::text, string_agg(format('add constraint %I %s', conname, pg_get_constraintdef(k.oid, true)), E',\n  ' order by k.oid)
             from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
             where c.relnamespace = $1::text::regnamespace and (contype = 'f' or (contype = 'c' and not convalidated)) group by c.oid, c.relname order by c.oid",
            &[&name.as_str()],
        )
        .await?;
    for row in rows {
        let _ = writeln!(sql, "alter table {}\n  {};", identifier(row.get(0)), row.get::<_, &str>(1));
    }
    Ok(())
}

async fn views(transaction: &Transaction<'_>, name: &TenantName, sql: &mut String) -> Result<()> {
    let rows = transaction
        .query(
            "select relname::text, coalesce(' with (' || array_to_string(reloptions, ', ') || ')', ''), pg_get_viewdef(oid, true)
             from pg_catalog.pg_class where relnamespace = $1::text::regnamespace and relkind = 'v' order by oid",
            &[&name.as_str()],
        )
        .await?;
    for row in rows {
        let _ = writeln!(
            sql,
            "create view {}{} as{}",
            identifier(row.get(0)),
            row.get::<_, &str>(1),
            row.get::<_, &str>(2)
        );
    }
    Ok(())
}

async fn comments(transaction: &Transaction<'_>, name: &TenantName, sql: &mut String) -> Result<()> {
    let rows = transaction
        .query(
            "select format('comment on %s %I%s is %L;',
               case when d.objsubid > 0 then 'column' when c.relkind = 'v' then 'view' when c.relkind = 'S' then 'sequence' else 'table' end,
               c.relname, coalesce('.' || quote_ident(a.attname), ''), d.description)
             from pg_catalog.pg_description d
               join pg_catalog.pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
               left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
             where c.relnamespace = $1::text::regnamespace and c.relkind in ('r', 'v', 'S') order by c.oid, d.objsubid",
            &[&name.as_str()],
        )
        .await?;
    for row in rows {
        let _ = writeln!(sql, "{}", row.get::<_, &str>(0));
    }
    Ok(())
}

/// Rows per table that has any, apart from the history.
pub(super) async fn counts(transaction: &Transaction<'_>, name: &TenantName) -> Result<Vec<(String, i64)>> {
    let mut counts = Vec::new();
    for table in table_names(transaction, name).await? {
        let row = transaction.query_one(&format!("select count(*) from {name}.{}", identifier(&table)), &[]).await?;
        let count: i64 = row.get(0);
        if count > 0 {
            counts.push((table, count));
        }
    }
    Ok(counts)
}

async fn table_names(transaction: &Transaction<'_>, name: &TenantName) -> Result<Vec<String>> {
    let rows = transaction
        .query(
            "select relname::text from pg_catalog.pg_class where relnamespace = $1::text::regnamespace
               and relkind = 'r' and relname <> $2::text order by oid",
            &[&name.as_str(), &HISTORY],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.get(0)).collect())
}

/// A table that the migrations put rows into.
pub(super) struct Seeded {
    table: String,
    /// Name, whether it has a default, whether that is a sequence.
    columns: Vec<(String, bool, bool)>,
    rows: Vec<Vec<Option<String>>>,
}

/// Rows that the migrations insert, as text, in the order of insertion.
pub(super) async fn read_rows(transaction: &Transaction<'_>, name: &TenantName) -> Result<Vec<Seeded>> {
    let mut seeded = Vec::new();
    for table in table_names(transaction, name).await? {
        let columns = transaction
            .query(
                "select quote_ident(a.attname), d.adbin is not null or a.attidentity <> '',
                   a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval(%', false)
                 from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                 where a.attrelid = format('%I.%I', $1::text, $2::text)::regclass and a.attnum > 0
                   and not a.attisdropped and a.attgenerated = '' order by a.attnum",
                &[&name.as_str(), &table],
            )
            .await?;
        let columns: Vec<(String, bool, bool)> =
            columns.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        let list = columns.iter().map(|(column, ..)| format!("{column}::text")).collect::<Vec<_>>().join(", ");
        let sql = format!("select array[{list}]::text[] from {name}.{} order by ctid", identifier(&table));
        let rows: Vec<Vec<Option<String>>> = transaction.query(&sql, &[]).await?.iter().map(|row| row.get(0)).collect();
        if !rows.is_empty() {
            seeded.push(Seeded { table, columns, rows });
        }
    }
    Ok(seeded)
}

/// Values that differ between two replays (fresh ids, times) are left to the column's default, so that tenants do not
/// share them.
pub(super) fn insert_rows(first: &[Seeded], second: &[Seeded]) -> Result<String> {
    let mut sql = String::new();
    for (mine, theirs) in second.iter().zip(first) {
        let table = &mine.table;
        let mut kept = Vec::new();
        for (at, (column, default, sequence)) in mine.columns.iter().enumerate() {
            let same =
                mine.rows.len() == theirs.rows.len() && mine.rows.iter().zip(&theirs.rows).all(|(a, b)| a[at] == b[at]);
            if *sequence {
                bail!(
                    "a migration inserts rows into {table}, where {column} counts up: the baseline cannot carry that"
                );
            }
            if same {
                kept.push(at);
            } else if !default {
                bail!(
                    "{table}.{column} gets another value in each tenant and has no default: the baseline cannot carry it"
                );
            }
        }
        let names = kept.iter().map(|at| mine.columns[*at].0.as_str()).collect::<Vec<_>>().join(", ");
        let values = mine.rows.iter().map(|row| {
            let row = kept.iter().map(|at| row[*at].as_deref().map_or_else(|| "null".to_owned(), literal));
            format!("({})", row.collect::<Vec<_>>().join(", "))
        });
        let values = values.collect::<Vec<_>>().join(",\n  ");
        let _ = writeln!(sql, "insert into {} ({names}) values\n  {values};", identifier(table));
    }
    Ok(sql)
}
