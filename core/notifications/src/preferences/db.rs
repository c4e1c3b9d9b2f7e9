//! Statements on preferences.
use super::model::{Choice, PreferenceChange};
use kernel::{Result, Tx, notices::NoticeKind, sql};
use uuid::Uuid;

/// What these people chose about a module.
pub(crate) async fn of_users(tx: &mut Tx, users: &[Uuid], module: &str) -> Result<Vec<Choice>> {
    tx.rows(
        sql!(
            "select user_id, module, kind, channel, enabled from notification_preferences
             where user_id = any ($1) and module = $2"
        ),
        &[&users, &module],
    )
    .await
}

/// Everything a person chose.
pub(crate) async fn of_user(tx: &mut Tx, user: Uuid) -> Result<Vec<Choice>> {
    tx.rows(
        sql!("select user_id, module, kind, channel, enabled from notification_preferences where user_id = $1"),
        &[&user],
    )
    .await
}

/// Sets one preference.
pub(crate) async fn put(tx: &mut Tx, user: Uuid, kind: &NoticeKind, change: &PreferenceChange) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        sql!(
            "insert into notification_preferences (user_id, module, kind, channel, enabled, updated_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict on constraint notification_preferences_pkey do update set enabled = $5, updated_at = $6"
        ),
        &[&user, &kind.module, &kind.key, &change.channel.as_str(), &change.enabled, &now],
    )
    .await
}
