//! Statements on notifications.
use super::model::{Notice, Notification, NotificationId, NotificationPatch, ReadAll, UnreadModule};
use chrono::{DateTime, Utc};
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select n.id, n.module, n.kind, n.title, n.params, n.link, n.event_id, n.critical, n.created_at, n.read_at, n.archived_at, \
        coalesce(n.returned_at, n.created_at) as told_at, n.snoozed_until, n.record from notifications n",
    id: "n.id",
    always: "n.shown",
    fields: &[
        Field { name: "module", sql: "n.module", kind: FieldKind::Text, sort: None },
        Field { name: "kind", sql: "n.kind", kind: FieldKind::Text, sort: None },
        Field { name: "read", sql: "(n.read_at is not null)", kind: FieldKind::Bool, sort: None },
        Field { name: "archived", sql: "(n.archived_at is not null)", kind: FieldKind::Bool, sort: None },
        Field { name: "snoozed", sql: "(n.snoozed_until is not null)", kind: FieldKind::Bool, sort: None },
        Field {
            name: "told_at",
            sql: "coalesce(n.returned_at, n.created_at)",
            kind: FieldKind::Time,
            sort: Some("coalesce(n.returned_at, n.created_at)"),
        },
        Field { name: "created_at", sql: "n.created_at", kind: FieldKind::Time, sort: Some("n.created_at") },
    ],
    default_sort: "-told_at",
};

/// One page of a person's notifications.
pub(crate) async fn list(tx: &mut Tx, user: Uuid, query: &ListQuery) -> Result<Page<Notification>> {
    tx.list(&LIST, query, &[Clause("n.user_id = ?", &user, Type::UUID)]).await
}

/// One of a person's notifications.
pub(crate) async fn get(tx: &mut Tx, user: Uuid, id: NotificationId) -> Result<Notification> {
    tx.row(
        sql!(
            "select id, module, kind, title, params, link, event_id, critical, created_at, read_at, archived_at,
               coalesce(returned_at, created_at) as told_at, snoozed_until, record from notifications
             where user_id = $1 and id = $2"
        ),
        &[&user, &id],
    )
    .await
}

/// What a person was told since a moment, oldest first.
pub(crate) async fn since(tx: &mut Tx, user: Uuid, from: DateTime<Utc>) -> Result<Vec<Notification>> {
    tx.rows(
        sql!(
            "select id, module, kind, title, params, link, event_id, critical, created_at, read_at, archived_at,
               coalesce(returned_at, created_at) as told_at, snoozed_until, record from notifications
             where user_id = $1 and coalesce(returned_at, created_at) >= $2 and shown and snoozed_until is null
             order by coalesce(returned_at, created_at), id limit 200"
        ),
        &[&user, &from],
    )
    .await
}

/// Tells one person, in the app only where it is `shown`; false when he was told under this key before.
pub(crate) async fn insert(tx: &mut Tx, id: NotificationId, user: Uuid, notice: &Notice, shown: bool) -> Result<bool> {
    let (now, title) = (tx.now(), notice.title());
    let added = tx
        .exec(
            sql!(
                "insert into notifications (id, user_id, module, kind, title, params, link, event_id, contact_id, critical,
                   dedupe_key, created_at, shown, record)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                 on conflict (user_id, dedupe_key) where dedupe_key is not null do nothing"
            ),
            &[
                &id,
                &user,
                &notice.kind.module,
                &notice.kind.key,
                &title,
                &notice.params,
                &notice.link,
                &notice.event_id,
                &notice.contact_id,
                &notice.kind.always,
                &notice.dedupe_key,
                &now,
                &shown,
                &notice.record(),
            ],
        )
        .await?;
    Ok(added == 1)
}

/// Marks one notification.
pub(crate) async fn mark(
    tx: &mut Tx,
    user: Uuid,
    id: NotificationId,
    patch: &NotificationPatch,
) -> Result<Notification> {
    let now = tx.now();
    let (snoozes, until) = (!patch.snoozed_until.is_undefined(), patch.snoozed_until.value());
    tx.row(
        sql!(
            "update notifications set
               read_at = case $3::boolean when true then coalesce(read_at, $5) when false then null else read_at end,
               archived_at = case $4::boolean when true then coalesce(archived_at, $5) when false then null else archived_at end,
               snoozed_until = case when $6 then $7 when $4::boolean then null else snoozed_until end
             where user_id = $1 and id = $2
             returning id, module, kind, title, params, link, event_id, critical, created_at, read_at, archived_at,
               coalesce(returned_at, created_at) as told_at, snoozed_until, record"
        ),
        &[&user, &id, &patch.read, &patch.archived, &now, &snoozes, &until],
    )
    .await
}

/// Brings one back that is put off until this very moment; false when it is not any more.
pub(crate) async fn wake(tx: &mut Tx, id: NotificationId, until: DateTime<Utc>) -> Result<bool> {
    let now = tx.now();
    let woken = tx
        .exec(
            sql!(
                "update notifications set snoozed_until = null, returned_at = $3, read_at = null, archived_at = null
                 where id = $1 and snoozed_until = $2"
            ),
            &[&id, &until, &now],
        )
        .await?;
    Ok(woken == 1)
}

/// Marks everything unread as read.
pub(crate) async fn mark_all(tx: &mut Tx, user: Uuid, which: &ReadAll) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "update notifications set read_at = $2
             where user_id = $1 and read_at is null and archived_at is null and snoozed_until is null
               and coalesce(returned_at, created_at) <= $3 and ($4::text is null or module = $4)"
        ),
        &[&user, &now, &which.until.unwrap_or(now), &which.module],
    )
    .await
}

/// How much is unread, by module.
pub(crate) async fn unread(tx: &mut Tx, user: Uuid) -> Result<Vec<UnreadModule>> {
    tx.rows(
        sql!(
            "select module, count(*) as count from notifications
             where user_id = $1 and read_at is null and archived_at is null and snoozed_until is null and shown
             group by module order by module"
        ),
        &[&user],
    )
    .await
}

/// Removes what was told about a contact.
pub(crate) async fn delete_contact(tx: &mut Tx, contact: Uuid) -> Result<u64> {
    tx.exec(sql!("delete from notifications where contact_id = $1"), &[&contact]).await
}

/// Removes what leads to one of these places.
pub(crate) async fn delete_links(tx: &mut Tx, links: &[String]) -> Result<u64> {
    tx.exec(sql!("delete from notifications where link = any($1)"), &[&links]).await
}

/// Removes what is older than a moment.
pub(crate) async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.exec(
        sql!(
            "delete from notifications where ctid = any (array(
               select ctid from notifications where created_at < $1 and snoozed_until is null limit 5000))"
        ),
        &[&before],
    )
    .await
}
