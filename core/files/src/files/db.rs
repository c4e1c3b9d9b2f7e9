//! Statements on `files`.
use super::model::{File, FileId, Kept, Scan};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Result, Tx,
    auth::ActorKind,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql, contains},
    http::Page,
    sql,
};
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select f.id, f.name, f.size, f.type as kind, encode(f.sha256, 'hex') as sha256, f.state, f.scan, f.verdict, f.owner_kind, f.owner_id, f.uploaded_by, f.created_at, f.version from files f",
    id: "f.id",
    always: "f.state <> 'uploading'",
    fields: &[
        Field { name: "created_at", sql: "f.created_at", kind: FieldKind::Time, sort: Some("f.created_at") },
        Field { name: "name", sql: "f.name", kind: FieldKind::Text, sort: Some("f.name") },
        Field { name: "size", sql: "f.size", kind: FieldKind::Int, sort: Some("f.size") },
        Field { name: "type", sql: "f.type", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "f.state", kind: FieldKind::Text, sort: None },
        Field { name: "scan", sql: "f.scan", kind: FieldKind::Text, sort: None },
        Field { name: "owner_kind", sql: "f.owner_kind", kind: FieldKind::Text, sort: None },
        Field { name: "uploaded_by", sql: "f.uploaded_by", kind: FieldKind::Id("usr"), sort: None },
    ],
    default_sort: "-created_at",
};

/// A file that is kept with a private note is its author's alone. Jobs read every file.
const READABLE: &str = "not exists (select from attachments a join notes n on n.id = a.note_id \
    where f.owner_kind = 'attachments' and a.id = f.owner_id and n.is_private and n.author_id is distinct from ?)";

/// Whose uploads are meant; everybody's when `None`.
pub type Uploaders = Option<Vec<Uuid>>;

pub(crate) async fn list(tx: &mut Tx, query: &ListQuery, uploaders: &Uploaders) -> Result<Page<File>> {
    let eyes = tx.context().actor.eyes();
    let mut clauses = vec![Clause(READABLE, &eyes, tokio_postgres::types::Type::UUID)];
    if let Some(uploaders) = uploaders {
        clauses.push(Clause("f.uploaded_by = any(?)", uploaders, tokio_postgres::types::Type::UUID_ARRAY));
    }
    tx.list(&LIST, query, &clauses).await
}

pub(crate) async fn get(tx: &mut Tx, id: FileId, uploaders: &Uploaders) -> Result<File> {
    const GET: Sql = sql!(
        "select f.id, f.name, f.size, f.type as kind, encode(f.sha256, 'hex') as sha256, f.state, f.scan, f.verdict, f.owner_kind, f.owner_id,
           f.uploaded_by, f.created_at, f.version
         from files f where f.id = $1 and f.state <> 'uploading' and ($2::uuid[] is null or f.uploaded_by = any($2))
           and ($4 or not exists (select from attachments a join notes n on n.id = a.note_id
             where f.owner_kind = 'attachments' and a.id = f.owner_id and n.is_private and n.author_id is distinct from $3))"
    );
    let actor = tx.context().actor;
    tx.row(GET, &[&id, uploaders, &actor.eyes(), &(actor.kind == ActorKind::System)]).await
}

kernel::row! {
    /// What a download needs.
    pub(crate) struct Content { pub name: String, pub kind: String, pub size: i64, pub object_key: String }
}

/// What may be handed out: an upload that the scanner has not found clean is as if it were not there.
pub(crate) async fn content(tx: &mut Tx, id: FileId) -> Result<Content> {
    const CONTENT: Sql = sql!(
        "select name, type as kind, size, object_key from files where id = $1 and state in ('pending', 'attached')
           and (scan is null or scan = 'clean')"
    );
    tx.row(CONTENT, &[&id]).await
}

kernel::row! {
    /// A file whose scan is wanted.
    pub(crate) struct Doubtful {
        pub size: i64, pub object_key: String, pub attempts: i32, pub uploaded_by: Option<Uuid>, pub contact: Option<Uuid>,
    }
}

/// A file that waits for the scanner; a scan that was asked for twice finds it once.
pub(crate) async fn doubtful(tx: &mut Tx, id: FileId) -> Result<Option<Doubtful>> {
    const DOUBTFUL: Sql = sql!(
        "select size, object_key, scan_attempts as attempts, uploaded_by, contact_id as contact from files
         where id = $1 and state in ('pending', 'attached') and scan = 'pending' for update"
    );
    tx.opt(DOUBTFUL, &[&id]).await
}

/// Writes down what the scanner says of a file in hand; one attempt more.
pub(crate) async fn set_scan(tx: &mut Tx, id: FileId, scan: Scan, verdict: Option<&str>) -> Result<()> {
    const SET: Sql = sql!(
        "update files set scan = $2, verdict = $3, state = case when $2 = 'infected' then 'quarantined' else state end,
           scan_attempts = scan_attempts + 1, updated_at = $4, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(SET, &[&id, &scan.as_str(), &verdict, &now]).await
}

/// Lets the scanner be asked anew about a file that it gave no answer about; whether there was such a file.
pub(crate) async fn doubt_again(tx: &mut Tx, id: FileId) -> Result<bool> {
    const DOUBT: Sql = sql!(
        "update files set scan = 'pending', scan_attempts = 0, verdict = null, updated_at = $2, version = version + 1
         where id = $1 and scan = 'failed'"
    );
    let now = tx.now();
    Ok(tx.exec(DOUBT, &[&id, &now]).await? == 1)
}

/// A file about to be written.
pub(crate) struct NewFile<'a> {
    pub id: FileId,
    pub name: &'a str,
    pub size: i64,
    pub kind: &'a str,
    pub sha256: &'a [u8],
    pub object_key: &'a str,
    pub session: Option<&'a str>,
}

pub(crate) async fn insert(tx: &mut Tx, file: &NewFile<'_>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into files (id, name, size, type, sha256, state, object_key, session, uploaded_by_kind, uploaded_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, 'uploading', $6, $7, $8, $9, $10, $10)"
    );
    let (actor, now) = (tx.context().actor, tx.now());
    let user = actor.id.filter(|_| actor.kind == kernel::auth::ActorKind::User);
    tx.exec_one(
        INSERT,
        &[
            &file.id,
            &file.name,
            &file.size,
            &file.kind,
            &file.sha256,
            &file.object_key,
            &file.session,
            &actor.kind.as_str(),
            &user,
            &now,
        ],
    )
    .await
}

/// The object is there: from now on the file counts.
pub(crate) async fn complete(tx: &mut Tx, id: FileId, scan: Option<Scan>, verdict: Option<&str>) -> Result<File> {
    const COMPLETE: Sql = sql!(
        "update files set state = case when $4::text = 'infected' then 'quarantined' else 'pending' end, scan = $4, verdict = $2,
           scan_attempts = case when $4 is null then 0 else 1 end, updated_at = $3, version = version + 1
         where id = $1 and state = 'uploading'
         returning id, name, size, type as kind, encode(sha256, 'hex') as sha256, state, scan, verdict, owner_kind, owner_id, uploaded_by, created_at, version"
    );
    let now = tx.now();
    tx.row(COMPLETE, &[&id, &verdict, &now, &scan.map(Scan::as_str)]).await
}

/// Adds to the bytes the tenant keeps; negative when some go.
pub(crate) async fn count_usage(tx: &mut Tx, day: NaiveDate, bytes: i64) -> Result<()> {
    const USAGE: Sql = sql!(
        "insert into ops.usage as u (metric, day, amount) values ('files_bytes', $1, $2)
         on conflict (tenant, metric, day) do update set amount = u.amount + excluded.amount"
    );
    tx.exec_one(USAGE, &[&day, &bytes]).await
}

/// Bytes kept and not yet attached, and files of that kind, of one visitor session.
pub(crate) async fn waiting_of_session(tx: &mut Tx, session: &str) -> Result<i64> {
    const WAITING: Sql = sql!("select count(*) from files where session = $1 and state in ('uploading', 'pending')");
    tx.value(WAITING, &[&session]).await
}

/// Gives waiting files of a session an owner; gives those that were there to be had.
pub(crate) async fn attach(
    tx: &mut Tx,
    ids: &[Uuid],
    session: &str,
    owner: (&str, Uuid),
    contact: Option<Uuid>,
) -> Result<Vec<Kept>> {
    const ATTACH: Sql = sql!(
        "update files set state = 'attached', owner_kind = $3, owner_id = $4, contact_id = $5, updated_at = $6, version = version + 1
         where id = any($1) and session = $2 and state = 'pending' returning id, name, size, type as kind"
    );
    let now = tx.now();
    tx.rows(ATTACH, &[&ids, &session, &owner.0, &owner.1, &contact, &now]).await
}

/// Gives a waiting file of the actor an owner.
pub(crate) async fn claim(tx: &mut Tx, id: FileId, owner: (&str, Uuid)) -> Result<File> {
    const CLAIM: Sql = sql!(
        "update files set state = 'attached', owner_kind = $2, owner_id = $3, updated_at = $4, version = version + 1
         where id = $1 and state = 'pending' and session is null and uploaded_by is not distinct from $5
         returning id, name, size, type as kind, encode(sha256, 'hex') as sha256, state, scan, verdict, owner_kind, owner_id, uploaded_by, created_at, version"
    );
    let (actor, now) = (tx.context().actor, tx.now());
    let user = actor.id.filter(|_| actor.kind == kernel::auth::ActorKind::User);
    tx.row(CLAIM, &[&id, &owner.0, &owner.1, &now, &user]).await
}

/// Waiting files of a session.
pub(crate) async fn waiting(tx: &mut Tx, ids: &[Uuid], session: &str) -> Result<Vec<Kept>> {
    const WAITING: Sql = sql!(
        "select id, name, size, type as kind from files where id = any($1) and session = $2 and state = 'pending'"
    );
    tx.rows(WAITING, &[&ids, &session]).await
}

pub(crate) async fn set_contact(tx: &mut Tx, kind: &str, owners: &[Uuid], contact: Option<Uuid>) -> Result<()> {
    const SET: Sql = sql!("update files set contact_id = $3 where owner_kind = $1 and owner_id = any($2)");
    tx.exec(SET, &[&kind, &owners, &contact]).await.map(|_| ())
}

/// Files of these owners.
pub(crate) async fn owned(tx: &mut Tx, kind: &str, owners: &[Uuid]) -> Result<Vec<Kept>> {
    const OWNED: Sql = sql!(
        "select id, name, size, type as kind from files where owner_kind = $1 and owner_id = any($2) and state = 'attached' order by created_at, id"
    );
    tx.rows(OWNED, &[&kind, &owners]).await
}

kernel::row! {
    /// What is left to do for a removed file; its kind is none when it never counted.
    pub(crate) struct Removed { pub id: FileId, pub size: i64, pub object_key: String, pub kind: Option<String> }
}

pub(crate) async fn delete(tx: &mut Tx, id: FileId, uploaders: &Uploaders) -> Result<Removed> {
    const DELETE: Sql = sql!(
        "delete from files f where f.id = $1 and ($2::uuid[] is null or f.uploaded_by = any($2))
           and ($4 or not exists (select from attachments a join notes n on n.id = a.note_id
             where f.owner_kind = 'attachments' and a.id = f.owner_id and n.is_private and n.author_id is distinct from $3))
         returning f.id, f.size, f.object_key, case when f.state <> 'uploading' then coalesce(f.owner_kind, 'waiting') end as kind"
    );
    let actor = tx.context().actor;
    tx.row(DELETE, &[&id, uploaders, &actor.eyes(), &(actor.kind == ActorKind::System)]).await
}

pub(crate) async fn delete_owned(tx: &mut Tx, kind: &str, owners: &[Uuid]) -> Result<Vec<Removed>> {
    const DELETE: Sql = sql!(
        "delete from files where owner_kind = $1 and owner_id = any($2) returning id, size, object_key,
           case when state <> 'uploading' then coalesce(owner_kind, 'waiting') end as kind"
    );
    tx.rows(DELETE, &[&kind, &owners]).await
}

/// Takes names away that mention one of these texts; gives how many there were.
pub(crate) async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    const REDACT: Sql = sql!(
        "update files f set name = '[erased]', updated_at = $2, version = version + 1
         where lower(f.name) like any(array(select lower(m.pattern) from unnest($1::text[]) as m(pattern)))"
    );
    let (now, patterns) = (tx.now(), mentions.iter().map(|mention| contains(mention)).collect::<Vec<_>>());
    tx.exec(REDACT, &[&patterns, &now]).await
}

/// Deletes files that belong to nothing and are older than a moment, a batch at a time. What is being attached right now is
/// locked and left alone: a row that is only waited for would be deleted although it belongs to something by then.
pub(crate) async fn delete_stale(tx: &mut Tx, before: DateTime<Utc>, batch: i64) -> Result<Vec<Removed>> {
    const STALE: Sql = sql!(
        "delete from files where id in (select id from files where state in ('uploading', 'pending') and created_at < $1
           order by created_at limit $2 for update skip locked)
         returning id, size, object_key,
           case when state <> 'uploading' then coalesce(owner_kind, 'waiting') end as kind"
    );
    tx.rows(STALE, &[&before, &batch]).await
}

/// Files there are, by what they belong to.
pub(crate) async fn by_kind(tx: &mut Tx) -> Result<Vec<Kind>> {
    const BY_KIND: Sql = sql!(
        "select coalesce(owner_kind, 'waiting') as kind, count(*) as files, coalesce(sum(size), 0)::bigint as bytes
         from files where state <> 'uploading' group by 1"
    );
    tx.rows(BY_KIND, &[]).await
}

kernel::row! {
    /// Files of a kind.
    pub(crate) struct Kind { pub kind: String, pub files: i64, pub bytes: i64 }
}
