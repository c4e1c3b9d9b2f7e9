//! The history of imports as a file; and rows that did not come in as CSV, with why: to be put right and imported again.
use super::{
    db,
    model::{ContactImport, ContactImportId},
};
use crate::Import;
use futures_util::{Stream, stream};
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent};
use sheets::{Cells, Look, Sheet, SheetFile, csv};
use std::io;

const COLUMNS: [&str; 20] = [
    "id",
    "file_name",
    "file_size",
    "created_by",
    "state",
    "rows_total",
    "rows_done",
    "created",
    "updated",
    "unchanged",
    "skipped",
    "failed",
    "undone",
    "kept",
    "error",
    "created_at",
    "started_at",
    "finished_at",
    "undone_at",
    "undo_until",
];

/// The history; that it left is recorded.
pub(super) async fn file(cx: &Cx<Import>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let (owners, query) = (cx.visible_owners(), ListQuery { filter, ..ListQuery::default() });
    let open = async |tx: &mut Tx| Ok((db::open(tx, &query, &owners).await?, ()));
    let title = "List of imports exported";
    let event = NewEvent::new("contact_import.exported", "contact_imports", cx.tenant.id.0, title);
    let (whole, ()) = sheets::take(cx, &query, event, open).await?;
    Sheet::new("imports", &COLUMNS, [], look).file(&cx.tenant, whole, line).await
}

fn line(import: &ContactImport, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(import.id))?;
    cells.text(import.file_name.as_str())?;
    cells.number(import.file_size)?;
    cells.shown(import.created_by)?;
    cells.text(import.state.as_str())?;
    let ContactImport { rows_total, rows_done, created, updated, unchanged, skipped, failed, undone, kept, .. } =
        import;
    for rows in [rows_total, rows_done, created, updated, unchanged, skipped, failed, undone, kept] {
        cells.number(i64::from(*rows))?;
    }
    cells.text(import.error.as_deref())?;
    cells.moment(import.created_at)?;
    for moment in [import.started_at, import.finished_at, import.undone_at, import.undo_until] {
        cells.moment(moment)?;
    }
    Ok(())
}

const PAGE: i64 = 500;

enum Step {
    Header(Vec<String>),
    After(i32),
    End,
}

/// The file, as chunks of lines. The first columns are those of the file, so that it can be mapped as before.
pub(crate) fn refused(
    cx: Cx<Import>,
    import: &ContactImport,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    let id: ContactImportId = import.id;
    let header = import.columns.iter().map(|column| column.name.clone());
    let header = header
        .chain(["import_reason", "import_column", "import_line", "import_same_as_line"].map(String::from))
        .collect();
    let width = import.columns.len();
    stream::try_unfold((cx, (id, width), Step::Header(header)), async |(cx, about, step)| match step {
        Step::Header(names) => Ok(Some((csv::line(names), (cx, about, Step::After(0))))),
        Step::After(line) => {
            let rows = cx
                .read(async |tx| db::ledger::refused(tx, about.0, line, PAGE).await)
                .await
                .map_err(io::Error::other)?;
            let Some(last) = rows.last().map(|row| row.line) else { return Ok(None) };
            let next = if (rows.len() as i64) < PAGE { Step::End } else { Step::After(last) };
            let lines = rows.iter().flat_map(|row| csv::line(cells(row, about.1))).collect();
            Ok(Some((lines, (cx, about, next))))
        }
        Step::End => Ok(None),
    })
}

fn cells(row: &db::ledger::Refused, width: usize) -> Vec<String> {
    let given = row.cells.as_ref().and_then(|cells| cells.as_array());
    let mut cells: Vec<String> =
        given.into_iter().flatten().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect();
    cells.resize(width.max(cells.len()), String::new());
    cells.push(row.reason.clone().unwrap_or_default());
    cells.push(row.column_name.clone().unwrap_or_default());
    cells.push(row.line.to_string());
    cells.push(row.same_as.map(|line| line.to_string()).unwrap_or_default());
    cells
}
