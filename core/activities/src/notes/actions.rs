//! What can be done with notes.
use super::{
    db,
    model::{NewNote, Note, NoteId, NotePatch, checked_body, mentioned},
};
use crate::{
    NOTE_MENTION,
    records::{self, Reach, Record},
};
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match, ids::UserId};
use notifications::{
    later,
    notifications::{Notice, notify},
};
use serde_json::json;
use uuid::Uuid;

/// Who writes or reads, and what he reaches.
#[derive(Debug, Clone)]
pub struct Writer {
    /// The person; none for programs.
    pub user: Option<Uuid>,
    /// Whose records he reaches.
    pub reach: Reach,
    /// Members who may see the record, of those that the text names.
    pub readers: Vec<UserId>,
}

/// Writes a note about a record, and tells those whom it names.
pub async fn create(tx: &mut Tx, record: Record, new: NewNote, by: &Writer) -> Result<Note> {
    records::require(tx, record, &by.reach).await?;
    let new = NewNote { body: checked_body(&new.body)?.to_owned(), ..new };
    if new.private && by.user.is_none() {
        return Err(Error::invalid("/private", "author_missing", "Only a person has private notes."));
    }
    let id = NoteId::new(tx.now());
    let told = told_of(&new, by);
    db::insert(tx, id, record, by.user, &new, &told).await?;
    note_event(tx, "note.created", "Note added", id, record, new.private).await?;
    tell(tx, id, record, &told, by).await?;
    db::find(tx, id, by.user, &by.reach).await
}

/// Changes a note; text and privacy are its author's. Whom it named before is not told again.
pub async fn update(tx: &mut Tx, id: NoteId, patch: NotePatch, if_match: Option<&str>, by: &Writer) -> Result<Note> {
    let note = db::find_for_update(tx, id, by.user, &by.reach).await?;
    check_if_match(if_match, note.version)?;
    let mine = by.user.is_some() && note.author.map(|a| a.0) == by.user;
    if (patch.body.is_some() || patch.private.is_some()) && !mine {
        return Err(Error::forbidden("note_of_another", "Only its author changes a note. Anybody may pin it."));
    }
    let record = note.record()?;
    let said = patch.body.is_some() || patch.private.is_some();
    let body = patch.body.unwrap_or(note.body);
    let next = NewNote {
        body: checked_body(&body)?.to_owned(),
        private: patch.private.unwrap_or(note.private),
        pinned: patch.pinned.unwrap_or(note.pinned),
    };
    let told = if said { told_of(&next, by) } else { note.mentions.clone() };
    db::update(tx, id, &next, &told).await?;
    note_event(tx, "note.updated", "Note changed", id, record, next.private).await?;
    let new: Vec<UserId> = told.into_iter().filter(|user| !note.mentions.contains(user)).collect();
    tell(tx, id, record, &new, by).await?;
    db::find(tx, id, by.user, &by.reach).await
}

/// Deletes a note; its author does, or whoever looks after every record of its kind.
pub async fn delete(tx: &mut Tx, id: NoteId, if_match: Option<&str>, by: &Writer) -> Result<()> {
    let note = db::find_for_update(tx, id, by.user, &by.reach).await?;
    check_if_match(if_match, note.version)?;
    if by.reach.contacts.is_some() && note.author.map(|a| a.0) != by.user {
        return Err(Error::forbidden("note_of_another", "Only its author deletes a note."));
    }
    db::delete(tx, id).await?;
    note_event(tx, "note.deleted", "Note deleted", id, note.record()?, note.private).await
}

/// Fails with 404 unless the note is there for whoever asks, and what it is about in reach; it stays until the transaction ends.
pub async fn require_note(tx: &mut Tx, id: NoteId, reach: &Reach) -> Result<()> {
    let eyes = tx.context().actor.eyes();
    db::find_for_update(tx, id, eyes, reach).await.map(drop)
}

/// Fails with 403 `note_of_another` unless whoever asks wrote the note; what one program wrote is every program's.
pub async fn require_author(tx: &mut Tx, id: NoteId) -> Result<()> {
    match db::author(tx, id).await? == tx.context().actor.eyes() {
        true => Ok(()),
        false => Err(Error::forbidden("note_of_another", "Only its author changes the files of a note.")),
    }
}

/// Whom a text names among those who may see it: nobody else sees a private note.
fn told_of(note: &NewNote, by: &Writer) -> Vec<UserId> {
    let named = if note.private { vec![] } else { mentioned(&note.body) };
    named.into_iter().filter(|user| by.readers.contains(user)).collect()
}

/// Tells people that a note names them; once, and nobody tells himself. The words stay where they are.
async fn tell(tx: &mut Tx, id: NoteId, record: Record, told: &[UserId], by: &Writer) -> Result<()> {
    let others: Vec<Uuid> = told.iter().map(|user| user.0).filter(|user| Some(*user) != by.user).collect();
    if others.is_empty() {
        return Ok(());
    }
    let params = json!({ "record": later(format!("part.{}", record.word()), &json!({})) });
    let mut notice = Notice::new(&NOTE_MENTION, params, others).link(record.link()).gather().by_name();
    notice.contact_id = record.contact().map(|contact| contact.0);
    notice.dedupe_key = Some(format!("note.mention/{id}"));
    notify(tx, &notice).await.map(drop)
}

async fn note_event(
    tx: &mut Tx,
    kind: &'static str,
    title: &str,
    id: NoteId,
    record: Record,
    private: bool,
) -> Result<()> {
    // The timeline hides what happened to private notes from everybody but their author.
    let event = NewEvent::new(kind, "notes", id.0, title).contact(record.contact().map(|contact| contact.0));
    tx.record(event.payload(&record.payload(json!({ "private": private })))).await?;
    Ok(())
}
