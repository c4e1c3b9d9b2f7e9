//! Every statement on notes.
use super::model::{NewNote, Note, NoteId};
use contacts::{ContactId, Owners};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    sql,
};
use uuid::Uuid;

/// Every note; the caller adds of whom and for whom.
pub const LIST: ListSpec = ListSpec {
    select: "select n.id, n.contact_id as contact, n.author_id as author, n.body, n.is_private as private, n.is_pinned as pinned, \
        n.created_at, n.updated_at, n.version from notes n",
    id: "n.id",
    always: "",
    fields: &[
        Field { name: "author", sql: "n.author_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "pinned", sql: "n.is_pinned", kind: FieldKind::Bool, sort: None },
        Field { name: "private", sql: "n.is_private", kind: FieldKind::Bool, sort: None },
        Field { name: "created_at", sql: "n.created_at", kind: FieldKind::Time, sort: Some("n.created_at") },
    ],
    default_sort: "-created_at",
};

/// A new note.
pub async fn insert(tx: &mut Tx, id: NoteId, contact: ContactId, author: Option<Uuid>, note: &NewNote) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into notes (id, contact_id, author_id, body, is_private, is_pinned, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)"
    );
    let now = tx.now();
    tx.exec_one(INSERT, &[&id, &contact, &author, &note.body, &note.private, &note.pinned, &now]).await
}

/// The note, if the reader may see it and its contact is in reach.
pub async fn find(tx: &mut Tx, id: NoteId, reader: Option<Uuid>, owners: &Owners) -> Result<Note> {
    const FIND: Sql = sql!(
        "select n.id, n.contact_id as contact, n.author_id as author, n.body, n.is_private as private, n.is_pinned as pinned, n.created_at, n.updated_at, n.version
         from notes n join contacts c on c.id = n.contact_id
         where n.id = $1 and (not n.is_private or n.author_id = $2) and c.deleted_at is null and ($3::uuid[] is null or c.owner_id = any($3))"
    );
    tx.row(FIND, &[&id, &reader, owners]).await
}

/// The note, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: NoteId, reader: Option<Uuid>, owners: &Owners) -> Result<Note> {
    const LOCK: Sql = sql!(
        "select n.id, n.contact_id as contact, n.author_id as author, n.body, n.is_private as private, n.is_pinned as pinned, n.created_at, n.updated_at, n.version
         from notes n join contacts c on c.id = n.contact_id
         where n.id = $1 and (not n.is_private or n.author_id = $2) and c.deleted_at is null and ($3::uuid[] is null or c.owner_id = any($3))
         for update of n"
    );
    tx.row(LOCK, &[&id, &reader, owners]).await
}

/// Writes a locked note.
pub async fn update(tx: &mut Tx, id: NoteId, note: &NewNote) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update notes set body = $2, is_private = $3, is_pinned = $4, updated_at = $5, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(UPDATE, &[&id, &note.body, &note.private, &note.pinned, &now]).await
}

/// Removes a note.
pub async fn delete(tx: &mut Tx, id: NoteId) -> Result<()> {
    const DELETE: Sql = sql!("delete from notes where id = $1");
    tx.exec_one(DELETE, &[&id]).await
}

/// Every note about a contact, private ones too: for the person's own data.
pub async fn all_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Note>> {
    const ALL_OF: Sql = sql!(
        "select n.id, n.contact_id as contact, n.author_id as author, n.body, n.is_private as private, n.is_pinned as pinned, n.created_at, n.updated_at, n.version
         from notes n where n.contact_id = $1 order by n.created_at, n.id"
    );
    tx.rows(ALL_OF, &[&contact]).await
}

/// Removes every note about a contact; gives how many.
pub async fn delete_all_of(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    const DELETE_ALL_OF: Sql = sql!("delete from notes where contact_id = $1");
    tx.exec(DELETE_ALL_OF, &[&contact]).await
}

/// Notes about other contacts that mention one of these texts get it struck out; gives how many.
pub async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    const REDACT: Sql = sql!(
        "update notes set body = '[erased]', updated_at = $2, version = version + 1
         where exists (select from unnest($1::text[]) as m(mention) where position(lower(m.mention) in lower(body)) > 0)"
    );
    let now = tx.now();
    tx.exec(REDACT, &[&mentions, &now]).await
}
