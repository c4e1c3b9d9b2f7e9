//! Statements on lines that wait.
use super::model::{DigestLineId, Line};
use crate::notifications::{Notice, NotificationId};
use chrono::{DateTime, Utc};
use kernel::{Result, Tx, sql};
use uuid::Uuid;

/// Adds a line; false when the person had one under this key before.
pub(crate) async fn insert(
    tx: &mut Tx,
    (user, notification): (Uuid, NotificationId),
    notice: &Notice,
    key: &str,
) -> Result<bool> {
    let (now, title) = (tx.now(), notice.title());
    let added = tx
        .exec(
            sql!(
                "insert into digest_lines (id, user_id, module, kind, title, params, link, contact_id, dedupe_key, created_at,
                   notification_id)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict on constraint digest_lines_key do nothing"
            ),
            &[
                &DigestLineId::new(now),
                &user,
                &notice.kind.module,
                &notice.kind.key,
                &title,
                &notice.params,
                &notice.link,
                &notice.contact_id,
                &key,
                &now,
                &notification,
            ],
        )
        .await?;
    Ok(added == 1)
}

/// Takes every line of a person and a module that waits: whoever takes at the same time gets none of them.
pub(crate) async fn take(tx: &mut Tx, user: Uuid, module: &str) -> Result<Vec<Line>> {
    let now = tx.now();
    tx.rows(
        sql!(
            "update digest_lines set sent_at = $3 where user_id = $1 and module = $2 and sent_at is null
             returning id, kind, title, params, link, contact_id as contact, notification_id as notification, created_at"
        ),
        &[&user, &module, &now],
    )
    .await
}

/// Removes lines about a contact.
pub(crate) async fn delete_contact(tx: &mut Tx, contact: Uuid) -> Result<u64> {
    tx.exec(sql!("delete from digest_lines where contact_id = $1"), &[&contact]).await
}

/// Removes lines that lead to one of these places.
pub(crate) async fn delete_links(tx: &mut Tx, links: &[String]) -> Result<u64> {
    tx.exec(sql!("delete from digest_lines where link = any($1)"), &[&links]).await
}

/// Removes what is older than a moment.
pub(crate) async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.exec(
        sql!(
            "delete from digest_lines where ctid = any (array(
               select ctid from digest_lines where created_at < $1 limit 5000))"
        ),
        &[&before],
    )
    .await
}
