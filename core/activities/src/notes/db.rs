//! Every statement on notes.
use super::model::{NewNote, Note, NoteId};
use crate::records::{Reach, Record};
use contacts::ContactId;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql, contains},
    http::Page,
    ids::UserId,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Every note; the caller adds of whom and for whom.
const LIST: ListSpec = ListSpec {
    select: "select n.id, n.contact_id as contact, n.company_id as company, n.deal_id as deal, n.author_id as author, n.body, n.mentions, \
        n.is_private as private, n.is_pinned as pinned, \
        (select count(*) from attachments f where f.note_id = n.id and f.deleted_at is null) as files, \
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

/// One page of the notes about a record, without private ones of others.
pub async fn list(tx: &mut Tx, record: Record, query: &ListQuery, reader: Option<Uuid>) -> Result<Page<Note>> {
    let id = record.id();
    let about = match record {
        Record::Contact(_) => "n.contact_id = ?",
        Record::Company(_) => "n.company_id = ?",
        Record::Deal(_) => "n.deal_id = ?",
    };
    let readable = Clause("(not n.is_private or n.author_id = ?)", &reader, Type::UUID);
    tx.list(&LIST, query, &[Clause(about, &id, Type::UUID), readable]).await
}

/// A new note, with those who are told of it.
pub async fn insert(
    tx: &mut Tx,
    id: NoteId,
    record: Record,
    author: Option<Uuid>,
    note: &NewNote,
    told: &[UserId],
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into notes (id, contact_id, company_id, deal_id, author_id, body, mentions, is_private, is_pinned, created_at, updated_at, search)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, ' ' || fold($6))"
    );
    let (contact, company, deal) = (record.contact(), record.company(), record.deal());
    let now = tx.now();
    tx.exec_one(
        INSERT,
        &[&id, &contact, &company, &deal, &author, &note.body, &told, &note.private, &note.pinned, &now],
    )
    .await
}

/// The note, if the reader may see it and its record is in reach.
pub async fn find(tx: &mut Tx, id: NoteId, reader: Option<Uuid>, reach: &Reach) -> Result<Note> {
    const FIND: Sql = sql!(
        "select n.id, n.contact_id as contact, n.company_id as company, n.deal_id as deal, n.author_id as author, n.body, n.mentions,
           n.is_private as private, n.is_pinned as pinned,
           (select count(*) from attachments f where f.note_id = n.id and f.deleted_at is null) as files,
           n.created_at, n.updated_at, n.version
         from notes n where n.id = $1 and (not n.is_private or n.author_id = $2) and (
           exists (select from contacts c where c.id = n.contact_id and c.deleted_at is null and ($3::uuid[] is null or c.owner_id = any($3)))
           or exists (select from companies m where m.id = n.company_id and m.deleted_at is null and ($4::uuid[] is null or m.owner_id = any($4)))
           or exists (select from deals d where d.id = n.deal_id and d.deleted_at is null and ($5::uuid[] is null or d.owner_id = any($5))))"
    );
    tx.row(FIND, &[&id, &reader, &reach.contacts, &reach.companies, &reach.deals]).await
}

/// The note, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: NoteId, reader: Option<Uuid>, reach: &Reach) -> Result<Note> {
    const LOCK: Sql = sql!("select n.version from notes n where n.id = $1 for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id, reader, reach).await
}

/// Who wrote a note; none when a program did.
pub async fn author(tx: &mut Tx, id: NoteId) -> Result<Option<Uuid>> {
    const AUTHOR: Sql = sql!("select author_id from notes where id = $1");
    tx.value(AUTHOR, &[&id]).await
}

/// Writes a locked note.
pub async fn update(tx: &mut Tx, id: NoteId, note: &NewNote, told: &[UserId]) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update notes set body = $2, is_private = $3, is_pinned = $4, updated_at = $5, mentions = $6, search = ' ' || fold($2), version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(UPDATE, &[&id, &note.body, &note.private, &note.pinned, &now, &told]).await
}

/// Removes a note.
pub async fn delete(tx: &mut Tx, id: NoteId) -> Result<()> {
    const DELETE: Sql = sql!("delete from notes where id = $1");
    tx.exec_one(DELETE, &[&id]).await
}

/// Every note about a contact, private ones too: for the person's own data.
pub async fn all_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Note>> {
    const ALL_OF: Sql = sql!(
        "select n.id, n.contact_id as contact, n.company_id as company, n.deal_id as deal, n.author_id as author, n.body, n.mentions,
           n.is_private as private, n.is_pinned as pinned,
           (select count(*) from attachments f where f.note_id = n.id and f.deleted_at is null) as files,
           n.created_at, n.updated_at, n.version
         from notes n where n.contact_id = $1 order by n.created_at, n.id"
    );
    tx.rows(ALL_OF, &[&contact]).await
}

/// Removes every note about a contact; gives how many.
pub async fn delete_all_of(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    const DELETE_ALL_OF: Sql = sql!("delete from notes where contact_id = $1");
    tx.exec(DELETE_ALL_OF, &[&contact]).await
}

/// Notes about other records that mention one of these texts, as their index finds them, get it struck out; gives how many.
pub async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    const REDACT: Sql = sql!(
        "update notes set body = '[erased]', search = '', updated_at = $2, version = version + 1
         where search like any(array(select fold(m.pattern) from unnest($1::text[]) as m(pattern)))"
    );
    let patterns: Vec<String> = mentions.iter().map(|mention| contains(mention)).collect();
    let now = tx.now();
    tx.exec(REDACT, &[&patterns, &now]).await
}
