//! Notes over HTTP.
use super::{
    actions::{self, Writer},
    db,
    model::{NewNote, Note, NoteId, NotePatch},
};
use crate::{
    Read, Tags, Write, readers,
    records::{Record, reach, require},
};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct NotesApi;

/// The caller, with those whom a text about the record may tell.
async fn writer(cx: &Cx<Write>, record: Option<Record>, body: Option<&str>) -> Result<Writer> {
    let reach = reach::<_, Write>(cx);
    let readers = match record {
        Some(record) => readers::named(cx, record, &reach, body).await?,
        None => vec![],
    };
    Ok(Writer { user: cx.principal.user, reach, readers })
}

async fn list(cx: Cx<Read>, record: Record, query: ListQuery) -> Result<Json<Page<Note>>> {
    let (reach, reader) = (reach::<_, Read>(&cx), cx.principal.user);
    let page = cx.read(async |tx| {
        require(tx, record, &reach).await?;
        db::list(tx, record, &query, reader).await
    });
    page.await.map(Json)
}

async fn create(cx: Cx<Write>, record: Record, body: NewNote) -> Result<Created<Note>> {
    let by = writer(&cx, Some(record), Some(&body.body)).await?;
    cx.create(async |tx| actions::create(tx, record, body, &by).await).await
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl NotesApi {
    /// List notes about a contact
    ///
    /// Private notes of others are left out. Filters: author, pinned, private, created_at. Sort: created_at.
    #[oai(path = "/contacts/:id/notes", method = "get")]
    async fn list_contact_notes(
        &self,
        cx: Cx<Read>,
        id: Path<ContactId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Note>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Record::Contact(id.0), query).await
    }

    /// Write a note about a contact
    #[oai(path = "/contacts/:id/notes", method = "post")]
    async fn create_contact_note(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        body: Json<NewNote>,
    ) -> Result<Created<Note>> {
        create(cx, Record::Contact(id.0), body.0).await
    }

    /// List notes about a company
    ///
    /// Private notes of others are left out. Filters: author, pinned, private, created_at. Sort: created_at.
    #[oai(path = "/companies/:id/notes", method = "get")]
    async fn list_company_notes(
        &self,
        cx: Cx<Read>,
        id: Path<CompanyId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Note>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Record::Company(id.0), query).await
    }

    /// Write a note about a company
    #[oai(path = "/companies/:id/notes", method = "post")]
    async fn create_company_note(
        &self,
        cx: Cx<Write>,
        id: Path<CompanyId>,
        body: Json<NewNote>,
    ) -> Result<Created<Note>> {
        create(cx, Record::Company(id.0), body.0).await
    }

    /// List notes about a deal
    ///
    /// Private notes of others are left out. Filters: author, pinned, private, created_at. Sort: created_at.
    #[oai(path = "/deals/:id/notes", method = "get")]
    async fn list_deal_notes(
        &self,
        cx: Cx<Read>,
        id: Path<DealId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Note>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Record::Deal(id.0), query).await
    }

    /// Write a note about a deal
    #[oai(path = "/deals/:id/notes", method = "post")]
    async fn create_deal_note(&self, cx: Cx<Write>, id: Path<DealId>, body: Json<NewNote>) -> Result<Created<Note>> {
        create(cx, Record::Deal(id.0), body.0).await
    }

    /// Get a note
    #[oai(path = "/notes/:id", method = "get")]
    async fn get_note(&self, cx: Cx<Read>, id: Path<NoteId>) -> Result<Tagged<Note>> {
        let (reach, reader) = (reach::<_, Read>(&cx), cx.principal.user);
        let note = cx.read(async |tx| db::find(tx, id.0, reader, &reach).await).await?;
        let version = note.version;
        Ok(Tagged::of(note, version))
    }

    /// Change or pin a note
    ///
    /// Only its author changes text and privacy. Whom the text did not name before is told.
    #[oai(path = "/notes/:id", method = "patch")]
    async fn update_note(
        &self,
        cx: Cx<Write>,
        id: Path<NoteId>,
        /// The ETag you have read; 412 when the note has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NotePatch>,
    ) -> Result<Tagged<Note>> {
        let by = writer(&cx, None, None).await?;
        let before = cx.read(async |tx| db::find(tx, id.0, by.user, &by.reach).await).await?;
        let text = body.0.body.as_deref().unwrap_or(&before.body);
        let by = writer(&cx, Some(before.record()?), Some(text)).await?;
        let if_match = if_match.0.as_deref();
        let note = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &by).await).await?;
        let version = note.version;
        Ok(Tagged::of(note, version))
    }

    /// Delete a note
    #[oai(path = "/notes/:id", method = "delete")]
    async fn delete_note(
        &self,
        cx: Cx<Write>,
        id: Path<NoteId>,
        /// The ETag you have read; 412 when the note has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let by = writer(&cx, None, None).await?;
        let if_match = if_match.0.as_deref();
        cx.write(async |tx| actions::delete(tx, id.0, if_match, &by).await).await?;
        Ok(NoContent::Done)
    }
}
