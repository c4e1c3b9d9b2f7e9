//! Statements on mutes.
use super::model::{Muted, NotificationMute, NotificationMuteId, record_id};
use crate::notifications::Notice;
use chrono::{DateTime, Utc};
use kernel::{Result, Tx, db::Reference, ids::encode, sql};
use uuid::Uuid;

/// A mute of a contact goes with it when it becomes part of another one; where that one is muted too, it stays.
pub(crate) const CONTACTS: Reference = Reference {
    only: Some("l.record_kind = 'con'"),
    stays: Some(LIKE),
    ..Reference::new("notification_mutes", "record_id", &["id"])
};
/// The same of a company.
pub(crate) const COMPANIES: Reference = Reference { only: Some("l.record_kind = 'com'"), ..CONTACTS };
const LIKE: &str = "exists (select from notification_mutes k \
    where k.user_id = l.user_id and k.record_kind = l.record_kind and k.record_id = $1)";

kernel::row! {
    struct MuteRow {
        id: NotificationMuteId,
        kind: Option<String>,
        record_kind: Option<String>,
        record_id: Option<Uuid>,
        created_at: DateTime<Utc>,
    }
}

impl From<MuteRow> for NotificationMute {
    fn from(row: MuteRow) -> Self {
        let record = row.record_kind.zip(row.record_id).map(|(kind, id)| format!("{kind}_{}", encode(id)));
        NotificationMute { id: row.id, kind: row.kind, record, created_at: row.created_at }
    }
}

/// What a person muted, the newest first.
pub(super) async fn of_user(tx: &mut Tx, user: Uuid) -> Result<Vec<NotificationMute>> {
    let rows: Vec<MuteRow> = tx
        .rows(
            sql!(
                "select id, kind, record_kind, record_id, created_at from notification_mutes where user_id = $1
                 order by created_at desc, id desc limit 1000"
            ),
            &[&user],
        )
        .await?;
    Ok(rows.into_iter().map(NotificationMute::from).collect())
}

/// Adds a mute; false when there is one like it.
pub(super) async fn insert(tx: &mut Tx, user: Uuid, id: NotificationMuteId, what: Muted<'_>) -> Result<bool> {
    let now = tx.now();
    let (kind, record_kind, record_id) = parts(what);
    let added = tx
        .exec(
            sql!(
                "insert into notification_mutes (id, user_id, kind, record_kind, record_id, created_at)
                 values ($1, $2, $3, $4, $5, $6) on conflict do nothing"
            ),
            &[&id, &user, &kind, &record_kind, &record_id, &now],
        )
        .await?;
    Ok(added == 1)
}

/// A person's mute of something.
pub(super) async fn find(tx: &mut Tx, user: Uuid, what: Muted<'_>) -> Result<NotificationMute> {
    let (kind, record_kind, record_id) = parts(what);
    let row: MuteRow = tx
        .row(
            sql!(
                "select id, kind, record_kind, record_id, created_at from notification_mutes
                 where user_id = $1 and (kind = $2 or (record_kind = $3 and record_id = $4))"
            ),
            &[&user, &kind, &record_kind, &record_id],
        )
        .await?;
    Ok(row.into())
}

fn parts(what: Muted<'_>) -> (Option<&str>, Option<&str>, Option<Uuid>) {
    match what {
        Muted::Kind(kind) => (Some(kind), None, None),
        Muted::Record(kind, id) => (None, Some(kind), Some(id)),
    }
}

/// Takes a person's mute away; how many there were.
pub(super) async fn delete(tx: &mut Tx, user: Uuid, id: NotificationMuteId) -> Result<u64> {
    tx.exec(sql!("delete from notification_mutes where user_id = $1 and id = $2"), &[&user, &id]).await
}

/// Who of these hears nothing of a notice.
pub(crate) async fn silenced(tx: &mut Tx, users: &[Uuid], notice: &Notice) -> Result<Vec<Uuid>> {
    // What is meant for somebody by name comes although its record is muted.
    let record = notice.record().filter(|_| !notice.by_name).and_then(record_id);
    tx.values(
        sql!(
            "select distinct user_id from notification_mutes
             where user_id = any ($1) and (kind = $2 or (record_kind = $3 and record_id = $4))"
        ),
        &[&users, &notice.kind.key, &record.map(|(kind, _)| kind), &record.map(|(_, id)| id)],
    )
    .await
}
