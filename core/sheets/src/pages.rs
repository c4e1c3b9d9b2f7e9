//! Short lists handed out as CSV, a page of the list at a time, with the rows as the API says them.
use crate::csv;
use futures_util::{StreamExt, future::BoxFuture, stream};
use kernel::{ControlTx, Cx, Result, Tx, auth::Permission, db::ListQuery, events::NewEvent, http::Page};
use poem::Body;
use poem_openapi::{
    ApiResponse,
    payload::Binary,
    types::{ParseFromJSON, ToJSON},
};
use serde_json::Value;
use std::{future::Future, io, sync::Arc};

/// A CSV file.
#[derive(ApiResponse)]
pub enum CsvFile {
    /// The lines, as they are read.
    #[oai(status = 200, content_type = "text/csv; charset=utf-8")]
    Ok(
        Binary<Body>,
        /** Suggests a file name. */
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

/// Rows of one read.
const ROWS: u32 = 200;

/// A whole list as a file `name`.csv: `columns` are names of the rows' JSON fields, `filter` and `sort` those of the list.
/// `load` reads a page; the first one is read before anything is answered, so that a wrong filter is refused as it is by
/// the list. The others are read as they are sent: memory stays flat and no transaction waits for a slow reader. A failure
/// in the middle breaks the download off instead of ending it early.
///
/// # Errors
/// What reading the first page fails with.
pub async fn file<T, F>(
    name: &str,
    columns: &'static [&'static str],
    (filter, sort): (Vec<String>, &str),
    load: impl Fn(ListQuery) -> F + Send + 'static,
) -> Result<CsvFile>
where
    T: ParseFromJSON + ToJSON + Send + Sync + 'static,
    F: Future<Output = Result<Page<T>>> + Send + 'static,
{
    let sort = sort.to_owned();
    let ask =
        move |cursor| load(ListQuery { limit: Some(ROWS), cursor, sort: Some(sort.clone()), filter: filter.clone() });
    let first = ask(None).await?;
    let rest = stream::try_unfold((ask, Some(first)), async move |(ask, page)| {
        let Some(page) = page else { return Ok(None) };
        let lines: Vec<u8> = page.items.iter().flat_map(|row| row_line(columns, row)).collect();
        let next = match page.next_cursor {
            Some(cursor) => Some(ask(Some(cursor)).await.map_err(io::Error::other)?),
            None => None,
        };
        Ok(Some((lines, (ask, next))))
    });
    let head = stream::once(async move { io::Result::Ok(csv::line(columns)) });
    let body = Body::from_bytes_stream(head.chain(rest));
    Ok(CsvFile::Ok(Binary(body), format!("attachment; filename=\"{name}.csv\"")))
}

/// What of a list is handed out.
pub struct Export {
    /// Name of the file, without its ending.
    pub name: &'static str,
    /// Names of the rows' JSON fields.
    pub columns: &'static [&'static str],
    /// Conditions of the list.
    pub filter: Vec<String>,
    /// Order of the list.
    pub sort: &'static str,
}

/// A list of the tenant's records as a file; that it left is recorded.
///
/// # Errors
/// Filters that the list refuses, and what reading and writing fail with.
pub async fn export<P, T, L>(cx: Cx<P>, what: Export, event: NewEvent, list: L) -> Result<CsvFile>
where
    P: Permission + Send + Sync + 'static,
    T: ParseFromJSON + ToJSON + Send + Sync + 'static,
    L: for<'a> Fn(&'a Cx<P>, &'a mut Tx, &'a ListQuery) -> BoxFuture<'a, Result<Page<T>>> + Send + Sync + 'static,
{
    let shared = Arc::new((cx, list));
    let reader = shared.clone();
    let load = move |query| {
        let shared = reader.clone();
        async move { shared.0.read(async |tx| (shared.1)(&shared.0, tx, &query).await).await }
    };
    let file = file(what.name, what.columns, (what.filter, what.sort), load).await?;
    shared.0.write(async |tx| tx.record(event).await).await?;
    Ok(file)
}

/// A list of what the control plane knows of the tenant as a file; that it left is recorded.
///
/// # Errors
/// Filters that the list refuses, and what reading and writing fail with.
pub async fn export_control<P, T, L>(cx: Cx<P>, what: Export, event: NewEvent, list: L) -> Result<CsvFile>
where
    P: Permission + Send + Sync + 'static,
    T: ParseFromJSON + ToJSON + Send + Sync + 'static,
    L: for<'a> Fn(&'a Cx<P>, &'a mut ControlTx, &'a ListQuery) -> BoxFuture<'a, Result<Page<T>>>
        + Send
        + Sync
        + 'static,
{
    let tenant = cx.tenant.id;
    let shared = Arc::new((cx, list));
    let reader = shared.clone();
    let load = move |query| {
        let shared = reader.clone();
        async move { shared.0.control(async |tx| (shared.1)(&shared.0, tx, &query).await).await }
    };
    let file = file(what.name, what.columns, (what.filter, what.sort), load).await?;
    shared.0.control(async |tx| tx.record(Some(tenant), event).await).await?;
    Ok(file)
}

/// The row's fields as the API says them: nothing for what is absent, lists with `; ` between.
fn row_line(columns: &[&str], row: &impl ToJSON) -> Vec<u8> {
    let row = row.to_json().unwrap_or_default();
    csv::line(columns.iter().map(|column| row.get(column).map(cell).unwrap_or_default()))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_a_cell() {
        let row = serde_json::json!({ "a": "x,y", "b": 3, "c": true, "d": null, "e": ["p", "=q"], "f": { "g": 1 } });
        let cells = ["a", "b", "c", "d", "e", "f", "missing"].map(|name| row.get(name).map(cell).unwrap_or_default());
        assert_eq!(cells, ["x,y", "3", "true", "", "p; =q", "{\"g\":1}", ""]);
    }
}
