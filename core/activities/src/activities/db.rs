//! Every statement on activities.
use super::model::{Activity, ActivityId, ActivityTopic, Draft};
use contacts::{ContactId, Owners};
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Every activity; the caller adds with whom.
pub const LIST: ListSpec = ListSpec {
    select: "select a.id, a.contact_id as contact, a.author_id as author, a.kind, a.direction, a.topic, a.title, a.body, a.outcome, a.duration_seconds, \
        a.occurred_at, a.created_at, a.updated_at, a.version from activities a",
    id: "a.id",
    always: "",
    fields: &[
        Field { name: "kind", sql: "a.kind", kind: FieldKind::Text, sort: None },
        Field { name: "direction", sql: "a.direction", kind: FieldKind::Text, sort: None },
        Field { name: "topic", sql: "a.topic", kind: FieldKind::Text, sort: None },
        Field { name: "author", sql: "a.author_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "occurred_at", sql: "a.occurred_at", kind: FieldKind::Time, sort: Some("a.occurred_at") },
    ],
    default_sort: "-occurred_at",
};

/// One page of activities with contacts in reach.
pub async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<Activity>> {
    const WITH: &str = "exists (select from contacts c where c.id = a.contact_id and c.deleted_at is null and (?::uuid[] is null or c.owner_id = any(?)))";
    tx.list(&LIST, query, &[Clause(WITH, owners, Type::UUID_ARRAY)]).await
}

/// A new activity.
pub async fn insert(
    tx: &mut Tx,
    id: ActivityId,
    contact: ContactId,
    author: Option<Uuid>,
    draft: &Draft,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into activities (id, contact_id, author_id, kind, direction, title, body, outcome, duration_seconds, occurred_at, created_at, updated_at, topic)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)"
    );
    let now = tx.now();
    let d = draft;
    tx.exec_one(
        INSERT,
        &[
            &id,
            &contact,
            &author,
            &d.kind,
            &d.direction,
            &d.title,
            &d.body,
            &d.outcome,
            &d.duration_seconds,
            &d.occurred_at,
            &now,
            &d.topic.map(ActivityTopic::as_str),
        ],
    )
    .await
}

/// The activity, if its contact is in reach.
pub async fn find(tx: &mut Tx, id: ActivityId, owners: &Owners) -> Result<Activity> {
    const FIND: Sql = sql!(
        "select a.id, a.contact_id as contact, a.author_id as author, a.kind, a.direction, a.topic, a.title, a.body, a.outcome, a.duration_seconds,
           a.occurred_at, a.created_at, a.updated_at, a.version
         from activities a join contacts c on c.id = a.contact_id
         where a.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))"
    );
    tx.row(FIND, &[&id, owners]).await
}

/// The activity, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: ActivityId, owners: &Owners) -> Result<Activity> {
    const LOCK: Sql = sql!(
        "select a.id, a.contact_id as contact, a.author_id as author, a.kind, a.direction, a.topic, a.title, a.body, a.outcome, a.duration_seconds,
           a.occurred_at, a.created_at, a.updated_at, a.version
         from activities a join contacts c on c.id = a.contact_id
         where a.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2)) for update of a"
    );
    tx.row(LOCK, &[&id, owners]).await
}

/// Writes a locked activity.
pub async fn update(tx: &mut Tx, id: ActivityId, draft: &Draft) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update activities set kind = $2, direction = $3, title = $4, body = $5, outcome = $6, duration_seconds = $7, occurred_at = $8,
           updated_at = $9, topic = $10, version = version + 1 where id = $1"
    );
    let now = tx.now();
    let d = draft;
    let topic = d.topic.map(ActivityTopic::as_str);
    tx.exec_one(
        UPDATE,
        &[&id, &d.kind, &d.direction, &d.title, &d.body, &d.outcome, &d.duration_seconds, &d.occurred_at, &now, &topic],
    )
    .await
}

/// Removes an activity.
pub async fn delete(tx: &mut Tx, id: ActivityId) -> Result<()> {
    const DELETE: Sql = sql!("delete from activities where id = $1");
    tx.exec_one(DELETE, &[&id]).await
}

/// Every activity with a contact.
pub async fn all_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Activity>> {
    const ALL_OF: Sql = sql!(
        "select a.id, a.contact_id as contact, a.author_id as author, a.kind, a.direction, a.topic, a.title, a.body, a.outcome, a.duration_seconds,
           a.occurred_at, a.created_at, a.updated_at, a.version
         from activities a where a.contact_id = $1 order by a.occurred_at, a.id"
    );
    tx.rows(ALL_OF, &[&contact]).await
}

/// Removes every activity with a contact; gives how many.
pub async fn delete_all_of(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    const DELETE_ALL_OF: Sql = sql!("delete from activities where contact_id = $1");
    tx.exec(DELETE_ALL_OF, &[&contact]).await
}

/// Activities with other contacts that mention one of these texts lose their words; gives how many.
pub async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    const REDACT: Sql = sql!(
        "update activities set title = '[erased]', body = null, outcome = null, updated_at = $2, version = version + 1
         where exists (select from unnest($1::text[]) as m(mention)
           where position(lower(m.mention) in lower(concat_ws(' ', title, body, outcome))) > 0)"
    );
    let now = tx.now();
    tx.exec(REDACT, &[&mentions, &now]).await
}
