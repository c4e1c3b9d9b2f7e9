//! Statements on `attachments`.
use super::model::{Attachment, AttachmentId, NewAttachment};
use chrono::{DateTime, Utc};
use contacts::{ContactId, Owners};
use files::FileId;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use tasks::TaskId;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

const FIELDS: &[Field] = &[
    Field { name: "contact", sql: "a.contact_id", kind: FieldKind::Id("con"), sort: None },
    Field { name: "company", sql: "a.company_id", kind: FieldKind::Id("com"), sort: None },
    Field { name: "deal", sql: "a.deal_id", kind: FieldKind::Id("dea"), sort: None },
    Field { name: "task", sql: "a.task_id", kind: FieldKind::Id("tsk"), sort: None },
    Field { name: "activity", sql: "a.activity_id", kind: FieldKind::Id("act"), sort: None },
    Field { name: "about_note", sql: "a.note_id", kind: FieldKind::Id("not"), sort: None },
    Field { name: "type", sql: "f.type", kind: FieldKind::Text, sort: None },
    Field { name: "created_at", sql: "a.created_at", kind: FieldKind::Time, sort: Some("a.created_at") },
];

const LIST: ListSpec = ListSpec {
    select: "select a.id, a.contact_id as contact, a.company_id as company, a.deal_id as deal, a.task_id as task, a.activity_id as activity, a.note_id as about_note, a.file_id as file, \
        f.name, f.size, f.type as kind, f.scan, a.note, a.preview_id as preview, null::text as preview_url, a.created_by, a.created_at, a.deleted_at, a.version \
        from attachments a join files f on f.id = a.file_id",
    id: "a.id",
    always: "a.deleted_at is null and not exists (select from contacts c where c.id = a.contact_id and c.deleted_at is not null) \
        and not exists (select from companies m where m.id = a.company_id and m.deleted_at is not null) \
        and not exists (select from deals d where d.id = a.deal_id and d.deleted_at is not null) \
        and not exists (select from tasks t where t.id = a.task_id and t.deleted_at is not null) \
        and not exists (select from (select id, contact_id, company_id, deal_id from activities union all select id, contact_id, company_id, deal_id from notes) y \
          left join contacts c on c.id = y.contact_id left join companies m on m.id = y.company_id \
          left join deals d on d.id = y.deal_id where y.id = coalesce(a.activity_id, a.note_id) and case when y.deal_id is not null then d.deleted_at \
          when y.company_id is not null then m.deleted_at else c.deleted_at end is not null)",
    fields: FIELDS,
    default_sort: "-created_at",
};

const DELETED: ListSpec = ListSpec { always: "a.deleted_at is not null", ..LIST };

const OWNED: &str = "(exists (select from contacts c where c.id = a.contact_id and c.owner_id = any(?)) \
    or exists (select from companies m where m.id = a.company_id and m.owner_id = any(?)) \
    or exists (select from deals d where d.id = a.deal_id and d.owner_id = any(?)) \
    or exists (select from tasks t where t.id = a.task_id and (t.assignee_id = any(?) or t.collaborators && ?)) \
    or exists (select from (select id, contact_id, company_id, deal_id from activities union all select id, contact_id, company_id, deal_id from notes) y \
          left join contacts c on c.id = y.contact_id left join companies m on m.id = y.company_id \
      left join deals d on d.id = y.deal_id where y.id = coalesce(a.activity_id, a.note_id) and case when y.deal_id is not null then d.owner_id \
      when y.company_id is not null then m.owner_id else c.owner_id end = any(?)))";

/// What is kept with a private note is its author's alone.
const READABLE: &str = "(a.note_id is null or exists (select from notes n where n.id = a.note_id and (not n.is_private or n.author_id = ?)))";

/// One page of attachments.
pub(super) async fn list(tx: &mut Tx, deleted: bool, query: &ListQuery, owners: &Owners) -> Result<Page<Attachment>> {
    let eyes = tx.context().actor.eyes();
    let owned = owners.iter().map(|owners| Clause(OWNED, owners, Type::UUID_ARRAY));
    let clauses: Vec<Clause<'_>> = owned.chain([Clause(READABLE, &eyes, Type::UUID)]).collect();
    tx.list(if deleted { &DELETED } else { &LIST }, query, &clauses).await
}

/// The attachment, if its record is in reach; locked until the end of a transaction that writes.
pub(super) async fn find(tx: &mut Tx, id: AttachmentId, owners: &Owners, lock: bool) -> Result<Attachment> {
    const LOCK: Sql = sql!("select version from attachments where id = $1 for update");
    const FIND: Sql = sql!(
        "select a.id, a.contact_id as contact, a.company_id as company, a.deal_id as deal, a.task_id as task, a.activity_id as activity, a.note_id as about_note, a.file_id as file, f.name, f.size,
           f.type as kind, f.scan,
           a.note, a.preview_id as preview, null::text as preview_url, a.created_by, a.created_at, a.deleted_at, a.version
         from attachments a join files f on f.id = a.file_id where a.id = $1
           and not exists (select from contacts c where c.id = a.contact_id and c.deleted_at is not null)
           and not exists (select from companies m where m.id = a.company_id and m.deleted_at is not null)
           and not exists (select from deals d where d.id = a.deal_id and d.deleted_at is not null)
           and not exists (select from tasks t where t.id = a.task_id and t.deleted_at is not null)
           and not exists (select from (select id, contact_id, company_id, deal_id from activities union all select id, contact_id, company_id, deal_id from notes) y
             left join contacts c on c.id = y.contact_id left join companies m on m.id = y.company_id
             left join deals d on d.id = y.deal_id where y.id = coalesce(a.activity_id, a.note_id) and case when y.deal_id is not null then d.deleted_at
             when y.company_id is not null then m.deleted_at else c.deleted_at end is not null)
           and ($2::uuid[] is null or exists (select from contacts c where c.id = a.contact_id and c.owner_id = any($2))
             or exists (select from companies m where m.id = a.company_id and m.owner_id = any($2))
             or exists (select from deals d where d.id = a.deal_id and d.owner_id = any($2))
             or exists (select from tasks t where t.id = a.task_id and (t.assignee_id = any($2) or t.collaborators && $2))
             or exists (select from (select id, contact_id, company_id, deal_id from activities union all select id, contact_id, company_id, deal_id from notes) y
             left join contacts c on c.id = y.contact_id left join companies m on m.id = y.company_id
               left join deals d on d.id = y.deal_id where y.id = coalesce(a.activity_id, a.note_id) and case when y.deal_id is not null then d.owner_id
               when y.company_id is not null then m.owner_id else c.owner_id end = any($2)))
           and (a.note_id is null or exists (select from notes n where n.id = a.note_id and (not n.is_private or n.author_id = $3)))"
    );
    if lock {
        tx.value::<i64>(LOCK, &[&id]).await?;
    }
    let eyes = tx.context().actor.eyes();
    tx.row(FIND, &[&id, owners, &eyes]).await
}

/// How many live ones a record has. Whoever counts waits for others who add to the record, until the end of the transaction.
pub(super) async fn count_of(tx: &mut Tx, record: Uuid) -> Result<i64> {
    const COUNT: Sql = sql!(
        "select count(*) from attachments
         where (contact_id = $1 or company_id = $1 or deal_id = $1 or task_id = $1 or activity_id = $1 or note_id = $1)
           and deleted_at is null"
    );
    tx.lock(&format!("attachments of {record}")).await?;
    tx.value(COUNT, &[&record]).await
}

row! {
    /// Whom and what an attachment is about, also by its task, activity or note.
    #[derive(Debug, Clone)]
    pub(super) struct About {
        pub contact: Option<ContactId>,
        pub company: Option<Uuid>,
        pub deal: Option<Uuid>,
        /// By a note that only its author sees.
        pub private: bool,
    }
}

/// Whom and what an attachment is about.
pub(super) async fn about(tx: &mut Tx, id: AttachmentId) -> Result<About> {
    const ABOUT: Sql = sql!(
        "select coalesce(a.contact_id, t.contact_id, y.contact_id, n.contact_id) as contact,
           coalesce(a.company_id, t.company_id, y.company_id, n.company_id) as company,
           coalesce(a.deal_id, t.deal_id, y.deal_id, n.deal_id) as deal, coalesce(n.is_private, false) as private
         from attachments a left join tasks t on t.id = a.task_id left join activities y on y.id = a.activity_id
           left join notes n on n.id = a.note_id where a.id = $1"
    );
    tx.row(ABOUT, &[&id]).await
}

/// Keeps a task from being moved to another contact until the end of the transaction.
pub(super) async fn hold_task(tx: &mut Tx, task: TaskId) -> Result<()> {
    const HOLD: Sql = sql!("select t.version from tasks t where t.id = $1 for share");
    tx.value_opt::<i64>(HOLD, &[&task]).await.map(drop)
}

/// Every attachment of a task, deleted or not.
pub(super) async fn of_task(tx: &mut Tx, task: Uuid) -> Result<Vec<Uuid>> {
    tx.values(sql!("select a.id from attachments a where a.task_id = $1"), &[&task]).await
}

/// The attachment of a file, when it has no small picture, and the type of the file.
pub(super) async fn of_file(tx: &mut Tx, file: FileId) -> Result<Option<Unseen>> {
    const OF_FILE: Sql = sql!(
        "select a.id, f.type as kind from attachments a join files f on f.id = a.file_id
         where a.file_id = $1 and a.preview_id is null"
    );
    tx.opt(OF_FILE, &[&file]).await
}

row! {
    /// An attachment without a small picture.
    #[derive(Debug, Clone)]
    pub(super) struct Unseen { pub id: AttachmentId, pub kind: String }
}

/// A new attachment.
pub(super) async fn insert(
    tx: &mut Tx,
    id: AttachmentId,
    new: &NewAttachment,
    file: FileId,
    note: Option<&str>,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into attachments (id, contact_id, company_id, deal_id, task_id, activity_id, note_id, file_id, note, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"
    );
    let (actor, now) = (tx.context().actor, tx.now());
    let user = actor.id.filter(|_| actor.kind == kernel::auth::ActorKind::User);
    let about: [&(dyn ToSql + Sync); 7] =
        [&id, &new.contact, &new.company, &new.deal, &new.task, &new.activity, &new.about_note];
    let rest: [&(dyn ToSql + Sync); 4] = [&file, &note, &user, &now];
    tx.exec_one(INSERT, &[&about[..], &rest[..]].concat()).await
}

/// Writes what a locked attachment is about.
pub(super) async fn set_note(tx: &mut Tx, id: AttachmentId, note: Option<&str>) -> Result<()> {
    const SET: Sql = sql!("update attachments set note = $2, updated_at = $3, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(SET, &[&id, &note, &now]).await
}

/// Marks a locked attachment as deleted, or takes that back.
pub(super) async fn set_deleted(tx: &mut Tx, id: AttachmentId, at: Option<DateTime<Utc>>) -> Result<()> {
    const SET: Sql =
        sql!("update attachments set deleted_at = $2, updated_at = $3, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(SET, &[&id, &at, &now]).await
}

/// Gives an attachment its small picture; says whether it is still there and has none.
pub(super) async fn set_preview(tx: &mut Tx, id: AttachmentId, preview: FileId) -> Result<bool> {
    const SET: Sql = sql!("update attachments set preview_id = $2 where id = $1 and preview_id is null");
    Ok(tx.exec(SET, &[&id, &preview]).await? == 1)
}

/// The file of an attachment that has no small picture yet.
pub(super) async fn unseen(tx: &mut Tx, id: AttachmentId) -> Result<Option<FileId>> {
    const UNSEEN: Sql = sql!("select file_id from attachments where id = $1 and preview_id is null");
    Ok(tx.values(UNSEEN, &[&id]).await?.into_iter().next())
}

/// Removes an attachment that has been deleted at this moment; gives whether it was there.
pub(super) async fn purge(tx: &mut Tx, id: AttachmentId, deleted_at: DateTime<Utc>) -> Result<bool> {
    const PURGE: Sql = sql!("delete from attachments where id = $1 and deleted_at = $2");
    Ok(tx.exec(PURGE, &[&id, &deleted_at]).await? == 1)
}

/// Every attachment of a contact, deleted or not.
pub(super) async fn of_contact(tx: &mut Tx, contact: ContactId) -> Result<Vec<Attachment>> {
    const OF: Sql = sql!(
        "select a.id, a.contact_id as contact, a.company_id as company, a.deal_id as deal, a.task_id as task, a.activity_id as activity, a.note_id as about_note, a.file_id as file, f.name, f.size,
           f.type as kind, f.scan,
           a.note, a.preview_id as preview, null::text as preview_url, a.created_by, a.created_at, a.deleted_at, a.version
         from attachments a join files f on f.id = a.file_id where a.contact_id = $1
           or a.activity_id in (select y.id from activities y where y.contact_id = $1) or a.task_id in (select t.id from tasks t where t.contact_id = $1)
           or a.note_id in (select n.id from notes n where n.contact_id = $1)
         order by a.created_at, a.id"
    );
    tx.rows(OF, &[&contact]).await
}

/// Removes every attachment of a contact, of what was done with him, of tasks and notes about him; gives their ids.
pub(super) async fn erase(tx: &mut Tx, contact: ContactId) -> Result<Vec<Uuid>> {
    const ERASE: Sql = sql!(
        "delete from attachments a where a.contact_id = $1 or a.activity_id in (select y.id from activities y where y.contact_id = $1)
           or a.task_id in (select t.id from tasks t where t.contact_id = $1)
           or a.note_id in (select n.id from notes n where n.contact_id = $1) returning a.id"
    );
    tx.values(ERASE, &[&contact]).await
}

/// Removes what attachments are said to be about when it mentions one of these texts; gives how many there were.
pub(super) async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    const REDACT: Sql = sql!(
        "update attachments a set note = '[erased]', updated_at = $2, version = version + 1
         where a.note is not null and exists (select from unnest($1::text[]) as m(mention) where position(lower(m.mention) in lower(a.note)) > 0)"
    );
    let now = tx.now();
    tx.exec(REDACT, &[&mentions, &now]).await
}

/// Attachments that are gone while files of theirs are there.
pub(super) async fn lost(tx: &mut Tx, limit: i64) -> Result<Vec<Uuid>> {
    const LOST: Sql = sql!(
        "select distinct f.owner_id from files f where f.owner_kind = 'attachments'
           and not exists (select from attachments a where a.id = f.owner_id) limit $1"
    );
    tx.values(LOST, &[&limit]).await
}
