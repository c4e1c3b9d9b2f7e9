//! Statements on what waits for the end of quiet hours.
use crate::notifications::{Notice, NotificationId};
use kernel::{Result, Tx, ids::EventId, sql};
use serde_json::Value;
use uuid::Uuid;

/// Keeps what goes with a notification.
pub(super) async fn insert(tx: &mut Tx, user: Uuid, id: NotificationId, notice: &Notice) -> Result<()> {
    let (now, mail) = (tx.now(), notice.mail.as_ref());
    tx.exec_one(
        sql!(
            "insert into held_notices (notification_id, user_id, gathered, template, data, reply_to, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[
            &id,
            &user,
            &notice.gathered,
            &mail.map(|mail| mail.template.as_str()),
            &mail.map(|mail| &mail.data),
            &mail.and_then(|mail| mail.reply_to.as_ref()),
            &now,
        ],
    )
    .await
}

/// What waits for a person.
pub(super) async fn of_user(tx: &mut Tx, user: Uuid) -> Result<Vec<NotificationId>> {
    tx.values(
        sql!("select notification_id from held_notices where user_id = $1 order by created_at, notification_id"),
        &[&user],
    )
    .await
}

/// Forgets what goes with a notification: its reader knows of it.
pub(crate) async fn forget(tx: &mut Tx, id: NotificationId) -> Result<u64> {
    tx.exec(sql!("delete from held_notices where notification_id = $1"), &[&id]).await
}

kernel::row! {
    /// What waited, with the notification it goes with.
    #[derive(Debug, Clone)]
    pub(super) struct Held {
        pub(super) kind: String,
        pub(super) params: Value,
        pub(super) link: Option<String>,
        pub(super) event_id: Option<EventId>,
        pub(super) contact_id: Option<Uuid>,
        pub(super) dedupe_key: Option<String>,
        pub(super) gathered: bool,
        pub(super) template: Option<String>,
        pub(super) data: Option<Value>,
        pub(super) reply_to: Option<String>,
        /// Whether its reader has neither read it nor put it away or off.
        pub(super) fresh: bool,
    }
}

/// Takes what goes with a notification: whoever takes it at the same time gets nothing.
pub(super) async fn take(tx: &mut Tx, id: NotificationId) -> Result<Option<Held>> {
    tx.opt(
        sql!(
            "delete from held_notices h using notifications n where h.notification_id = $1 and n.id = h.notification_id
             returning n.kind, n.params, n.link, n.event_id, n.contact_id, n.dedupe_key, h.gathered, h.template, h.data, h.reply_to,
               (n.read_at is null and n.archived_at is null and n.snoozed_until is null) as fresh"
        ),
        &[&id],
    )
    .await
}
