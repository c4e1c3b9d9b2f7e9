//! Compares every statement with the struct it fills, once per process: names, types, nullability.
use kernel::db::Column;
use std::{collections::HashSet, sync::Mutex};
use tokio_postgres::Client;

type Pair = (String, usize);
static SEEN: Mutex<Option<HashSet<Pair>>> = Mutex::new(None);
static WAITING: Mutex<Vec<(String, &'static [Column])>> = Mutex::new(Vec::new());

/// Notes a pair for the next [`verify`].
pub fn note(sql: &str, columns: &'static [Column]) {
    let mut seen = SEEN.lock().unwrap_or_else(|p| p.into_inner());
    if seen.get_or_insert_default().insert((sql.to_owned(), columns.as_ptr() as usize)) {
        WAITING.lock().unwrap_or_else(|p| p.into_inner()).push((sql.to_owned(), columns));
    }
}

/// What does not fit, for every pair noted since the last call. `schema` is a tenant's schema of this database.
pub async fn verify(client: &Client, schema: &str) -> Vec<String> {
    let pairs = std::mem::take(&mut *WAITING.lock().unwrap_or_else(|p| p.into_inner()));
    let mut wrong = vec![];
    for (sql, columns) in pairs {
        // The same text may belong to a tenant, to the control plane or to the shared tables.
        let mut checked = false;
        for path in [format!("{schema}, shared"), "control, shared".into(), "ops, shared".into()] {
            client.batch_execute(&format!("set search_path = {path}")).await.expect("search_path");
            if let Ok(statement) = client.prepare(&sql).await {
                wrong.extend(
                    compare(client, &statement, columns).await.into_iter().map(|w| format!("{w}\n    in: {sql}")),
                );
                checked = true;
                break;
            }
        }
        if !checked {
            wrong.push(format!("cannot be prepared anywhere: {sql}"));
        }
    }
    wrong
}

async fn compare(client: &Client, statement: &tokio_postgres::Statement, columns: &[Column]) -> Vec<String> {
    let mut wrong = vec![];
    for column in columns {
        let Some(got) = statement.columns().iter().find(|c| c.name() == column.name) else {
            wrong.push(format!("{}: not selected", column.name));
            continue;
        };
        if !(column.accepts)(got.type_()) {
            wrong.push(format!("{}: {} does not fit", column.name, got.type_()));
        }
        if !column.nullable
            && let (Some(table), Some(id)) = (got.table_oid(), got.column_id())
        {
            let row = client
                .query_one("select attnotnull from pg_attribute where attrelid = $1 and attnum = $2", &[&table, &id])
                .await
                .expect("catalogue");
            if !row.get::<_, bool>(0) {
                wrong.push(format!("{}: the column may be null", column.name));
            }
        }
    }
    wrong
}
