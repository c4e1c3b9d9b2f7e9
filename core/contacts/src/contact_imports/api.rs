//! Imports over HTTP.
use super::{
    actions, db, export,
    model::{
        ContactImport, ContactImportId, ContactImportPatch, ContactImportRow, ImportPreview, ImportReason, ImportStart,
        ImportUndo, NewContactImport,
    },
};
use crate::{Import, Tags, Write};
use identity::members;
use kernel::{
    Cx, Error, Result,
    db::ListQuery,
    http::{Created, NoContent, Page},
};
use poem::Body;
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Path, Query},
    payload::{Binary, Json},
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct ContactImportsApi;

/// A CSV file.
#[derive(ApiResponse)]
enum ErrorFile {
    /// The lines, as they are read.
    #[oai(status = 200, content_type = "text/csv; charset=utf-8")]
    Ok(
        Binary<Body>,
        /** Suggests a file name. */
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

/// Why rows did not come in.
#[derive(Object, Debug, Clone)]
pub struct ImportReasons {
    /// The most frequent first, at most 50.
    pub items: Vec<ImportReason>,
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl ContactImportsApi {
    /// List imports of contacts
    ///
    /// Filters: state, created_at. Sort: created_at.
    #[oai(path = "/contact-imports", method = "get")]
    async fn list_contact_imports(
        &self,
        cx: Cx<Import>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ContactImport>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Export the history of imports of contacts
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if it
    /// were whole. Takes the filters of the list; the oldest import comes first. In CSV cells that a spreadsheet would run as a
    /// formula begin with an apostrophe. The export is recorded.
    #[oai(path = "/contact-imports/export", method = "get")]
    async fn export_contact_imports(
        &self,
        cx: Cx<Import>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        export::file(&cx, filter.0, Look::of(format.0, language.0)).await
    }

    /// Prepare an import of contacts
    ///
    /// Looks at an uploaded CSV or XLSX file: encoding, delimiter, columns and what they probably say. Nothing comes in
    /// until the import is started. 422 at `/file`: `file_unknown`, `file_unreadable`, `file_empty`, `file_too_large`,
    /// `too_many_rows` (500,000 at most), `too_many_columns` (200 at most). Whoever never starts it finds it gone after
    /// 30 days.
    #[oai(path = "/contact-imports", method = "post")]
    async fn create_contact_import(
        &self,
        cx: Cx<Import>,
        body: Json<NewContactImport>,
    ) -> Result<Created<ContactImport>> {
        let look = actions::look(&cx, body.0.file).await?;
        cx.create(async |tx| actions::create(tx, body.0.file, &look).await).await
    }

    /// Get an import of contacts
    #[oai(path = "/contact-imports/:id", method = "get")]
    async fn get_contact_import(&self, cx: Cx<Import>, id: Path<ContactImportId>) -> Result<Json<ContactImport>> {
        let owners = cx.visible_owners();
        cx.read(async |tx| db::find(tx, id.0, &owners).await).await.map(Json)
    }

    /// Change an import of contacts that was not started
    ///
    /// 409 `import_running`, `import_over` and the like once it was started. 422 at `/fields/…` `permission_missing` for columns
    /// of other records (companies, birthdays) that the caller may not write, at `/custom/…` the same for links to records that he may not
    /// see, `field_computed` for formulas and `field_file` for files, at `/options/segment` `segment_unknown`. 409
    /// `segment_not_static`; 403 for a segment that the caller may not change.
    #[oai(path = "/contact-imports/:id", method = "patch")]
    async fn update_contact_import(
        &self,
        cx: Cx<Import>,
        id: Path<ContactImportId>,
        body: Json<ContactImportPatch>,
    ) -> Result<Json<ContactImport>> {
        let owner = body.0.options.as_ref().and_then(|options| options.owner);
        members::require(&cx, "/options/owner", owner.into_iter().collect()).await?;
        let owners = cx.visible_owners();
        actions::check_fields(&cx, &body.0).await?;
        actions::check_segment(&cx, body.0.options.as_ref().and_then(|options| options.segment)).await?;
        let look = actions::look_again(&cx, id.0, &body.0, &owners).await?;
        cx.write(async |tx| actions::update(tx, id.0, body.0, look.as_ref(), &owners).await).await.map(Json)
    }

    /// Drop an import of contacts that was not started
    ///
    /// Its file goes with it.
    #[oai(path = "/contact-imports/:id", method = "delete")]
    async fn delete_contact_import(&self, cx: Cx<Import>, id: Path<ContactImportId>) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Get the first rows of an import's file
    ///
    /// Ten rows, each cell cut after 200 characters; none when the file is gone.
    #[oai(path = "/contact-imports/:id/preview", method = "get")]
    async fn get_contact_import_preview(
        &self,
        cx: Cx<Import>,
        id: Path<ContactImportId>,
    ) -> Result<Json<ImportPreview>> {
        let owners = cx.visible_owners();
        actions::preview(&cx, id.0, &owners).await.map(Json)
    }

    /// Try an import of contacts without writing
    ///
    /// In the background: the import is `checking`, then `checked` with `check`. The first 20,000 rows are tried;
    /// `complete` says whether that was all.
    #[oai(path = "/contact-imports/:id/check", method = "post")]
    async fn create_contact_import_check(
        &self,
        cx: Cx<Import>,
        id: Path<ContactImportId>,
    ) -> Result<Json<ContactImport>> {
        let owners = cx.visible_owners();
        let reaches = actions::reaches(&cx, id.0, &owners).await?;
        cx.act(async |tx| actions::check(tx, id.0, &owners, reaches).await).await
    }

    /// Start an import of contacts
    ///
    /// Or let a stopped or failed one go on where it was. Needs `contacts.write` as far as `contacts.import`. Nobody is
    /// asked for consent by it and none is given: what people may be sent stays as it was, or less where the file says so.
    /// Columns of companies and days need the permission to write those too, and a segment `segments.write`; one that is deleted
    /// meanwhile gets nobody any more, and `brought` says how many. 409 `file_imported` when the
    /// content of the file came in before and was not undone, unless `again`.
    #[oai(path = "/contact-imports/:id/start", method = "post")]
    async fn create_contact_import_start(
        &self,
        cx: Cx<Import>,
        id: Path<ContactImportId>,
        body: Json<ImportStart>,
    ) -> Result<Json<ContactImport>> {
        require_write(&cx)?;
        let owners = cx.visible_owners();
        let reaches = actions::reaches(&cx, id.0, &owners).await?;
        cx.act(async |tx| actions::start(tx, id.0, body.0, &owners, &reaches).await).await
    }

    /// Stop a running import of contacts
    ///
    /// What came in stays; it can go on, or be undone.
    #[oai(path = "/contact-imports/:id/cancellation", method = "post")]
    async fn create_contact_import_cancellation(
        &self,
        cx: Cx<Import>,
        id: Path<ContactImportId>,
    ) -> Result<Json<ContactImport>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::cancel(tx, id.0, &owners).await).await
    }

    /// Undo an import of contacts
    ///
    /// In the background, within 30 days of its end. Contacts that it made are removed, contacts that it changed become
    /// what they were, and what came with them goes: companies that nothing else uses, birthdays, blocks, places in the
    /// segment; `brought` says what was left of those. Whoever was changed since, or got a note, a deal or anything else, stays as he is, and the rows
    /// say so. Needs `contacts.write` as far as `contacts.import`.
    #[oai(path = "/contact-imports/:id/undo", method = "post")]
    async fn create_contact_import_undo(
        &self,
        cx: Cx<Import>,
        id: Path<ContactImportId>,
        body: Json<ImportUndo>,
    ) -> Result<Json<ContactImport>> {
        require_write(&cx)?;
        let owners = cx.visible_owners();
        actions::may_undo(&cx, id.0, &owners).await?;
        cx.act(async |tx| actions::undo(tx, id.0, body.0, &owners).await).await
    }

    /// List what became of the rows of an import
    ///
    /// Filters: line, outcome, undo. Sort: line.
    #[oai(path = "/contact-imports/:id/rows", method = "get")]
    async fn list_contact_import_rows(
        &self,
        cx: Cx<Import>,
        id: Path<ContactImportId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ContactImportRow>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| {
            db::find(tx, id.0, &owners).await?;
            db::ledger::list(tx, id.0, &query, &owners).await
        })
        .await
        .map(Json)
    }

    /// Get why rows of an import did not come in
    #[oai(path = "/contact-imports/:id/reasons", method = "get")]
    async fn get_contact_import_reasons(
        &self,
        cx: Cx<Import>,
        id: Path<ContactImportId>,
    ) -> Result<Json<ImportReasons>> {
        let owners = cx.visible_owners();
        cx.read(async |tx| {
            db::find(tx, id.0, &owners).await?;
            Ok(Json(ImportReasons { items: db::ledger::reasons(tx, id.0).await? }))
        })
        .await
    }

    /// Download the rows of an import that did not come in
    ///
    /// As CSV with the cells as they were and why; put right, it can be imported again.
    #[oai(path = "/contact-imports/:id/errors", method = "get")]
    async fn export_contact_import_errors(&self, cx: Cx<Import>, id: Path<ContactImportId>) -> Result<ErrorFile> {
        let owners = cx.visible_owners();
        let import = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let body = Body::from_bytes_stream(export::refused(cx, &import));
        Ok(ErrorFile::Ok(Binary(body), "attachment; filename=\"import-errors.csv\"".to_owned()))
    }
}

/// Whoever takes contacts in or removes them must be allowed to write each of them.
fn require_write(cx: &Cx<Import>) -> Result<()> {
    match cx.level_of::<Write>() < cx.level {
        true => Err(Error::forbidden("permission_missing", "This needs contacts.write as far as contacts.import.")),
        false => Ok(()),
    }
}
