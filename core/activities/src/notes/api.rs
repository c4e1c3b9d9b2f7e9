//! Notes over HTTP.
use super::{
    actions, db,
    model::{NewNote, Note, NoteId, NotePatch},
};
use crate::{Read, Tags, Write};
use contacts::ContactId;
use kernel::{
    Cx, Result,
    db::{Clause, ListQuery},
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use tokio_postgres::types::Type;

pub(crate) struct NotesApi;

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
        let (owners, reader) = (cx.visible_owners(), cx.principal.user);
        let page = cx.read(async |tx| {
            contacts::require(tx, id.0, &owners).await?;
            let about = Clause("n.contact_id = ?", &id.0, Type::UUID);
            let readable = Clause("(not n.is_private or n.author_id = ?)", &reader, Type::UUID);
            tx.list(&db::LIST, &query, &[about, readable]).await
        });
        page.await.map(Json)
    }

    /// Write a note about a contact
    #[oai(path = "/contacts/:id/notes", method = "post")]
    async fn create_contact_note(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        body: Json<NewNote>,
    ) -> Result<Created<Note>> {
        let (owners, author) = (cx.visible_owners(), cx.principal.user);
        cx.create(async |tx| actions::create(tx, id.0, body.0, author, &owners).await).await
    }

    /// Get a note
    #[oai(path = "/notes/:id", method = "get")]
    async fn get_note(&self, cx: Cx<Read>, id: Path<NoteId>) -> Result<Tagged<Note>> {
        let (owners, reader) = (cx.visible_owners(), cx.principal.user);
        let note = cx.read(async |tx| db::find(tx, id.0, reader, &owners).await).await?;
        let version = note.version;
        Ok(Tagged::of(note, version))
    }

    /// Change or pin a note
    ///
    /// Only its author changes text and privacy.
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
        let (owners, reader) = (cx.visible_owners(), cx.principal.user);
        let if_match = if_match.0.as_deref();
        let note = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, reader, &owners).await).await?;
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
        let (owners, reader) = (cx.visible_owners(), cx.principal.user);
        let if_match = if_match.0.as_deref();
        cx.write(async |tx| actions::delete(tx, id.0, if_match, reader, &owners).await).await?;
        Ok(NoContent::Done)
    }
}
