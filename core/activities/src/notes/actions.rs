//! What can be done with notes.
use super::{
    db,
    model::{NewNote, Note, NoteId, NotePatch, checked_body},
};
use contacts::{ContactId, Owners};
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match};
use serde_json::json;
use uuid::Uuid;

/// Writes a note about a contact.
pub async fn create(
    tx: &mut Tx,
    contact: ContactId,
    new: NewNote,
    author: Option<Uuid>,
    owners: &Owners,
) -> Result<Note> {
    contacts::require(tx, contact, owners).await?;
    let new = NewNote { body: checked_body(&new.body)?.to_owned(), ..new };
    if new.private && author.is_none() {
        return Err(Error::invalid("/private", "author_missing", "Only a person has private notes."));
    }
    let id = NoteId::new(tx.now());
    db::insert(tx, id, contact, author, &new).await?;
    record(tx, "note.created", "Note added", id, contact, new.private).await?;
    db::find(tx, id, author, owners).await
}

/// Changes a note; text and privacy are its author's.
pub async fn update(
    tx: &mut Tx,
    id: NoteId,
    patch: NotePatch,
    if_match: Option<&str>,
    reader: Option<Uuid>,
    owners: &Owners,
) -> Result<Note> {
    let note = db::find_for_update(tx, id, reader, owners).await?;
    check_if_match(if_match, note.version)?;
    if (patch.body.is_some() || patch.private.is_some()) && (reader.is_none() || note.author.map(|a| a.0) != reader) {
        return Err(Error::forbidden("note_of_another", "Only its author changes a note. Anybody may pin it."));
    }
    let body = patch.body.unwrap_or(note.body);
    let next = NewNote {
        body: checked_body(&body)?.to_owned(),
        private: patch.private.unwrap_or(note.private),
        pinned: patch.pinned.unwrap_or(note.pinned),
    };
    db::update(tx, id, &next).await?;
    record(tx, "note.updated", "Note changed", id, note.contact, next.private).await?;
    db::find(tx, id, reader, owners).await
}

/// Deletes a note; its author does, or whoever looks after every contact.
pub async fn delete(
    tx: &mut Tx,
    id: NoteId,
    if_match: Option<&str>,
    reader: Option<Uuid>,
    owners: &Owners,
) -> Result<()> {
    let note = db::find_for_update(tx, id, reader, owners).await?;
    check_if_match(if_match, note.version)?;
    if owners.is_some() && note.author.map(|a| a.0) != reader {
        return Err(Error::forbidden("note_of_another", "Only its author deletes a note."));
    }
    db::delete(tx, id).await?;
    record(tx, "note.deleted", "Note deleted", id, note.contact, note.private).await
}

async fn record(
    tx: &mut Tx,
    kind: &'static str,
    title: &str,
    id: NoteId,
    contact: ContactId,
    private: bool,
) -> Result<()> {
    // The timeline hides what happened to private notes from everybody but their author.
    let event = NewEvent::new(kind, "notes", id.0, title).contact(contact.0).payload(&json!({ "private": private }));
    tx.record(event).await?;
    Ok(())
}
