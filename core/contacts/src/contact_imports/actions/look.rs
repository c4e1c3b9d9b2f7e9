//! Looking at a file: what it is, how it is read, what its columns probably say.
use super::super::{
    db::{self, Looked, Run},
    decode::{self, Decoded},
    model::{self, ContactImportId, ContactImportPatch, ImportColumn, ImportPreview, ImportPreviewRow, PREVIEW_ROWS},
    sheet,
};
use super::parts::bring_only_allowed;
use crate::{Import, contacts::Owners};
use files::{FileId, Upload};
use kernel::{Cx, Error, Result};

/// A file as it was looked at.
#[derive(Debug)]
pub(crate) struct Look {
    kind: &'static str,
    encoding: &'static str,
    sheet: Option<String>,
    sheets: Vec<String>,
    has_header: bool,
    columns: Vec<ImportColumn>,
    pub(super) rows_total: i32,
    /// The sheet as text, kept beside the file.
    pub(super) derived: Option<FileId>,
    delimiter_text: String,
    csv: Option<Vec<u8>>,
}

impl Look {
    /// As it is stored; `source` is the file that is read when no sheet was made into one.
    pub(super) fn as_written(&self, source: FileId) -> Looked<'_> {
        Looked {
            source_id: self.derived.unwrap_or(source),
            kind: self.kind,
            encoding: self.encoding,
            delimiter: &self.delimiter_text,
            sheet: self.sheet.as_deref(),
            sheets: &self.sheets,
            has_header: self.has_header,
            columns: &self.columns,
            rows_total: self.rows_total,
        }
    }
}

/// Looks at an uploaded file of the caller.
pub(crate) async fn look(cx: &Cx<Import>, file: FileId) -> Result<Look> {
    let uploader = cx.principal.user.map(|user| vec![user]);
    let (_, bytes) = files::content(&cx.app, &cx.tenant, cx.context(), file, &uploader).await.map_err(|error| {
        match error.is_not_found() {
            true => Error::invalid("/file", "file_unknown", "Upload a file first, then name it here."),
            false => error,
        }
    })?;
    let mut look = blocking(move || look_at(&bytes, &ContactImportPatch::default())).await?;
    bring_only_allowed(cx, &mut look.columns).await;
    keep(cx, look).await
}

/// Looks again at the file of an import, when a change says how it is to be read.
pub(crate) async fn look_again(
    cx: &Cx<Import>,
    id: ContactImportId,
    patch: &ContactImportPatch,
    owners: &Owners,
) -> Result<Option<Look>> {
    let (import, run) = cx.read(async |tx| Ok((db::find(tx, id, owners).await?, db::run(tx, id).await?))).await?;
    if !patch.reads_anew() {
        return Ok(None);
    }
    let mut patch = patch.clone();
    patch.sheet = patch.sheet.or(import.sheet);
    let (_, bytes) = files::content(&cx.app, &cx.tenant, cx.context(), run.original_id, &None).await?;
    let mut look = blocking(move || look_at(&bytes, &patch)).await?;
    bring_only_allowed(cx, &mut look.columns).await;
    keep(cx, look).await.map(Some)
}

/// The first rows of an import's file.
pub(crate) async fn preview(cx: &Cx<Import>, id: ContactImportId, owners: &Owners) -> Result<ImportPreview> {
    let run = cx
        .read(async |tx| {
            db::find(tx, id, owners).await?;
            db::run(tx, id).await
        })
        .await?;
    if run.file_gone_at.is_some() {
        return Ok(ImportPreview { rows: vec![] });
    }
    let (_, bytes) = files::content(&cx.app, &cx.tenant, cx.context(), run.source_id, &None).await?;
    let skip = usize::from(run.has_header);
    let rows = blocking(move || Ok(decoded(&run, &bytes)?.read(0, 0, PREVIEW_ROWS + skip))).await?;
    let cut = |cell: String| cell.chars().take(200).collect();
    let row = |r: decode::Record| ImportPreviewRow { line: r.line, cells: r.cells.into_iter().map(cut).collect() };
    Ok(ImportPreview { rows: rows.records.into_iter().map(row).skip(skip).collect() })
}

/// The text of an import's file.
pub(super) fn decoded(run: &Run, bytes: &[u8]) -> Result<Decoded> {
    let encoding = decode::encoding_named(if run.kind == "xlsx" { "utf-8" } else { &run.encoding })?;
    let delimiter = run.delimiter.bytes().next().unwrap_or(b',');
    Ok(Decoded { text: decode::decode(bytes, encoding), delimiter })
}

/// Work that would hold up everybody else on its thread.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Keeps the text of a sheet beside its file: every later step reads text.
async fn keep(cx: &Cx<Import>, mut look: Look) -> Result<Look> {
    if let Some(csv) = look.csv.take() {
        if csv.len() > cx.app.config.limits.file_bytes {
            return Err(Error::invalid("/file", "file_too_large", "The sheet is too large; cut it in parts."));
        }
        let upload = Upload { name: "sheet.csv".into(), content: csv.into() };
        look.derived = Some(files::keep(&cx.app, &cx.tenant, cx.context(), upload).await?);
    }
    Ok(look)
}

fn look_at(bytes: &[u8], how: &ContactImportPatch) -> Result<Look> {
    if bytes.starts_with(b"PK\x03\x04") {
        let read = sheet::read(bytes, how.sheet.as_deref())?;
        let text = String::from_utf8(read.csv.clone()).map_err(Error::internal)?;
        let mut look = looked("xlsx", "utf-8", Decoded { text, delimiter: b',' }, how.has_header)?;
        (look.sheet, look.sheets, look.csv) = (Some(read.name), read.names, Some(read.csv));
        return Ok(look);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let detail = "An old or protected Excel file; save it as XLSX or CSV.";
        return Err(Error::invalid("/file", "file_unreadable", detail));
    }
    let encoding = match &how.encoding {
        Some(name) => decode::encoding_named(name)?,
        None => decode::encoding_of(bytes),
    };
    let text = decode::decode(bytes, encoding);
    if !is_text(&text) {
        return Err(Error::invalid("/file", "file_unreadable", "This is neither CSV nor XLSX."));
    }
    let delimiter = match how.delimiter.as_deref().map(str::as_bytes) {
        Some([delimiter]) if decode::DELIMITERS.contains(delimiter) => *delimiter,
        Some(_) => return Err(Error::invalid("/delimiter", "delimiter", "One of , ; | or a tab.")),
        None => decode::delimiter_of(&text),
    };
    looked("csv", encoding.name(), Decoded { text, delimiter }, how.has_header)
}

/// Pictures and programs are no lists.
fn is_text(text: &str) -> bool {
    let start = text.chars().take(4_000);
    let odd = start.clone().filter(|c| c.is_control() && !"\t\n\r\x0b\x0c".contains(*c) || *c == '\u{fffd}').count();
    odd * 20 <= start.count()
}

fn looked(kind: &'static str, encoding: &'static str, file: Decoded, header: Option<bool>) -> Result<Look> {
    let shape = file.shape()?;
    let has_header = header.unwrap_or_else(|| decode::has_header(&shape.first));
    let rows = shape.rows - usize::from(has_header && shape.rows > 0);
    Ok(Look {
        kind,
        encoding,
        delimiter_text: char::from(file.delimiter).to_string(),
        sheet: None,
        sheets: vec![],
        has_header,
        columns: model::columns_of(&shape.first, has_header, shape.width),
        rows_total: i32::try_from(rows).unwrap_or(i32::MAX),
        derived: None,
        csv: None,
    })
}
