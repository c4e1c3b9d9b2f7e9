//! Long lists handed out as files, from one snapshot, with the number of their rows said before the first one.
use crate::{
    cells::{Cells, Sink},
    csv::Lines,
    look::{Look, SheetFormat, SheetLanguage},
    xlsx,
};
use futures_util::{StreamExt, stream};
use kernel::{
    Cx, Error, Result, Tx,
    auth::Permission,
    db::{FromRow, ListQuery, Whole},
    events::NewEvent,
    tenancy::Tenant,
};
use poem::Body;
use poem_openapi::{ApiResponse, ResponseContent, payload::Binary};
use serde_json::json;
use std::io;

/// A list as it is read elsewhere.
#[derive(ResponseContent)]
pub enum SheetContent {
    /// CSV.
    #[oai(content_type = "text/csv; charset=utf-8")]
    Csv(Binary<Body>),
    /// XLSX.
    #[oai(content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    Xlsx(Binary<Body>),
}

/// A list as a file.
#[derive(ApiResponse)]
pub enum SheetFile {
    /// The file.
    #[oai(status = 200)]
    Ok(
        SheetContent,
        /** Suggests a file name. */
        #[oai(header = "Content-Disposition")]
        String,
        /** How many rows the file has below its head, counted in the moment of which it tells. A body that ends without an
        error of the transport has exactly so many; one that breaks off never ends as if it were whole. */
        #[oai(header = "Upzento-Rows")]
        u64,
        /** Length of the file, where it is known before it is sent. */
        #[oai(header = "Content-Length")]
        Option<u64>,
    ),
}

/// A whole list as it is in one moment, which `open` gets ready, and what else that reads of it. That it leaves is recorded:
/// with how many rows, and by which fields the list was narrowed.
///
/// # Errors
/// Filters that the list refuses, and what reading and writing fail with.
pub async fn take<P: Permission, T: FromRow + Send + 'static, E>(
    cx: &Cx<P>,
    query: &ListQuery,
    event: NewEvent,
    open: impl AsyncFnOnce(&mut Tx) -> Result<(u64, E)>,
) -> Result<(Whole<T>, E)> {
    let (whole, more) = cx.app.whole(&cx.tenant, cx.context(), open).await?;
    let fields: Vec<&str> = query.filter.iter().filter_map(|filter| filter.split(':').next()).collect();
    let payload = json!({"filtered_by": fields, "rows": whole.count});
    cx.write(async |tx| tx.record(event.payload(&payload)).await).await?;
    Ok((whole, more))
}

/// A sheet to be.
#[derive(Debug)]
pub struct Sheet {
    name: &'static str,
    columns: Vec<String>,
    look: Look,
}

impl Sheet {
    /// A sheet of this name with these columns, by the names of the API's fields, and others after them.
    pub fn new(name: &'static str, columns: &[&str], more: impl IntoIterator<Item = String>, look: Look) -> Self {
        Sheet { name, columns: columns.iter().map(|column| look.head(name, column)).chain(more).collect(), look }
    }

    /// The file with a line for each row.
    ///
    /// # Errors
    /// 422 `sheet_too_long` when there are more rows than a workbook takes. What breaks while CSV is sent breaks it off.
    pub async fn file<T: Send + 'static>(
        self,
        tenant: &Tenant,
        whole: Whole<T>,
        put: impl Fn(&T, &mut Cells<'_>) -> Result<()> + Send + 'static,
    ) -> Result<SheetFile> {
        let rows = whole.count;
        let name = format!("attachment; filename=\"{}.{}\"", self.name, self.look.format.as_str());
        if self.look.format == SheetFormat::Csv {
            let content = SheetContent::Csv(Binary(lines(self.columns, whole, put)?));
            return Ok(SheetFile::Ok(content, name, rows, None));
        }
        if rows > xlsx::MOST_ROWS {
            let detail =
                format!("A workbook takes {} rows, these are {rows}: narrow the list, or take CSV.", xlsx::MOST_ROWS);
            return Err(Error::invalid("/format", "sheet_too_long", detail));
        }
        let right_to_left = match self.look.language {
            Some(language) => language == SheetLanguage::Arabic,
            None => tenant.locale.starts_with("ar"),
        };
        let made = tokio::task::spawn_blocking(move || xlsx::write((&self.columns, right_to_left), whole, put));
        let (file, length) = made.await.map_err(Error::internal)??;
        let body = Body::from_async_read(tokio::fs::File::from_std(file));
        Ok(SheetFile::Ok(SheetContent::Xlsx(Binary(body)), name, rows, Some(length)))
    }
}

/// CSV, as its rows are read.
fn lines<T: Send + 'static>(
    columns: Vec<String>,
    whole: Whole<T>,
    put: impl Fn(&T, &mut Cells<'_>) -> Result<()> + Send + 'static,
) -> Result<Body> {
    let mut head = Lines::new();
    for column in &columns {
        head.text(column)?;
    }
    head.end()?;
    let head = head.into_bytes()?;
    let rest = stream::try_unfold((whole, put), async |(mut whole, put)| {
        let Some(rows) = whole.next().await.map_err(broken)? else { return Ok(None) };
        let mut lines = Lines::new();
        let mut scratch = String::new();
        for row in &rows {
            put(row, &mut Cells::new(&mut lines, &mut scratch)).and_then(|()| lines.end()).map_err(broken)?;
        }
        Ok(Some((lines.into_bytes().map_err(broken)?, (whole, put))))
    });
    let head = stream::once(async move { io::Result::Ok(head) });
    Ok(Body::from_bytes_stream(head.chain(rest)))
}

/// The reader sees that it broke off, not why; that is logged.
fn broken(error: Error) -> io::Error {
    tracing::error!(error = ?error, "a file broke off");
    io::Error::other("the file broke off")
}
